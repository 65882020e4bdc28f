import Console
import Enrollment
import Experiments
import HTTPServer
import HTTPServerTesting
import Testing

@Suite struct OpenFeatureAPITests {
    private func ask(
        _ client: any TestClient, _ key: String? = nil, _ body: String, headers: [(String, String)] = []
    ) async throws -> TestResponse {
        try await client.post("/ofrep/v1/evaluate/flags" + (key.map { "/" + $0 } ?? ""), json: body, headers: headers)
    }

    private func context(_ token: String) -> String { #"{"context":{"targetingKey":"\#(token)","country":"FI","age":7}}"# }

    private typealias Change = @Sendable (inout Experiment, Ordinal) throws(ExperimentError) -> Void

    private func change(_ fixture: Fixture, _ key: String, _ body: @escaping Change) async throws {
        try await fixture.registry.change(actor: "test", action: "change") { catalogue, context in
            try catalogue.change(try ExperimentKey(key)) { experiment throws(ExperimentError) in
                try body(&experiment, context.nextOrdinal)
            }
        }
    }

    @Test func `A flag is what the device is served, typed as the experiment's values are`() async throws {
        try await Fixture.both { _, client async throws in
            for number in 0..<60 {
                let token = "device-\(number)"
                let price = try await ask(client, "price", context(token)).object()
                let color = try await ask(client, "button_color", context(token)).object()
                let values = try await client.values(token)
                #expect(price["value"] as? Int == Int(values["price"] ?? ""))
                #expect(price["variant"] as? String == values["price"])
                #expect(price["reason"] as? String == "SPLIT")
                #expect(price["key"] as? String == "price")
                #expect(color["value"] as? String == values["button_color"])
            }
        }
    }

    @Test func `A device without a value has a variant that nobody can take for one of the experiment's`() async throws {
        try await Fixture.both { fixture, client async throws in
            _ = try await client.device("old")
            let variants = ["none", "(none)", "bank"].map { #"{"value":"\#($0)","weight":1}"# }.joined(separator: ",")
            let body = #"{"key":"offer","variants":[\#(variants)]}"#
            #expect(try await client.post("/api/v1/admin/experiments", as: .editor, of: fixture, body).status == 201)
            #expect(try await client.post("/api/v1/admin/experiments/offer/start", as: .editor, of: fixture).status == 200)
            let flag = try await ask(client, "offer", context("old")).object()
            #expect(flag["reason"] as? String == "DISABLED" && flag["variant"] as? String == "((none))" && flag["value"] == nil)
        }
    }

    @Test func `A winner is static, and without a value the client takes its own`() async throws {
        try await Fixture.both { fixture, client async throws in
            _ = try await ask(client, "price", context("old"))
            try await change(fixture, "price") { experiment, next throws(ExperimentError) in
                try experiment.finish(winner: "50", at: next, now: .now())
            }
            let price = try await ask(client, "price", context("old")).object()
            #expect(price["reason"] as? String == "STATIC")
            #expect(price["value"] as? Int == 50)
            try await change(fixture, "button_color") { experiment, next throws(ExperimentError) in try experiment.pause(at: next) }
            let color = try await ask(client, "button_color", context("late")).object()
            #expect(color["reason"] as? String == "DISABLED")
            #expect(color["variant"] as? String == "none")
            #expect(color["value"] == nil)
            #expect(try await ask(client, "button_color", context("old")).object()["reason"] as? String == "SPLIT")
        }
    }

    @Test func `What cannot be answered has the protocol's code`() async throws {
        try await Fixture.both { fixture, client async throws in
            try await fixture.registry.change(actor: "test", action: "add") { catalogue, context in
                try catalogue.add(
                    Experiment(
                        key: ExperimentKey("draft"), allocation: Allocation([Variant("a", weight: 1), Variant("b", weight: 1)]),
                        created: context.now))
            }
            for (key, body, status, code) in [
                ("nothing", context("a"), 404, "FLAG_NOT_FOUND"), ("draft", context("a"), 404, "FLAG_NOT_FOUND"),
                ("not%20a%20key", context("a"), 404, "FLAG_NOT_FOUND"), ("price", "{", 400, "PARSE_ERROR"),
                ("price", "{}", 400, "TARGETING_KEY_MISSING"), ("price", #"{"context":{"country":"FI"}}"#, 400, "TARGETING_KEY_MISSING"),
                ("price", #"{"context":{"targetingKey":7}}"#, 400, "INVALID_CONTEXT"),
                ("price", #"{"context":{"targetingKey":"a b"}}"#, 400, "INVALID_CONTEXT"),
                ("price", context(String(repeating: "x", count: 257)), 400, "INVALID_CONTEXT"),
            ] {
                let response = try await ask(client, key, body)
                #expect(response.status == status, "\(key) \(body)")
                #expect(try response.object()["errorCode"] as? String == code, "\(key) \(body)")
                #expect(try (response.object()["errorDetails"] as? String)?.isEmpty == false)
                #expect(response.headers["Content-Type"] == "application/json")
            }
            #expect(try await ask(client, nil, "{}").object()["errorCode"] as? String == "TARGETING_KEY_MISSING")
            let latin = Array(#"{"context":{"targetingKey":"u","city":""#.utf8) + [0xE9] + Array(#""}}"#.utf8)
            for path in ["/ofrep/v1/evaluate/flags", "/ofrep/v1/evaluate/flags/price"] {
                let response = try await client.send(
                    TestRequest("POST", path, headers: [("Content-Type", "application/json")], body: latin))
                #expect(try response.status == 400 && response.object()["errorCode"] as? String == "PARSE_ERROR", "\(response.text)")
            }
            // Nothing of that has enrolled a device.
            #expect(fixture.registry.nextOrdinal == 0)
            let form = try await client.send(
                TestRequest("POST", "/ofrep/v1/evaluate/flags", headers: [("Content-Type", "text/plain")], body: Array("x".utf8)))
            #expect(form.status == 400)
        }
    }

    @Test func `All flags have a tag, and are not sent twice`() async throws {
        try await Fixture.both { fixture, client async throws in
            let first = try await ask(client, nil, context("phone"))
            let flags = try #require(try first.object()["flags"] as? [[String: Any]])
            #expect(flags.compactMap { $0["key"] as? String } == ["button_color", "price"])
            let tag = try #require(first.headers["ETag"])
            for known in [tag, "W/" + tag, "\"other\", " + tag, "*"] {
                let again = try await ask(client, nil, context("phone"), headers: [("If-None-Match", known)])
                #expect(again.status == 304)
                #expect(again.headers["ETag"] == tag)
                #expect(again.text.isEmpty)
            }
            #expect(try await ask(client, nil, context("phone"), headers: [("If-None-Match", "\"other\"")]).status == 200)
            try await change(fixture, "price") { experiment, next throws(ExperimentError) in try experiment.finish(at: next, now: .now()) }
            let changed = try await ask(client, nil, context("phone"), headers: [("If-None-Match", tag)])
            #expect(changed.status == 200)
            #expect(try (changed.object()["flags"] as? [[String: Any]])?.count == 1)
        }
    }

    @Test func `Browsers of allowed origins may ask, others not`() async throws {
        var options = Console.Options()
        options.allowedOrigins = AllowedOrigins(["https://shop.example"])
        try await Fixture.both(options: options) { _, client async throws in
            let origin = ("Origin", "https://shop.example")
            let asked = try await client.send(TestRequest("OPTIONS", "/ofrep/v1/evaluate/flags/price", headers: [origin]))
            #expect(asked.status == 204)
            #expect(asked.headers["Access-Control-Allow-Headers"]?.contains("Content-Type") == true)
            #expect(try await ask(client, "price", context("a"), headers: [origin]).headers["Access-Control-Allow-Origin"] == origin.1)
            #expect(try await ask(client, nil, context("a"), headers: [origin]).headers["Access-Control-Expose-Headers"] == "ETag")
            let foreign = try await ask(client, "price", context("a"), headers: [("Origin", "https://else.example")])
            #expect(foreign.headers["Access-Control-Allow-Origin"] == nil)
        }
    }

    @Test(arguments: [
        (["true", "false"], "later", ["true", "false", #""later""#]),
        (["1.5", "-2e3"], "true", ["1.5", "-2e3", #""true""#]),
        (["0.5", "2"], "3", ["0.5", "2.0", "3.0"]),
        (["2", "3"], "0.5", ["2", "3", "0.5"]),
        (["1e400", "1"], "2", [#""1e400""#, #""1""#, #""2""#]),
        ([#"{"a":1}"#, "[2]"], "{", [#"{"a":1}"#, "[2]", #""{""#]),
        (["1", "free"], "2", [#""1""#, #""free""#, #""2""#]),
        (["1", "0x2"], "3", [#""1""#, #""0x2""#, #""3""#]),
        (["#FF0000", "#00FF00"], "true", ["\"#FF0000\"", "\"#00FF00\"", "\"true\""]),
    ])
    func `Values have the type of those that the experiment began with`(first: [String], later: String, json: [String]) async throws {
        var experiment = Experiment(
            key: try ExperimentKey("typed"), allocation: try Allocation(first.map { Variant($0, weight: 1) }), created: .now())
        try experiment.start(at: 0, now: .now())
        let fixture = try await Fixture(try Catalogue([experiment]))
        let client = InProcessClient(fixture.console.router)
        let before = try await (0..<2).asyncMap { try await ask(client, "typed", context("before-\($0)")).text }
        try await change(fixture, "typed") { experiment, next throws(ExperimentError) in
            try experiment.reallocate(Allocation([Variant(first[0], weight: 1), Variant(later, weight: 1)]), at: next, now: .now())
        }
        let after = try await (0..<2).asyncMap { try await ask(client, "typed", context("after-\($0)")).text }
        #expect(try await (0..<2).asyncMap { try await ask(client, "typed", context("before-\($0)")).text } == before)
        for value in json {
            #expect((before + after).contains { $0.contains(#""value":"# + value + "}") }, "\(value) in \(before + after)")
        }
        fixture.registry.close()
    }
}

extension Sequence {
    func asyncMap<Result>(_ transform: (Element) async throws -> Result) async rethrows -> [Result] {
        var results: [Result] = []
        for element in self { results.append(try await transform(element)) }
        return results
    }
}
