import Console
import EffectCheck
import Enrollment
import Foundation
import HTTPServer
import HTTPServerTesting
import Testing

@Suite struct EffectCheckAPITests {
    // A small invented shop in files of its own, and its tests.
    final class Shop: Sendable {
        let service: ShopService
        let tests: [EffectTest]
        private let directory: String

        init() async throws {
            directory = FileManager.default.temporaryDirectory.path + "/gosset-shop-" + UUID().uuidString
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            var plan = SimulationPlan()
            (plan.users, plan.tests, plan.groupSize, plan.lift, plan.kinds) = (4000, 10, 60...120, 0.4, [.price])
            var (users, sales, tests) = (Data(), Data(), Data())
            var simulation = ShopSimulation(plan)
            simulation.run(users: { users += $0 }, sales: { sales += $0 }, tests: { tests += $0 })
            for (name, data) in [("users", users), ("sales", sales), ("tests", tests)] {
                try data.write(to: URL(fileURLWithPath: "\(directory)/\(name)"))
            }
            self.tests = try TestFile(path: directory + "/tests").lines.map(\.test)
            let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
            service = ShopService(ShopReader(users: directory + "/users", sales: directory + "/sales"), rule: .likelier) { _ in
                continuation.finish()
            }
            for await _ in stream {}
        }

        deinit { try? FileManager.default.removeItem(atPath: directory) }

        var options: Console.Options {
            var options = Console.Options()
            options.shop = service
            return options
        }

        static func json(_ test: EffectTest) -> String {
            "{\"test\":{\"group_a_one\":\(test.a1),\"group_a_two\":\(test.a2),\"group_b\":\(test.b)}}"
        }
    }

    @Test func `the plain route answers whether there is an effect, and why in a header`() async throws {
        let shop = try await Shop()
        try await Fixture.both(options: shop.options) { _, client async throws in
            #expect(try await client.get("/ping").text == #"{"status":"ok"}"#)
            for (number, test) in shop.tests.enumerated() where number % 2 == 0 {
                let response = try await client.post("/check_test", json: Shop.json(test))
                #expect(response.status == 200 && response.text == #"{"has_effect":1}"#)
                #expect(response.headers["Effect-Check-Reason"]?.contains("probability") == true)
            }
        }
    }

    @Test func `a body may be the groups alone, or a string of JSON, whatever its type is said to be`() async throws {
        let shop = try await Shop()
        try await Fixture.both(options: shop.options) { _, client async throws in
            let whole = Shop.json(shop.tests[0])
            let bare = String(whole.dropFirst(#"{"test":"#.count).dropLast())
            let texts = [whole, bare].flatMap { [$0, "\"" + $0.replacing("\"", with: "\\\"") + "\""] }
            for text in texts {
                let request = TestRequest("POST", "/check_test", headers: [("Content-Type", "text/plain")], body: Array(text.utf8))
                #expect(try await client.send(request).text == #"{"has_effect":1}"#)
            }
        }
    }

    @Test func `the rich route gives the evidence`() async throws {
        let shop = try await Shop()
        try await Fixture.both(options: shop.options) { _, client async throws in
            let finding = try await client.post("/api/v1/effect-check", json: Shop.json(shop.tests[0])).object()
            #expect(finding["has_effect"] as? Int == 1)
            let probability = try #require(finding["probability"] as? [String: Double])
            #expect(abs(probability.values.reduce(0, +) - 1) < 1e-9)
            #expect(try #require(probability["positive"]) > 0.5)
            let groups = try #require(finding["groups"] as? [String: [String: Any]])
            #expect(groups["group_b"]?["customers"] as? Int == shop.tests[0].b.count)
            for key in ["reason", "p_value", "adjusted", "naive", "between_a", "imbalance", "ids", "belief", "statistics"] {
                #expect(finding[key] != nil, "\(key)")
            }
        }
    }

    @Test func `a customer in A and B is 0 with the reason in the plain route, 422 in the rich one`() async throws {
        let shop = try await Shop()
        try await Fixture.both(options: shop.options) { _, client async throws in
            var test = shop.tests[0]
            test.a1.append(test.b[0])
            let plain = try await client.post("/check_test", json: Shop.json(test))
            #expect(plain.status == 200 && plain.text == #"{"has_effect":0}"#)
            #expect(plain.headers["Effect-Check-Reason"]?.contains("group_b and in a group A") == true)
            let detail = try await client.post("/api/v1/effect-check", json: Shop.json(test)).problem(422)
            #expect(detail.contains("\(test.b[0])"))
        }
    }

    @Test func `what cannot be read is 400 with the place, in both routes`() async throws {
        let shop = try await Shop()
        try await Fixture.both(options: shop.options) { _, client async throws in
            for route in ["/check_test", "/api/v1/effect-check"] {
                let place = try await client.post(route, json: #"{"group_a_one":[1,2],"group_a_two":[1.5],"group_b":[3]}"#).problem(400)
                #expect(place.contains("$.group_a_two[0]"))
                #expect(try await client.post(route, json: "{}").problem(400).contains("group_a_one"))
                let empty = try await client.post(route, json: #"{"group_a_one":[1],"group_a_two":[],"group_b":[3]}"#).problem(400)
                #expect(empty.contains("group_a_two"))
            }
        }
    }

    @Test func `a large test is answered as well`() async throws {
        let shop = try await Shop()
        try await Fixture.both(options: shop.options) { _, client async throws in
            let a = Array(1...20_000)
            let test = EffectTest(a1: a, a2: a.map { $0 + 20_000 }, b: a.map { $0 + 40_000 })
            let finding = try await client.post("/api/v1/effect-check", json: Shop.json(test)).object()
            #expect((finding["ids"] as? [String: Int])?["unknown"] == 60_000)
            #expect(finding["has_effect"] as? Int == 0)
            var text = Shop.json(test)
            text.removeLast(2)
            #expect(try await client.post("/check_test", json: text).problem(400).contains("expected"))
        }
    }

    @Test func `without a shop the check is unavailable and says what to do`() async throws {
        try await Fixture.both { _, client async throws in
            #expect(try await client.get("/ping").problem(503).contains("--shop-users"))
            #expect(try await client.post("/check_test", json: "{}").problem(503).contains("--shop-sales"))
        }
    }

    @Test func `a shop that could not be loaded leaves everything else alone`() async throws {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
        var options = Console.Options()
        options.shop = ShopService(ShopReader(users: "/nowhere/u.csv", sales: "/nowhere/s.csv"), rule: .likelier) { _ in
            continuation.finish()
        }
        for await _ in stream {}
        try await Fixture.both(options: options) { _, client async throws in
            #expect(try await client.get("/ping").problem(503).contains("/nowhere/u.csv: No such file or directory"))
            #expect(try await client.get("/healthz").status == 200)
        }
    }
}
