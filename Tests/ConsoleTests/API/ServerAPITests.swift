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

    @Test func `What pages load is never asked for again, and also found by pages of another version`() async throws {
        try await Fixture.both { fixture, client async throws in
            let pages = try await [client.get("/docs"), Visitor.signedIn(.viewer, fixture, client).get("/plan")]
            let paths = Set(pages.flatMap { page in page.text.matches(of: #/(?:src|href)="(\/assets\/[^"]+)"/#).map { String($0.1) } })
            #expect(paths.count >= 6)
            for path in paths {
                let asset = try await client.get(path)
                #expect(asset.status == 200 && asset.body.count > 100)
                #expect(asset.headers["Cache-Control"]?.contains("immutable") == true)
                let tag = try #require(asset.headers["ETag"])
                #expect(try await client.get(path, headers: [("If-None-Match", tag)]).status == 304)
                let other = try await client.get("/assets/0/\(path.split(separator: "/")[2])")
                #expect(other.status == 303 && other.headers["Location"] == path)
                #expect(other.headers["Cache-Control"]?.contains("immutable") != true)
            }
            #expect(try await client.get("/assets/0/other.js").status == 404)
        }
    }

    @Test func `A browser is shown errors as pages`() async throws {
        try await Fixture.both { _, client async throws in
            let page = try await client.get("/nowhere", headers: [("Accept", "text/html,*/*")])
            #expect(page.status == 404 && page.text.contains("<h1>Not Found</h1>"))
            _ = try await client.get("/nowhere").problem(404)
            // Java's own client says that it accepts pages, whatever it asks for.
            let java = [("Accept", "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2")]
            _ = try await client.get("/api/v1/experiments", headers: java).problem(400)
            _ = try await client.get("/api/v1/admin/experiments", headers: java).problem(401)
        }
    }
}
