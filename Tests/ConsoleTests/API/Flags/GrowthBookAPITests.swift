import Console
import Enrollment
import Experiments
import HTTPServer
import HTTPServerTesting
import Testing

@Suite struct GrowthBookAPITests {
    private func ask(_ client: any TestClient, _ body: String) async throws -> TestResponse {
        try await client.post("/api/eval/sdk-1", json: body)
    }

    private func rule(_ response: TestResponse, _ key: String) throws -> [String: Any] {
        let features = try #require(try response.object()["features"] as? [String: Any])
        let feature = try #require(features[key] as? [String: Any])
        return try #require((feature["rules"] as? [[String: Any]])?.first)
    }

    @Test func `A feature forces the device's value, and carries the exposure`() async throws {
        try await Fixture.both { _, client async throws in
            for number in 0..<20 {
                let response = try await ask(client, #"{"attributes":{"id":"d\#(number)","country":"FI","tags":["a"],"n":1.5}}"#)
                #expect(response.headers["Cache-Control"] == "no-store")
                let values = try await client.values("d\(number)")
                let rule = try rule(response, "price")
                #expect(rule["force"] as? Int == Int(values["price"] ?? ""))
                let track = try #require((rule["tracks"] as? [[String: Any]])?.first)
                let experiment = try #require(track["experiment"] as? [String: Any])
                let result = try #require(track["result"] as? [String: Any])
                #expect(experiment["key"] as? String == "price")
                let variations = try #require(experiment["variations"] as? [Int])
                #expect(variations == [10, 20, 50, 5])
                #expect(variations[try #require(result["variationId"] as? Int)] == rule["force"] as? Int)
                #expect(result["hashValue"] as? String == "d\(number)")
            }
        }
    }

    @Test func `Forced variations are kept to and are no exposure; a winner is none either`() async throws {
        try await Fixture.both { fixture, client async throws in
            #expect(try await ask(client, #"{"attributes":{"id":"tester"}}"#).status == 200)
            let forced = try await ask(client, #"{"attributes":{"id":"tester"},"forcedVariations":{"price":2,"button_color":9}}"#)
            #expect(try rule(forced, "price")["force"] as? Int == 50)
            #expect(try rule(forced, "price")["tracks"] == nil)
            #expect(try rule(forced, "button_color")["tracks"] != nil)
            try await fixture.registry.change(actor: "test", action: "finish") { catalogue, context in
                try catalogue.change(try ExperimentKey("price")) { price throws(ExperimentError) in
                    try price.finish(winner: "5", at: context.nextOrdinal, now: context.now)
                }
            }
            let response = try await ask(client, #"{"attributes":{"id":"tester"}}"#)
            let features = try #require(try response.object()["features"] as? [String: [String: Any]])
            #expect(features["price"]?["defaultValue"] as? Int == 5)
            #expect(features["price"]?["rules"] == nil)
        }
    }

    @Test func `A tester's device that is not known is told what is forced alone, and counts nowhere`() async throws {
        try await Fixture.both { fixture, client async throws in
            let forced = try await ask(client, #"{"attributes":{"id":"tester"},"forcedVariations":{"price":2,"button_color":9,"other":0}}"#)
            let features = try #require(try forced.object()["features"] as? [String: Any])
            #expect(features.keys.sorted() == ["price"])
            #expect(try rule(forced, "price")["force"] as? Int == 50 && rule(forced, "price")["tracks"] == nil)
            #expect(fixture.registry.nextOrdinal == 0 && forced.headers["Cache-Control"] == "no-store")
            // What forces nothing that there is, is nobody's test.
            #expect(try await ask(client, #"{"attributes":{"id":"d"},"forcedVariations":{"button_color":9}}"#).status == 200)
            #expect(fixture.registry.nextOrdinal == 1)
        }
    }

    @Test func `Who was forced by an operator once is no exposure to GrowthBook either`() async throws {
        try await Fixture.both { fixture, client async throws in
            let body = #"{"attributes":{"id":"tester"}}"#
            #expect(try await rule(ask(client, body), "price")["tracks"] != nil)
            try await fixture.registry.change(actor: "test", action: "force and release") { catalogue, _ in
                let unit = fixture.registry.unit(of: try DeviceToken("tester"))
                try catalogue.change(try ExperimentKey("price")) { price throws(ExperimentError) in
                    try price.force(unit, to: "50")
                    try price.release(unit)
                }
            }
            let response = try await ask(client, body)
            #expect(try rule(response, "price")["force"] != nil && rule(response, "price")["tracks"] == nil)
            #expect(try rule(response, "button_color")["tracks"] != nil)
        }
    }

    @Test func `The unit is the attribute that was configured, and must be a device token`() async throws {
        var options = Console.Options()
        options.growthBookAttribute = "deviceId"
        try await Fixture.both(options: options) { fixture, client async throws in
            #expect(try await ask(client, #"{"attributes":{"deviceId":71}}"#).status == 200)
            #expect(fixture.registry.nextOrdinal == 1)
            for (body, status) in [
                (#"{"attributes":{"id":"a"}}"#, 400), ("{}", 400), (#"{"attributes":{"deviceId":"a b"}}"#, 400),
                (#"{"attributes":{"deviceId":null}}"#, 400), (#"{"attributes":[]}"#, 422), ("[", 400),
                (#"{"attributes":{"deviceId":"x"},"forcedVariations":{"price":"a"}}"#, 422),
            ] {
                let response = try await ask(client, body)
                #expect(response.status == status, "\(body)")
                #expect(response.headers["Content-Type"] == "application/problem+json")
            }
            let latin = Array(#"{"attributes":{"deviceId":"u","city":""#.utf8) + [0xE9] + Array(#""}}"#.utf8)
            let bad = try await client.send(
                TestRequest("POST", "/api/eval/x", headers: [("Content-Type", "application/json")], body: latin))
            #expect(bad.status == 400 && bad.text.contains("not UTF-8"))
            #expect(fixture.registry.nextOrdinal == 1)
            let text = try await client.send(TestRequest("POST", "/api/eval/x", headers: [("Content-Type", "text/plain")], body: [1]))
            #expect(text.status == 415)
        }
    }
}
