import Console
import Enrollment
import Experiments
import HTTPServer
import HTTPServerTesting
import Testing

private let root = "/api/v1/admin"

@Suite struct TargetingTests {
    private func create(_ client: any TestClient, _ fixture: Fixture, _ key: String, _ targeting: String) async throws -> TestResponse {
        let variants = #"[{"value":"a","weight":1},{"value":"b","weight":1}]"#
        let body = #"{"key":"\#(key)","variants":\#(variants),"targeting":\#(targeting)}"#
        return try await client.post("\(root)/experiments", as: .editor, of: fixture, body)
    }

    private func start(_ client: any TestClient, _ fixture: Fixture, _ key: String, _ targeting: String) async throws {
        let made = try await create(client, fixture, key, targeting)
        try #require(made.status == 201, "\(made.text)")
        try #require(try await client.post("\(root)/experiments/\(key)/start", as: .editor, of: fixture).status == 200)
    }

    private func ask(_ client: any TestClient, _ device: String, _ attributes: String) async throws -> [String: String] {
        let response = try await client.device(device, headers: [("Device-Attributes", attributes)])
        try #require(response.status == 200, "\(response.text)")
        return try response.json([String: String].self)
    }

    @Test func `What a device tells at its first contact decides, for ever, and explain says so`() async throws {
        try await Fixture.both(.empty) { fixture, client async throws in
            try await start(client, fixture, "adults", #"{"age":{"at least":18},"app":{"less than":"5.0"}}"#)
            let told = [
                ("in", #"{"age":18,"app":"4.10.2","x":null}"#, 400), ("in", #"{"age":18,"app":"4.10.2"}"#, 200),
                ("young", #"{"age":17,"app":"4.10.2"}"#, 200), ("new", #"{"age":30,"app":"5.0"}"#, 200), ("silent", "{}", 200),
            ]
            for (device, attributes, status) in told {
                #expect(try await client.device(device, headers: [("Device-Attributes", attributes)]).status == status)
            }
            let first = try await client.values("in")
            #expect(first.count == 1)
            for (device, reason) in [("in", "dealt"), ("young", "not_targeted"), ("new", "not_targeted"), ("silent", "not_targeted")] {
                // What it tells later changes nothing, and is not even looked at.
                #expect(try await ask(client, device, #"{"age":40,"app":"1"}"#) == (device == "in" ? first : [:]))
                #expect(try await client.device(device, headers: [("Device-Attributes", "nonsense")]).status == 200)
                let explained = try await client.get(
                    "\(root)/explain?experiment=adults&device=\(device)", headers: fixture.headers(.viewer)
                ).object()
                #expect(explained["reason"] as? String == reason)
                #expect(explained["counts"] as? Bool == (reason == "dealt"))
            }
            for number in 0..<9 { _ = try await ask(client, "d\(number)", #"{"age":20,"app":"4"}"#) }
            let statistics = try await client.get("/api/v1/statistics").object()
            let adults = try #require((statistics["experiments"] as? [[String: Any]])?.first)
            #expect(adults["devices"] as? Int == 10 && adults["balanced"] as? Bool == true)
            #expect((adults["variants"] as? [[String: Any]])?.map { $0["devices"] as? Int } == [5, 5])
        }
    }

    @Test func `Each door has its own way to tell what is known`() async throws {
        try await Fixture.both(.empty) { fixture, client async throws in
            try await start(client, fixture, "finns", #"{"country":"FI"}"#)
            let long = String(repeating: "x", count: 300)
            let context = #"{"context":{"targetingKey":"one","country":"FI","tags":["a"],"nested":{"a":1},"long":"\#(long)"}}"#
            let flag = try await client.post("/ofrep/v1/evaluate/flags/finns", json: context).object()
            #expect(flag["reason"] as? String == "TARGETING_MATCH" && flag["value"] != nil)
            let body = #"{"attributes":{"id":"two","country":"FI","tags":["a"]}}"#
            let features = try await client.post("/api/eval/any", json: body).object()
            let rule = ((features["features"] as? [String: [String: Any]])?["finns"]?["rules"] as? [[String: Any]])?.first
            #expect(rule?["tracks"] != nil)
            let all = try await client.post("/ofrep/v1/evaluate/flags", json: #"{"context":{"targetingKey":"three","country":"SE"}}"#)
            #expect(try (all.object()["flags"] as? [Any])?.isEmpty == true)
            let other = try await client.post("/ofrep/v1/evaluate/flags/finns", json: #"{"context":{"targetingKey":"three"}}"#).object()
            #expect(other["reason"] as? String == "DISABLED" && other["value"] == nil)
            #expect(try await Set(["one", "two"].asyncMap { try await client.values($0)["finns"] }) == ["a", "b"])
        }
    }

    @Test(arguments: [
        ("nonsense", "byte 2"), (#"["a"]"#, "object"), (#"{"a":[1]}"#, "object"), (#"{"a":{"b":1}}"#, "object"), (#"{"":1}"#, "1 to 64"),
        (#"{"c":"DE","c":"AT"}"#, "another key than 'c'"), (#"{"c":"DE","\u0063":"AT"}"#, "another key than 'c'"),
    ]) func `Attributes of a new device that cannot be read are refused, and it is not enrolled`(_ header: String, _ says: String)
        async throws
    {
        try await Fixture.both { fixture, client async throws in
            let detail = try await client.device("new", headers: [("Device-Attributes", header)]).problem(400)
            #expect(detail.contains(says), "\(detail)")
            #expect(fixture.registry.nextOrdinal == 0)
        }
    }

    @Test(arguments: [
        ("{}", "$.targeting"), (#"{"a":{"above":1}}"#, "$.targeting.a.above"), (#"{"a":{"at least":"new"}}"#, "version"),
        (#"{"a":[1,[2]]}"#, "$.targeting.a[1]"), ("7", "$.targeting"), (#"{"a":[]}"#, "at $.targeting.a: a list has 1"),
        (#"{"a":{"not":[]}}"#, "at $.targeting.a.not: a list has 1"),
        (#"{"b":1,"a":{"at least":1,"at most":0}}"#, "at $.targeting.a: nothing is both at least 1 and at most 0"),
    ]) func `Conditions that cannot be read are refused with the place`(_ targeting: String, _ says: String) async throws {
        try await Fixture.both(.empty) { fixture, client async throws in
            let detail = try await create(client, fixture, "e", targeting).problem(422)
            #expect(detail.contains(says), "\(detail)")
            #expect(fixture.registry.catalogue.experiments.isEmpty)
            // A draft is given no such conditions either.
            #expect(try await create(client, fixture, "e", #"{"a":1}"#).status == 201)
            let body = #"{"variants":[{"value":"a","weight":1},{"value":"b","weight":1}],"targeting":\#(targeting)}"#
            let edited = try await client.put("\(root)/experiments/e", as: .editor, of: fixture, body)
            #expect(try edited.problem(422).contains(says))
        }
    }

    @Test func `An experiment shows whom it is for, as it was given`() async throws {
        try await Fixture.both(.empty) { fixture, client async throws in
            let targeting = #"{"age":{"at least":18,"less than":65},"app":{"at least":"4.2.0"},"country":["DE","AT"],"premium":true}"#
            #expect(try await create(client, fixture, "e", targeting).text.contains(#""targeting":\#(targeting)"#))
        }
    }
}

extension Array {
    fileprivate func asyncMap<Value>(_ body: (Element) async throws -> Value) async rethrows -> [Value] {
        var values: [Value] = []
        for element in self { values.append(try await body(element)) }
        return values
    }
}
