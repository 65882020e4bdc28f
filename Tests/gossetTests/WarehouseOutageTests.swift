import EnrollmentTesting
import Foundation
import HTTPServer
import HTTPServerTesting
import Logging
import SeededRandom
import Testing
import Warehouse
import WarehouseTesting

extension Processes {
    // A warehouse that goes away and comes back, under the program itself.
    @Suite struct WarehouseOutageTests {
        @Test func `People are told once that the warehouse is away, and once that it is back, and nothing is lost`() async throws {
            let (data, hook) = (try TemporaryDirectory(), Hook())
            var router = Router()
            router.post("/hook") { request in hook.take(request.body) }
            let receiver = try Server.start(router, logger: .silent)
            defer { Task { await receiver.stop(grace: .seconds(1)) } }
            let postgres = try PostgresTestServer()
            let database = try postgres.makeDatabase()
            let gosset = try await GossetProcess(
                data: data.path,
                ["--warehouse", database, "--warehouse-patience", "1", "--webhook", "http://127.0.0.1:\(receiver.port)/hook"],
                environment: ["GOSSET_WEBHOOK_SECRET": "a-secret-of-this-test"], adminToken: "an-operator-of-this-test")
            var sent = 0
            func send() async throws {
                #expect(try await gosset.client.send(.events(["event-\(sent)"])).status == 202)
                sent += 1
            }
            try await send()
            try await eventually("the first delivery", within: 60) { try await gosset.events()["delivered"].number == 1 }
            for round in 1...2 {
                try postgres.stop()
                for _ in 0..<3 { try await send() }
                try await eventually("word that it is away", within: 60) { hook.taken.count == 2 * round - 1 }
                let metrics = try await gosset.client.get("/metrics").text
                #expect(metrics.contains("\ngosset_warehouse_reachable 0\n"))
                let away = try await gosset.events()["warehouse"]
                let failure = try #require(away["failure"].string)
                #expect(failure.contains("the warehouse") && !failure.contains("127.0.0.1"), "\(failure)")
                #expect(away["failingSince"].string?.isEmpty == false)
                try await send()
                try postgres.start()
                try await eventually("word that it is back", within: 90) { hook.taken.count == 2 * round }
                try await eventually("the rest", within: 60) { try await gosset.events()["delivered"].number == Double(sent) }
            }
            #expect(hook.taken.map { $0.contains("The warehouse is away") } == [true, false, true, false], "\(hook.taken)")
            #expect(hook.taken.map { $0.contains("The warehouse is back") } == [false, true, false, true], "\(hook.taken)")
            // Whoever reads it must not learn the way in.
            #expect(hook.taken.allSatisfy { $0.contains("Events wait") || $0.contains("takes what waited") })
            try await gosset.stop()
            #expect(gosset.log.contains("the warehouse has been away for long"))
            let warehouse = try await TestWarehouses.connect(database)
            #expect(try await warehouse.query("SELECT count(DISTINCT id) AS n FROM gosset_events").counts("n") == [sent])
            #expect(hook.taken.count == 4)
        }

        @Test func `What cannot be a server's warehouse is refused at the start, with what to take`() async throws {
            let data = try TemporaryDirectory()
            let ended = try await GossetProcess.run(["serve", "--port", "0", "--data", data.path, "--warehouse", "chdb:"])
            #expect(ended.ending == .exited(2))
            #expect(ended.errors.contains("--warehouse: chdb:") && ended.errors.contains("duckdb:FILE"), "\(ended.errors)")
        }

        @Test func `The spool's file is small again when a backlog is delivered, and crashes on the way lose nothing`() async throws {
            let data = try TemporaryDirectory()
            let file = data.path + "/events.db"
            func size() throws -> Int { try FileManager.default.attributesOfItem(atPath: file)[.size] as? Int ?? 0 }
            let token = "an-operator-of-this-test"
            // Nobody listens there.
            let away = ["--warehouse", "postgres://gosset@127.0.0.1:1/none"]
            var gosset = try await GossetProcess(data: data.path, away, adminToken: token)
            var sent = 0
            while try await gosset.events()["spool"]["bytes"].number ?? 0 < 24_000_000 {
                let names = (0..<5000).map { "\(sent + $0)-\(String(repeating: "x", count: 60))" }
                #expect(try await gosset.client.send(.events(names)).status == 202)
                sent += names.count
            }
            try await gosset.kill()
            #expect(try size() > 24_000_000)
            var generator = SeededGenerator(seed: .random(in: .min ... .max))
            for _ in 0..<12 {
                gosset = try await GossetProcess(data: data.path, adminToken: token)
                try await Task.sleep(for: .milliseconds(.random(in: 0...400, using: &generator)))
                try await gosset.kill()
            }
            gosset = try await GossetProcess(data: data.path, adminToken: token)
            try await eventually("everything to be delivered", within: 120) { try await gosset.events()["spool"]["bytes"].number == 0 }
            try await eventually("a small file", within: 30) { try size() < 2_000_000 }
            #expect(try await gosset.client.send(.events(["one-more"])).status == 202)
            try await eventually("one more", within: 60) { try await gosset.events()["spool"]["bytes"].number == 0 }
            try await gosset.stop()
            let warehouse = try await TestWarehouses.connect("duckdb:\(data.path)/warehouse.duckdb")
            let found = try await warehouse.query("SELECT count(*) AS n, count(DISTINCT id) AS d FROM gosset_events")
            #expect(try found.counts("n") == [sent + 1] && found.counts("d") == [sent + 1])
        }
    }
}
