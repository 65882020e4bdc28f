import Console
import Enrollment
import Experiments
import HTTPServer
import HTTPServerTesting
import Testing

@Suite struct SimulationAPITests {
    private func finished(_ location: String, _ client: any TestClient) async throws -> [String: Any] {
        for _ in 0..<1000 {
            let simulation = try await client.get(location).object()
            if simulation["state"] as? String != "running" { return simulation }
            try await Task.sleep(for: .milliseconds(10))
        }
        Issue.record("the simulation did not end")
        return [:]
    }

    @Test func `600 invented devices are spread exactly and touch nothing real`() async throws {
        try await Fixture.both { fixture, client async throws in
            let before = fixture.registry.revision
            let started = try await client.post("/api/v1/simulations", json: #"{"devices":600}"#)
            #expect(started.status == 202)
            let simulation = try await finished(try #require(started.headers["Location"]), client)
            #expect(simulation["state"] as? String == "done" && simulation["done"] as? Int == 600)
            let experiments = try #require(simulation["experiments"] as? [[String: Any]])
            let counts = experiments.map { ($0["variants"] as? [[String: Any]])?.map { $0["devices"] as? Int } }
            #expect(counts == [[200, 200, 200], [450, 60, 30, 60]])
            #expect(fixture.registry.nextOrdinal == 0)
            #expect(fixture.registry.revision == before)
        }
    }

    @Test func `The form leads to a page with the result`() async throws {
        try await Fixture.both { _, client async throws in
            let posted = try await client.post("/simulate", form: "devices=600")
            #expect(posted.status == 303)
            let location = try #require(posted.headers["Location"])
            _ = try await finished(location.replacing("/simulate/", with: "/api/v1/simulations/"), client)
            let page = try await client.get(location)
            #expect(page.text.contains("600 of 600 devices") && page.text.contains("<td class=\"n devices\">450</td>"))
        }
    }

    @Test func `The number must be within the limit, and too much work is put off`() async throws {
        var options = Console.Options()
        options.simulationLimit = 2_000_000
        try await Fixture.both(options: options) { _, client async throws in
            for devices in ["0", "-1", "2000001"] {
                _ = try await client.post("/api/v1/simulations", json: "{\"devices\":\(devices)}").problem(422)
            }
            _ = try await client.post("/api/v1/simulations", json: #"{"devices":"many"}"#).problem(422)
            for devices in ["many", "", "1.5", "99999999999999999999"] {
                let told = try await client.post("/simulate", form: "devices=\(devices)").problem(400)
                #expect(told == "The number of devices must be a whole number from 1 to 2,000,000.")
            }
            #expect(try await client.post("/simulate", form: "device=1").problem(400).contains("from 1 to 2,000,000"))
            let long = try await client.post("/api/v1/simulations", json: #"{"devices":2000000}"#)
            let location = try #require(long.headers["Location"])
            let refused = try await client.post("/api/v1/simulations", json: #"{"devices":1}"#)
            _ = try refused.problem(429)
            #expect(refused.headers["Retry-After"] != nil)
            #expect(try await client.delete(location).status == 204)
            #expect(try await finished(location, client)["state"] as? String == "cancelled")
            _ = try await client.get("/api/v1/simulations/nobody").problem(404)
        }
    }
}
