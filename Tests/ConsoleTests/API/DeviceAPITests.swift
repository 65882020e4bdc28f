import Console
import Enrollment
import Experiments
import HTTPServer
import HTTPServerTesting
import Testing

@Suite struct DeviceAPITests {
    @Test func `600 devices get exactly the intended shares, each for ever`() async throws {
        try await Fixture.both { _, client async throws in
            var counts: [String: Int] = [:]
            var first: [[String: String]] = []
            for number in 0..<600 {
                let values = try await client.values("device-\(number)")
                for (key, value) in values { counts["\(key)=\(value)", default: 0] += 1 }
                first.append(values)
            }
            #expect(
                counts == [
                    "button_color=#FF0000": 200, "button_color=#00FF00": 200, "button_color=#0000FF": 200,
                    "price=10": 450, "price=20": 60, "price=50": 30, "price=5": 60,
                ])
            for number in stride(from: 0, to: 600, by: 7) {
                #expect(try await client.values("device-\(number)") == first[number])
            }
        }
    }

    @Test func `The answer is plain JSON in the experiments' order, never cached`() async throws {
        try await Fixture.both { _, client async throws in
            let response = try await client.device("phone")
            #expect(response.headers["Content-Type"] == "application/json")
            #expect(response.headers["Cache-Control"] == "no-store")
            #expect(response.text.hasPrefix("{\"button_color\":\"#"))
        }
    }

    @Test func `A change is in the very next answer`() async throws {
        try await Fixture.both { fixture, client async throws in
            let before = try await client.values("phone")
            #expect(before.count == 2)
            try await fixture.registry.change(actor: "test", action: "finish") { catalogue, context in
                try catalogue.change(try ExperimentKey("price")) { price throws(ExperimentError) in
                    try price.finish(winner: "50", at: context.nextOrdinal, now: context.now)
                }
            }
            #expect(try await client.values("phone") == before.merging(["price": "50"]) { $1 })
            #expect(try await client.values("tablet")["price"] == "50")
        }
    }

    @Test func `With more hands than are kept prepared, answers are the same`() async throws {
        let many = try (0..<10).map { number in
            var experiment = Experiment(
                key: try ExperimentKey("e\(number)"),
                allocation: try Allocation(["a", "b", "c"].map { Variant($0, weight: 1) }), created: .now())
            try experiment.start(at: 0, now: .now())
            return experiment
        }
        try await Fixture.both(try Catalogue(many)) { _, client async throws in
            let first = try await client.values("phone")
            #expect(first.count == 10)
            #expect(try await client.values("phone") == first)
        }
    }

    @Test func `The same new token many times at once is one device`() async throws {
        try await Fixture.both { fixture, client async throws in
            let answers = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<64 { group.addTask { try await client.device("twin").text } }
                return try await group.reduce(into: Set<String>()) { $0.insert($1) }
            }
            #expect(answers.count == 1)
            #expect(fixture.registry.nextOrdinal == 1)
        }
    }

    @Test func `A token that breaks a rule gets 400 and enrolls nobody`() async throws {
        try await Fixture.both { fixture, client async throws in
            #expect(try await client.get("/api/v1/experiments").problem(400).contains("Device-Token"))
            #expect(try await client.device("").problem(400).contains("empty"))
            #expect(try await client.device(String(repeating: "x", count: 257)).problem(400).contains("256"))
            #expect(try await client.device("two words").problem(400).contains("0x20"))
            #expect(try await client.device("one", headers: [("Device-Token", "two")]).problem(400).contains("2 times"))
            #expect(fixture.registry.nextOrdinal == 0)
            #expect(try await client.device(String(repeating: "x", count: 256)).status == 200)
        }
    }

    @Test func `A device in no experiment gets an empty object`() async throws {
        try await Fixture.both(.empty) { _, client async throws in
            #expect(try await client.device("phone").text == "{}")
        }
    }

    @Test func `Only other methods than GET and HEAD are refused`() async throws {
        try await Fixture.both { _, client async throws in
            let response = try await client.send(TestRequest("POST", "/api/v1/experiments", headers: [("Device-Token", "phone")]))
            #expect(response.headers["Allow"]?.contains("GET") == true)
            _ = try response.problem(405)
        }
    }

    @Test func `A web page may ask only from an allowed origin`() async throws {
        var options = Console.Options()
        options.allowedOrigins = AllowedOrigins(["https://shop.example"])
        try await Fixture.both(options: options) { _, client async throws in
            let allowed = try await client.device("phone", headers: [("Origin", "https://shop.example")])
            #expect(allowed.headers["Access-Control-Allow-Origin"] == "https://shop.example")
            #expect(allowed.headers["Vary"] == "Origin")
            let foreign = try await client.device("phone", headers: [("Origin", "https://other.example")])
            #expect(foreign.headers["Access-Control-Allow-Origin"] == nil)
            let preflight = try await client.send(
                TestRequest("OPTIONS", "/api/v1/experiments", headers: [("Origin", "https://shop.example")]))
            #expect(preflight.status == 204)
            #expect(preflight.headers["Access-Control-Allow-Headers"] == "Device-Token, Device-Attributes")
        }
        try await Fixture.both { _, client async throws in
            let response = try await client.device("phone", headers: [("Origin", "https://shop.example")])
            #expect(response.headers["Access-Control-Allow-Origin"] == nil)
        }
    }
}
