import EnrollmentTesting
import Foundation
import HTTPServerTesting
import Testing
import Warehouse
import WarehouseTesting

extension Processes {
    // Several servers of one registry in PostgreSQL: a device does not notice which of them it asks.
    @Suite struct SharedRegistryTests {
        // One of our own: it is stopped while others may need theirs.
        private static let started = Result { try PostgresTestServer() }

        private let postgres: PostgresTestServer
        private let database: String

        init() async throws {
            (postgres, database) = try await onThreads(1) { _ in
                let postgres = try SharedRegistryTests.started.get()
                return (postgres, try postgres.makeDatabase())
            }[0]
        }

        private func start() async throws -> GossetProcess {
            try await GossetProcess(["--registry", database], adminToken: "an-operator-of-this-test")
        }

        @Test func `Devices over two servers are spread exactly`() async throws {
            let (one, other) = (try await start(), try await start())
            let tokens = (0..<600).map { "device-\($0)" }
            async let first = one.assignments(of: Array(tokens[..<300]), connections: 32)
            async let second = other.assignments(of: Array(tokens[300...]), connections: 32)
            let answers = try await first + second
            #expect(answers.counts(of: "button_color") == ["#FF0000": 200, "#00FF00": 200, "#0000FF": 200])
            #expect(answers.counts(of: "price") == ["10": 450, "20": 60, "50": 30, "5": 60])
            // Each is told everything by the other, sooner or later.
            for gosset in [one, other] {
                try await eventually("all devices to be known") { try await gosset.statistics().devices == 600 }
                #expect(try await gosset.statistics(of: "price").counts == [450, 60, 30, 60])
            }
            // The same device is told the same by either, also at once after it was new to the other.
            #expect(try await one.assignments(of: tokens) == answers)
            #expect(try await other.assignments(of: tokens) == answers)
            for number in 0..<20 {
                let fresh = try await one.assignments(of: "fresh-\(number)")
                #expect(try await other.assignments(of: "fresh-\(number)") == fresh)
            }
            // And by a third that starts now.
            try await one.kill()
            let third = try await start()
            #expect(try await third.assignments(of: tokens) == answers)
            try await third.stop()
            try await other.stop()
        }

