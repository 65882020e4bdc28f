import Console
import Enrollment
import Events
import Experiments
import HTTPServer
import HTTPServerTesting
import Testing

private let root = "/api/v1/admin/experiments"

@Suite struct ForcedAPITests {
    private func force(_ client: any TestClient, _ fixture: Fixture, _ key: String, _ device: String, _ value: String) async throws
        -> TestResponse
    {
        try await client.put("\(root)/\(key)/forced/\(device)", as: .editor, of: fixture, #"{"value":"\#(value)"}"#)
    }

    private func release(_ client: any TestClient, _ fixture: Fixture, _ key: String, _ device: String) async throws -> TestResponse {
        try await client.send(TestRequest("DELETE", "\(root)/\(key)/forced/\(device)", headers: fixture.headers(.editor)))
    }

    private func explained(_ client: any TestClient, _ fixture: Fixture, _ device: String) async throws -> [String: Any] {
        try await client.get("/api/v1/admin/explain?experiment=price&device=\(device)", headers: fixture.headers(.viewer)).object()
    }

    @Test func `A tester sees a draft before anybody else, through every door`() async throws {
        try await Fixture.both { fixture, client async throws in
            let draft = #"{"key":"new","variants":[{"value":"a","weight":1},{"value":"b","weight":1}]}"#
            #expect(try await client.post(root, as: .editor, of: fixture, draft).status == 201)
            let before = try await client.values("tester")
            let forced = try await force(client, fixture, "new", "tester", "b")
            #expect(forced.status == 200 && !forced.text.contains("tester"))
            // As often as it asks, and also one that nobody saw before.
            #expect(try await force(client, fixture, "new", "stranger%2F1", "a").status == 200)
            for _ in 0..<3 { #expect(try await client.values("tester") == before.merging(["new": "b"]) { $1 }) }
            #expect(try await client.values("stranger/1")["new"] == "a")
            #expect(try await client.values("other")["new"] == nil)
            let context = #"{"context":{"targetingKey":"tester"}}"#
            let flag = try await client.post("/ofrep/v1/evaluate/flags/new", json: context).object()
            #expect(flag["value"] as? String == "b" && flag["reason"] as? String == "STATIC")
            let others = try await client.post("/ofrep/v1/evaluate/flags/new", json: #"{"context":{"targetingKey":"other"}}"#)
            #expect(others.status == 404)
            let features = try await client.post("/api/eval/any", json: #"{"attributes":{"id":"tester"}}"#).object()
            let feature = try #require((features["features"] as? [String: [String: Any]])?["new"])
            #expect(feature["defaultValue"] as? String == "b" && feature["rules"] == nil)
            let log = try await fixture.registry.auditLog(AuditQuery(subject: "new"))
            #expect(log.map(\.action) == ["force value", "force value", "create"])
            #expect(log.allSatisfy { $0.after?.contains("tester") != true })
        }
    }

    @Test func `A forced device is left out of statistics and exposures, also when it was dealt before, and also when it is released`()
        async throws
    {
        try await Fixture.both { fixture, client async throws in
            for number in 0..<20 { _ = try await client.device("device-\(number)") }
            let dealt = try await client.values("device-3")
            let other = dealt["price"] == "20" ? "50" : "20"
            #expect(try await force(client, fixture, "price", "device-3", other).status == 200)
            #expect(try await client.values("device-3") == dealt.merging(["price": other]) { $1 })
            let told = try await explained(client, fixture, "device-3")
            #expect(told["reason"] as? String == "forced" && told["value"] as? String == other && told["counts"] as? Bool == false)
            #expect(try await explained(client, fixture, "device-4")["counts"] as? Bool == true)

            func check() async throws {
                let statistics = try await client.get("/api/v1/statistics").object()
                let experiments = try #require(statistics["experiments"] as? [[String: Any]])
                #expect(experiments.map { $0["devices"] as? Int } == [20, 19])
                #expect(experiments.map { $0["excluded"] as? Int } == [0, 1])
                #expect(experiments.allSatisfy { $0["balanced"] as? Bool == true })
                let batch = try await ExposureSource(fixture.registry).read(0, 100)
                #expect(batch.exposures().count == 39)
                #expect(!batch.exposures().contains { $0.unit == "device-3" && $0.experiment == "price" })
            }
            try await check()
            #expect(try await release(client, fixture, "price", "device-3").status == 200)
            #expect(try await client.values("device-3") == dealt)
            #expect(try await explained(client, fixture, "device-3")["counts"] as? Bool == false)
            try await check()
        }
    }

    @Test func `What cannot be forced is refused with why`() async throws {
        try await Fixture.both { fixture, client async throws in
            #expect(try await force(client, fixture, "price", "d", "free").problem(422).contains("free"))
            #expect(try await force(client, fixture, "nobody", "d", "10").problem(404).contains("nobody"))
            #expect(try await force(client, fixture, "price", "a%20b", "10").problem(422).contains("0x20"))
            _ = try await release(client, fixture, "price", "d").problem(404)
            let viewer = try await client.put("\(root)/price/forced/d", as: .viewer, of: fixture, #"{"value":"10"}"#)
            _ = try viewer.problem(403)
            _ = try await client.post("\(root)/price/finish", as: .editor, of: fixture)
            #expect(try await force(client, fixture, "price", "d", "10").problem(409).contains("finished"))
            let list = try await client.get("\(root)/price/forced", headers: fixture.headers(.viewer)).object()
            #expect((list["forced"] as? [Any])?.isEmpty == true)
        }
    }
}
