import Analysis
import Experiments
import Foundation
import Testing
import Warehouse
import WarehouseTesting

// Sums over events that are kept must never be seen in what is found, only in how much is read for it.
@Suite struct SettlementTests {
    private static let plan = """
        active: visit
        facts:
          visit:
          purchase: {value: value, minimum: 0}
          yearly: {value: amount, where: {plan: yearly}}
          large: {event: purchase, value: value, where: {value: {at least: 50}}}
        populations: {buyers: {of: purchase, at least: 1}}
        metrics:
          revenue: {kind: mean, of: purchase, covariate: {of: purchase, before: 1 days}}
          visits: {kind: mean, of: visit, window: 2 days}
          per visit: {kind: ratio, of: purchase, per: visit}
          yearly: {kind: mean, of: yearly}
          large: {kind: mean, of: large, window: 1 days}
          conversion: {kind: conversion, of: purchase}
        segments: {platform: {of: visit}, plan: {of: yearly}}
        """

    private struct World {
        let warehouse: any Warehouse
        var seed: UInt64
        var now = 1_800_000_000_000_000
        var key = 0
        var exposed: [Int] = []
        var excluded: [Ordinal] = []

        init(_ seed: UInt64) async throws {
            (self.seed, warehouse) = (seed, try await TestWarehouses.connect("duckdb:"))
            try await warehouse.execute(
                """
                CREATE TABLE gosset_events (key BIGINT, id VARCHAR, unit VARCHAR, fact VARCHAR, value DOUBLE, time TIMESTAMP,
                received TIMESTAMP, claimed TIMESTAMP, properties VARCHAR)
                """)
            try await warehouse.execute(
                """
                CREATE TABLE gosset_exposures (ordinal BIGINT, unit VARCHAR, experiment VARCHAR, variant VARCHAR, time TIMESTAMP, epoch BIGINT,
                block BIGINT)
                """)
            try await warehouse.execute("CREATE TABLE gosset_links (number BIGINT, unit VARCHAR, person VARCHAR, time TIMESTAMP)")
            for _ in 0..<40 { try await expose(next(300)) }
            try await tell(200)
        }

        mutating func next(_ count: Int) -> Int {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(seed >> 33) % count
        }

        mutating func expose(_ unit: Int) async throws {
            guard !exposed.contains(unit) else { return }
            exposed.append(unit)
            try await warehouse.execute(
                """
                INSERT INTO gosset_exposures VALUES (\(value: exposed.count), \(value: "unit-\(unit)"), 'x', \(value: next(2) == 0 ? "a" : "b"),
                make_timestamp(\(value: now + next(1000))), 0, \(value: exposed.count / 2))
                """)
        }

        // Values are quarters, so that no order of addition rounds them.
        mutating func tell(_ count: Int, received: Int? = nil) async throws {
            var rows: [SQL] = []
            for _ in 0..<count {
                now += next(3) * 1000
                key += 1
                let fact = ["visit", "purchase", "yearly", "other"][next(4)]
                let properties = [
                    #"{"platform":"ios"}"#, #"{"platform":"android","plan":"yearly","amount":\#(next(9))}"#,
                    #"{"plan":"yearly","amount":"none"}"#, #"{"plan":"monthly","amount":3}"#,
                ][next(4)]
                let value: SQL = next(6) == 0 ? "NULL" : "\(value: Double(next(400)) / 4 - 5)"
                rows.append(
                    """
                    (\(value: key * 2_654_435_761), \(value: "\(key)"), \(value: "unit-\(next(300))"), \(value: fact), \(value),
                    make_timestamp(\(value: now - 43_200_000_000 + next(86_400) * 1_000_000)), make_timestamp(\(value: received ?? now)), NULL,
                    \(value: properties))
                    """)
            }
            guard !rows.isEmpty else { return }
            try await warehouse.execute("INSERT INTO gosset_events VALUES \(rows.joined(", "))")
        }

        // Whatever may happen to the tables between two analyses.
        mutating func go() async throws -> String {
            switch next(12) {
            case 0:
                let unit = next(300)
                exposed.removeAll { $0 == unit }
                for table in ["gosset_events", "gosset_exposures"] {
                    try await warehouse.execute("DELETE FROM \(table: table) WHERE unit = \(value: "unit-\(unit)")")
                }
                return "a unit is erased"
            case 1:
                try await warehouse.execute("DELETE FROM gosset_events WHERE received < make_timestamp(\(value: now - 300_000))")
                return "old events are deleted"
            case 2:
                try await tell(3, received: now - next(100_000))
                return "a clock went back"
            case 3:
                try await warehouse.execute("DELETE FROM gosset_events WHERE key = (SELECT min(key) FROM gosset_events)")
                try await tell(1, received: now - 200_000)
                return "one event is in the place of another"
            case 4:
                excluded = next(2) == 0 ? [] : [Ordinal(1 + next(20))]
                return "others count for nothing"
            case 5:
                guard let unit = exposed.first else { return "nothing" }
                try await warehouse.execute(
                    "UPDATE gosset_exposures SET time = time - INTERVAL 6 HOURS WHERE unit = \(value: "unit-\(unit)")")
                return "a unit was exposed earlier"
            case 6...8:
                for _ in 0..<next(8) { try await expose(next(300)) }
                return "units are exposed"
            default:
                try await tell(next(60))
                return "events arrive"
            }
        }

        func analysis(_ settlement: Settlement?) throws -> Analysis {
            let live = try LivePlan(SettlementTests.plan, values: ["a", "b"])
            let weights = ["a", "b"].map { Plan.Weight(variant: $0, weight: 1) }
            let plan = try live.plan(of: try ExperimentKey("x"), weights: weights, excluding: excluded, isAlwaysValid: false)
            return Analysis(plan, folder: "/", session: Session(warehouse), prefersTables: true, settlement: settlement)
        }

