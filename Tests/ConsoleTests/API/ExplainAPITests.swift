import Console
import Enrollment
import Experiments
import HTTPServer
import HTTPServerTesting
import Testing

@Suite struct ExplainAPITests {
    private func explain(_ query: String, _ fixture: Fixture, _ client: any TestClient) async throws -> TestResponse {
        try await client.get("/api/v1/admin/explain?\(query)", headers: fixture.headers(.viewer))
    }

    @Test func `A device's value is explained by its place in the record`() async throws {
        try await Fixture.both { fixture, client async throws in
            for number in 0..<25 { _ = try await client.device("device-\(number)") }
            let values = try await client.values("device-22")
            let explained = try await explain("experiment=price&device=device-22", fixture, client).object()
            #expect(explained["ordinal"] as? Int == 22)
            #expect(explained["value"] as? String == values["price"])
            #expect(explained["reason"] as? String == "dealt")
            let deal = try #require(explained["deal"] as? [String: Any])
            #expect(
                deal["epoch"] as? Int == 0 && deal["block"] as? Int == 1 && deal["place"] as? Int == 2 && deal["blockSize"] as? Int == 20)
            #expect((explained["firstSeen"] as? String)?.hasSuffix("Z") == true)
        }
    }

    @Test func `Each reason for having no value is told`() async throws {
        try await Fixture.both { fixture, client async throws in
            _ = try await client.device("older")
            let root = "/api/v1/admin/experiments"
            let body = #"{"key":"new","variants":[{"value":"a","weight":1},{"value":"b","weight":1}]}"#
            _ = try await client.post(root, as: .editor, of: fixture, body)
            func reason(_ device: String) async throws -> String? {
                try await explain("experiment=new&device=\(device)", fixture, client).object()["reason"] as? String
            }
            #expect(try await reason("older") == "not_started")
            _ = try await client.post("\(root)/new/start", as: .editor, of: fixture)
            #expect(try await reason("older") == "older_than_experiment")
            _ = try await client.device("in")
            _ = try await client.post("\(root)/new/pause", as: .editor, of: fixture)
            _ = try await client.device("paused")
            #expect(try await reason("paused") == "came_during_pause")
            #expect(try await reason("in") == "dealt")
            _ = try await client.post("\(root)/new/finish", as: .editor, of: fixture)
            #expect(try await reason("in") == "finished")
        }
    }

    @Test func `To ask for an unknown device does not enroll it`() async throws {
        try await Fixture.both { fixture, client async throws in
            _ = try await explain("experiment=price&device=stranger", fixture, client).problem(404)
            _ = try await explain("experiment=nobody&device=stranger", fixture, client).problem(404)
            _ = try await explain("experiment=price", fixture, client).problem(400)
            _ = try await explain("device=stranger", fixture, client).problem(400)
            _ = try await explain("experiment=price&device=a%20b", fixture, client).problem(400)
            #expect(fixture.registry.nextOrdinal == 0)
        }
    }
}
