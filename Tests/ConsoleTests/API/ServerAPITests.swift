import Console
import Enrollment
import Experiments
import HTTPServer
import HTTPServerTesting
import Testing

@Suite struct ServerAPITests {
    @Test func `A sound server is healthy and ready`() async throws {
        try await Fixture.both { _, client async throws in
            for path in ["/healthz", "/readyz"] { #expect(try await client.get(path).text == #"{"status":"ok"}"#) }
        }
    }

    @Test func `A server whose registry is closed is healthy but not ready, and still answers known devices`() async throws {
        try await Fixture.both { fixture, client async throws in
            let values = try await client.values("phone")
            fixture.registry.close()
            #expect(try await client.get("/healthz").status == 200)
            _ = try await client.get("/readyz").problem(503)
            #expect(try await client.values("phone") == values)
            let refused = try await client.device("newcomer")
            #expect(refused.headers["Retry-After"] != nil)
            _ = try refused.problem(503)
        }
    }

    @Test func `Metrics are Prometheus text`() async throws {
        try await Fixture.both { _, client async throws in
            for number in 0..<20 { _ = try await client.device("device-\(number)") }
            let text = try await client.get("/metrics").text
            #expect(text.contains("\ngosset_devices 20\n"))
            #expect(text.contains("\ngosset_experiment_devices{experiment=\"price\",variant=\"10\"} 15\n"))
            for line in text.split(separator: "\n") where !line.hasPrefix("#") {
                let parts = line.split(separator: " ")
                #expect(parts.count >= 2 && Double(parts[parts.count - 1]) != nil, "\(line)")
            }
        }
    }

    @Test func `Assets are served with a validator`() async throws {
        try await Fixture.both { _, client async throws in
            for path in ["/assets/console.css", "/assets/live.js", "/assets/swagger-ui-bundle.js", "/assets/icon.svg"] {
                let asset = try await client.get(path)
                #expect(asset.status == 200 && asset.body.count > 100)
                let tag = try #require(asset.headers["ETag"])
                #expect(try await client.get(path, headers: [("If-None-Match", tag)]).status == 304)
            }
        }
    }

    @Test func `A browser is shown errors as pages`() async throws {
        try await Fixture.both { _, client async throws in
            let page = try await client.get("/nowhere", headers: [("Accept", "text/html,*/*")])
            #expect(page.status == 404 && page.text.contains("<h1>Not Found</h1>"))
            _ = try await client.get("/nowhere").problem(404)
        }
    }
}