        func settle(_ settlement: Settlement) async throws {
            let analysis = try analysis(settlement)
            try await warehouse.execute("BEGIN")
            try await analysis.settle()
            try await analysis.session.dropTables()
            try await warehouse.execute("COMMIT")
        }

        // The table of units that an analysis made, and what it said.
        func units(_ settlement: Settlement?) async throws -> (table: String, made: String, checks: [String], session: Session) {
            let analysis = try analysis(settlement)
            let report = try await analysis.report([.init(method: analysis.plan.method, withCourses: true)])[0]
            let made = try #require(await analysis.session.statements.last { $0.purpose == "one row a unit" }).text
            let table = String(try #require(made.firstMatch(of: /TABLE "(gosset_units\w*)"/)).1)
            return (table, made, report.checks.map { "\($0.name): \($0.status)" }, analysis.session)
        }
    }

    @Test(arguments: [0, 1, 2, 4, 5, 6] as [UInt64])
    func `With sums that are kept, the same is found as without, whatever happens to the tables`(_ seed: UInt64) async throws {
        var world = try await World(seed * 7919 + 1)
        let settlement = Settlement(ofLiveEvents: "gosset_settled_78", least: seed < 4 ? 150 : 10, share: seed % 2 == 0 ? 16 : 3)
        var (used, earlier) = (0, 0)
        var history: [String] = []
        for _ in 0..<20 {
            if world.next(3) > 0 { try await world.settle(settlement) }
            history.append(try await world.go())
            if world.next(3) == 0 { try await world.settle(settlement) }
            let (plain, kept) = (try await world.units(Settlement(ofLiveEvents: "nothing_kept")), try await world.units(settlement))
            used += kept.made.contains("gosset_settled_78_") ? 1 : 0
            earlier += kept.made.contains("\"g_received\" < make_timestamp(") ? 1 : 0
            let differing: SQL = """
                SELECT count(*) AS n FROM ((SELECT * FROM \(column: plain.table) EXCEPT ALL SELECT * FROM \(column: kept.table))
                UNION ALL (SELECT * FROM \(column: kept.table) EXCEPT ALL SELECT * FROM \(column: plain.table)))
                """
            #expect(try await world.warehouse.query(differing).counts("n") == [0], "\(history)")
            #expect(plain.checks == kept.checks, "\(history)")
            for session in [plain.session, kept.session] { try await session.dropTables() }
        }
        // Or nothing was tested.
        #expect(used > 3 && earlier > 0, "\(history)")
    }

    @Test func `Only events that came since are read again, and units that came since`() async throws {
        var world = try await World(5)
        let settlement = Settlement(ofLiveEvents: "gosset_settled_78", least: 150)
        try await world.settle(settlement)
        let first = try await world.units(settlement)
        #expect(first.made.contains("gosset_settled_78_1") && first.made.contains("\"g_received\" >= make_timestamp("))
        #expect(!first.made.contains("\"g_received\" < make_timestamp("))
        // Nothing was heard of it.
        try await world.expose(301)
        #expect(try await !world.units(settlement).made.contains("\"g_received\" < make_timestamp("))
        let heard = try await world.warehouse.query(
            "SELECT g_unit AS u, epoch_us(g_since) AS s FROM gosset_settled_78_1_heard ORDER BY g_since DESC LIMIT 1")
        let (unit, since) = (try #require(try heard.texts("u")[0]), Int(try #require(try heard.numbers("s")[0])))
        try await world.expose(try #require(Int(unit.dropFirst("unit-".count))))
        let second = try await world.units(settlement)
        #expect(second.made.contains("\"g_received\" >= make_timestamp(\(since)) AND \"g_received\" < make_timestamp("))
        // Little is new: nothing is written.
        try await world.settle(settlement)
        #expect(try await world.units(settlement).made.contains("gosset_settled_78_1"))
        try await world.tell(100)
        try await world.settle(settlement)
        #expect(try await world.units(settlement).made.contains("gosset_settled_78_2"))
        let tables = try await world.warehouse.query(
            "SELECT table_name AS t FROM duckdb_tables() WHERE starts_with(table_name, 'gosset_settled') ORDER BY t")
        #expect(try tables.texts("t") == ["gosset_settled_78", "gosset_settled_78_2", "gosset_settled_78_2_heard"])
    }

    @Test func `Units that had events and were not exposed are not kept if they are many; then all events of new units are read`()
        async throws
    {
        var world = try await World(5)
        let settlement = Settlement(ofLiveEvents: "gosset_settled_78", least: 10)
        for unit in 301...302 {
            try await world.settle(settlement)
            let tables = try await world.warehouse.query(
                "SELECT count(*) AS n FROM duckdb_tables() WHERE starts_with(table_name, 'gosset_settled') AND ends_with(table_name, 'heard')"
            )
            #expect(try tables.counts("n") == [0])
            try await world.expose(unit)
            #expect(try await world.units(settlement).made.contains("\"g_received\" < make_timestamp("))
            try await world.tell(100)
        }
    }

    @Test func `Few events are not kept sums of`() async throws {
        let world = try await World(6)
        let settlement = Settlement(ofLiveEvents: "gosset_settled_78")
        try await world.settle(settlement)
        #expect(try await !world.units(settlement).made.contains("gosset_settled"))
        let tables = try await world.warehouse.query(
            "SELECT count(*) AS n FROM duckdb_tables() WHERE starts_with(table_name, 'gosset_settled')")
        #expect(try tables.counts("n") == [0])
    }
}
