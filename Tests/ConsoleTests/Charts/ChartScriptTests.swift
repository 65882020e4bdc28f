import Enrollment
import HTTPServer
import HTTPServerTesting
import Testing

@Suite struct ChartScriptTests {
    @Test func `Pages with charts may compile nothing either, and what draws them is served here`() async throws {
        try await Fixture.both { fixture, client async throws in
            let viewer = try await Visitor.signedIn(.viewer, fixture, client)
            for page in ["/", "/plan", "/simulate", "/spending", "/compare", "/effect-check"] {
                let page = try await viewer.get(page)
                #expect(page.headers["Content-Security-Policy"]?.contains("unsafe") == false)
            }
            let page = try await viewer.get("/compare").text
            for script in [#/href="([^"]+\/vega.js)"/#, #/src="([^"]+\/charts.js)"/#] {
                let asset = try await client.get(String(try #require(page.firstMatch(of: script)).1))
                #expect(asset.status == 200 && asset.headers["Content-Type"] == "text/javascript; charset=utf-8")
            }
        }
    }
}
