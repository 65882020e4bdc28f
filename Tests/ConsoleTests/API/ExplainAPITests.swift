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

    @Test func `Of an unknown device it is told whether it has a forced value, and when it gets it`() async throws {
        try await Fixture.both { fixture, client async throws in
            let root = "/api/v1/admin/experiments/price"
            #expect(try await client.put("\(root)/forced/tester", as: .editor, of: fixture, #"{"value":"50"}"#).status == 200)
            func told(_ device: String) async throws -> String {
                try await explain("experiment=price&device=\(device)", fixture, client).problem(404)
            }
            #expect(
                try await told("tester").contains("An operator gave it '50', whatever it is dealt: it gets that with its first request"))
            #expect(try await !told("stranger").contains("operator"))
            #expect(try await client.values("tester")["price"] == "50")
            _ = try await client.post("\(root)/finish", as: .editor, of: fixture)
            #expect(try await client.put("\(root)/forced/other", as: .editor, of: fixture, #"{"value":"50"}"#).status == 409)
        }
    }

    @Test func `It is told that a device is a person's, and not whose`() async throws {
        try await Fixture.both { fixture, client async throws in
            for number in 0..<3 { _ = try await client.device("device-\(number)") }
            for device in ["device-1", "tablet", "device-2"] {
                let body = #"{"device":"\#(device)","person":"annabel"}"#
                #expect(try await client.post("/api/v1/identify", as: .backend, of: fixture, body).status == 200)
            }
            func told(_ device: String) async throws -> (link: [String: Any]?, text: String) {
                let answer = try await explain("experiment=price&device=\(device)", fixture, client)
                #expect(!answer.text.contains("annabel"))
                let explained = try answer.object()
                return (explained["link"] as? [String: Any], try #require(explained["explanation"] as? String))
            }
            let nobodys = try await told("device-0")
            #expect(nobodys.link == nil && !nobodys.text.contains("person"))
            let first = try await told("device-1")
            #expect(first.link?["values"] as? String == "device" && first.link?["differs"] as? Bool == false)
            #expect(first.text.contains("as the first that was linked"))
            let alias = try await told("tablet")
            #expect(alias.link?["values"] as? String == "person" && alias.link?["differs"] as? Bool == false)
            #expect(alias.text.contains("is answered as the first that was linked to them: number 2."))
            let crossed = try await told("device-2")
            #expect(crossed.link?["values"] as? String == "device" && crossed.link?["differs"] as? Bool == true)
            #expect(crossed.text.contains("whose first device is number 2, and keeps what it had"))
        }
    }

    @Test func `Why a device does not count is told, also when it is forced no more`() async throws {
        try await Fixture.both { fixture, client async throws in
            _ = try await client.device("tester")
            let forced = "/api/v1/admin/experiments/price/forced/tester"
            let body = Array(#"{"value":"50"}"#.utf8)
            let headers = fixture.headers(.editor) + [("Content-Type", "application/json")]
            #expect(try await client.send(TestRequest("PUT", forced, headers: headers, body: body)).status == 200)
            var explained = try await explain("experiment=price&device=tester", fixture, client).object()
            #expect(explained["counts"] as? Bool == false && explained["reason"] as? String == "forced")
            #expect(try await client.send(TestRequest("DELETE", forced, headers: fixture.headers(.editor))).status == 200)
            explained = try await explain("experiment=price&device=tester", fixture, client).object()
            #expect(explained["counts"] as? Bool == false && explained["reason"] as? String == "dealt")
            #expect((explained["explanation"] as? String)?.contains("It had a forced value once, so it counts for nothing") == true)
        }
    }
}
