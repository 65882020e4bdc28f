import HTTPServer
import HTTPServerTesting
import Testing

@Suite struct ChartFrameTests {
    @Test func `Only the frame may compile, and it may do nothing else`() async throws {
        try await Fixture.both { _, client async throws in
            let frame = try await client.get("/charts/frame")
            #expect(frame.status == 200)
            let policy = try #require(frame.headers["Content-Security-Policy"])
            for rule in ["default-src 'none'", "script-src 'self' 'unsafe-eval'", "frame-ancestors 'self'", "sandbox allow-scripts"] {
                #expect(policy.contains(rule))
            }
            #expect(!policy.contains("allow-same-origin"))
            for page in ["/", "/plan", "/simulate", "/spending"] {
                let page = try await client.get(page)
                #expect(page.headers["Content-Security-Policy"]?.contains("unsafe") == false)
            }
            for script in ["/assets/vega.js", "/assets/charts.js", "/assets/chart-frame.js"] {
                let asset = try await client.get(script)
                #expect(asset.status == 200 && asset.headers["Content-Type"] == "text/javascript; charset=utf-8")
            }
        }
    }
}