        @Test func `Results are the same on a server that delivers nothing itself`() async throws {
            let flags = ["--registry", database, "--warehouse", database]
            let folders = [try TemporaryDirectory(), try TemporaryDirectory()]
            let one = try await GossetProcess(data: folders[0].path, flags, adminToken: "an-operator-of-this-test")
            let other = try await GossetProcess(data: folders[1].path, flags, adminToken: "an-operator-of-this-test")
            try await one.admin.create("offer", [("old", 1), ("new", 1)])
            try await one.admin.change("offer", "start")
            let tokens = (0..<100).map { "device-\($0)" }
            _ = try await one.assignments(of: tokens)
            let events = tokens.map { #"{"id":"p","unit":"\#($0)","fact":"purchase","value":\#($0.count)}"# }
            let post = TestRequest(
                "POST", "/api/v1/events", headers: [("Content-Type", "application/json")],
                body: Array("[\(events.joined(separator: ","))]".utf8))
            let taken = try await one.client.send(post)
            #expect(taken.status == 202, "\(taken.text)")
            let headers = [("Authorization", "Bearer \(one.adminToken)"), ("Content-Type", "application/yaml")]
            let plan = "facts: {purchase: {value: value}}\nmetrics: {revenue: {kind: mean, of: purchase}}"
            let put = TestRequest("PUT", "/api/v1/admin/experiments/offer/plan", headers: headers, body: Array(plan.utf8))
            let planned = try await one.client.send(put)
            #expect(planned.status == 204, "\(planned.text)")
            for gosset in [one, other] {
                try await eventually("results", within: 100, every: .seconds(1)) {
                    try await gosset.admin.get("/api/v1/experiments/offer/results").text.contains(#""units":{"old":50,"new":50}"#)
                }
            }
            try await one.stop()
            try await other.stop()
        }

        @Test func `Whoever is deleted through one server is gone from all, with what others still held`() async throws {
            let flags = ["--registry", database, "--warehouse", database]
            let folders = [try TemporaryDirectory(), try TemporaryDirectory()]
            let one = try await GossetProcess(data: folders[0].path, flags, adminToken: "an-operator-of-this-test")
            let other = try await GossetProcess(data: folders[1].path, flags, adminToken: "an-operator-of-this-test")
            let headers = [("Authorization", "Bearer \(one.adminToken)"), ("Content-Type", "application/json")]
            func tell(_ unit: String, _ id: String) async throws {
                let body = Array(#"[{"id":"\#(id)","unit":"\#(unit)","fact":"buy"}]"#.utf8)
                #expect(try await other.client.send(TestRequest("POST", "/api/v1/events", headers: headers, body: body)).status == 202)
            }
            func identify(_ unit: String) async throws {
                let body = Array(#"{"device":"\#(unit)","person":"ann"}"#.utf8)
                #expect(try await other.client.send(TestRequest("POST", "/api/v1/identify", headers: headers, body: body)).status == 200)
            }
            for number in 0..<4 {
                for unit in ["gone-\(number)", "stays-\(number)"] {
                    _ = try await other.assignments(of: unit)
                    try await tell(unit, "first")
                }
                if number > 0 { try await identify("gone-\(number)") }
                try await tell("gone-\(number)", "second")
                // At once, while the other has yet to deliver it and this one to hear of it.
                guard number == 0 || number == 3 else { continue }
                let path = number == 0 ? "units/gone-0" : "persons/ann"
                let told = try await one.admin.delete("/api/v1/admin/\(path)")
                #expect(told.status == 202)
                #expect(told.text.contains(number == 0 ? #""device":true"# : #""devices":3"#), "\(told.text)")
            }
            let warehouse = try await TestWarehouses.connect(database)
            try await eventually("what stays, and nothing else", within: 60) {
                let events = try await warehouse.query("SELECT unit AS u FROM gosset_events").texts("u")
                let exposures = try await warehouse.query("SELECT DISTINCT unit AS u FROM gosset_exposures").texts("u")
                return events.count == 4 && exposures.count == 4 && (events + exposures).allSatisfy { $0?.hasPrefix("stays") == true }
            }
            try await Task.sleep(for: .seconds(3))
            #expect(try await warehouse.query("SELECT unit AS u FROM gosset_events").texts("u").count == 4, "nothing arrives later")
            try await eventually("the other to have let go") { try await other.statistics().devices == one.statistics().devices }
            try await one.stop()
            try await other.stop()
        }

        @Test func `The same new token at both servers at once is one device`() async throws {
            let (one, other) = (try await start(), try await start())
            for round in 1...10 {
                let barrier = Barrier(32)
                let answers = try await onThreads(32) { index in
                    let connection = try (index % 2 == 0 ? one : other).connect()
                    barrier.wait()
                    return try connection.answer(to: "twin-\(round)")
                }
                #expect(Set(answers).count == 1)
            }
            try await eventually("both to know of ten devices") {
                let known = [try await one.statistics().devices, try await other.statistics().devices]
                #expect(known.allSatisfy { $0 <= 10 })
                return known == [10, 10]
            }
        }

        @Test func `A change at one server is in force at the other`() async throws {
            let (one, other) = (try await start(), try await start())
            let older = try await other.assignments(of: "older")
            try await one.admin.create("late", [("a", 1), ("b", 1)])
            try await one.admin.change("late", "start")
            // At once: a device that is new at the other is dealt what was decided at the one.
            #expect(try await other.assignments(of: "newer")["late"] != nil)
            #expect(try await other.assignments(of: "older") == older)
            // Nor need who asks why wait until what the other server met is known here.
            for number in 0..<5 {
                let told = try await one.assignments(of: "asked-\(number)")["late"]
                let why = try await other.admin.get("/api/v1/admin/explain?experiment=late&device=asked-\(number)")
                #expect(try JSON(parsing: why.text)["value"].string == told, "\(why.text)")
            }
            try await one.admin.change("late", "pause")
            #expect(try await other.assignments(of: "too-late")["late"] == nil)
            try await other.admin.change("late", "resume")
            #expect(try await one.assignments(of: "newest")["late"] != nil)
            // Soon: what concerns devices that are known.
            try await one.admin.change("late", "finish", json: "{\"winner\":\"b\"}")
            try await eventually("the end at the other") { try await other.statistics(of: "late").state == "finished" }
            #expect(try await other.assignments(of: "newer")["late"] == "b")
            #expect(try await other.assignments(of: "older") == older)
            // One audit log, whoever made the entries.
            let entries = try JSON(parsing: try await other.admin.get("/api/v1/admin/audit?subject=late").text)["entries"].elements
            #expect(entries.compactMap { $0["action"].string } == ["finish", "resume", "pause", "start", "create"])
            // A token that was taken back is worth nothing at the other either.
            let made = try await one.admin.send("POST", "/api/v1/admin/tokens", json: "{\"name\":\"guest\",\"role\":\"viewer\"}")
            let guest = Operator(client: other.client, token: try JSON(parsing: made.text)["token"].string ?? "")
            try await eventually("the guest to be let in") { try await guest.get("/api/v1/admin/experiments").status == 200 }
            #expect(try await one.admin.delete("/api/v1/admin/tokens/guest").status == 204)
            try await eventually("the guest to be kept out") { try await guest.get("/api/v1/admin/experiments").status == 401 }
        }

        @Test func `A database that goes and comes back`() async throws {
            let (one, other) = (try await start(), try await start())
            try await Outage(of: one).expectRefusalAndRecovery {
                _ = try await onThreads(1) { _ in try self.postgres.stop() }
            } mending: {
                _ = try await onThreads(1) { _ in try self.postgres.start() }
            }
            try await eventually("the other to recover as well") { try await other.client.get("/readyz").status == 200 }
            let devices = try await one.statistics().devices
            try await eventually("the other to know all devices") { try await other.statistics().devices == devices }
            #expect(try await other.statistics() == one.statistics())
        }

        @Test func `A crash of one server loses nothing`() async throws {
            let one = try await start()
            var other = try await start()
            let ledger = Ledger()
            for round in 0..<5 {
                let answered = Counter()
                let victim = other
                _ = try await onThreads(8) { thread in
                    let gosset = thread % 2 == 0 ? one : victim
                    // The victim may be gone already.
                    guard let connection = try? gosset.connect() else { return }
                    for number in 0..<200 {
                        let token = "device-\(round)-\(thread)-\(number)"
                        guard let response = try? connection.send(.device(token)) else { return }
                        guard response.status == 200 else { throw UnexpectedAnswer(response) }
                        ledger.record(response.text, for: token)
                        if answered.next() == 300 { victim.program.signal(SIGKILL) }
                    }
                }
                #expect(try await victim.program.end() == .killed(signal: SIGKILL))
                other = try await start()
                try await other.ask(again: ledger.tokens, ledger)
                try await one.ask(again: ledger.tokens, ledger)
                try #require(ledger.contradictions == [])
            }
            let devices = ledger.tokens.count
            try await eventually("all devices to be known") { try await one.statistics().devices >= devices }
            let statistics = try await one.statistics()
            #expect((devices...devices + 5 * 4).contains(statistics.devices))
            for experiment in statistics.experiments { experiment.expectWholeBlocks() }
        }
    }
}
