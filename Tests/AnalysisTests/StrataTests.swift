import Analysis
import EnrollmentTesting
import Experiments
import Foundation
import Statistics
import Testing
import Text
import Warehouse
import WarehouseTesting

// Variants are compared within the strata of a plan, and the same on every warehouse.
@Suite(.serialized) struct StrataTests {
    private static let plan = """
        experiment: x
        sources: {seen: {table: strata_seen}, events: {table: strata_paid}}
        assignment: {source: seen, unit: device, variant: arm, control: a, weights: {a: 743, b: 260}, stratum: epoch}
        facts: {money: {source: events, unit: who, value: money}, visits: {source: events, unit: who, value: visits}}
        metrics:
          money: {kind: mean, of: money}
          CR: {kind: conversion, of: money}
          a visit: {kind: ratio, of: money, per: visits}
        segments: [place]
        decision: {ship on: money}

        """

    private struct Unit {
        let number: Int
        let epoch: Int
        let arm: String
        let place: String
        let money: Int
        let visits: Int
    }

    // 600 while a tenth is dealt b, 400 while half of them are, 3 of an epoch that ended at once; what units pay doubles meanwhile, whatever
    // they were dealt.
    private static let units = (0..<1003).map { number -> Unit in
        let epoch = number < 600 ? 0 : number < 1000 ? 1 : 10
        let isTreated = epoch == 0 ? number % 10 == 3 : number % 2 == 1
        let noise = number * 7919 % 101
        return Unit(
            number: number, epoch: epoch, arm: isTreated && epoch != 10 ? "b" : "a", place: number * 31 % 7 < 3 ? "north" : "south",
            money: (epoch == 0 ? 1 : 2) * (noise < 30 ? 0 : noise), visits: 1 + number * 13 % 5)
    }

    private static func fill(_ execute: (_ name: String, _ columns: [(String, isNumber: Bool)], _ rows: [String]) async throws -> Void)
        async throws
    {
        try await execute(
            "strata_seen", [("device", false), ("arm", false), ("epoch", true), ("place", false)],
            units.map { "('u\($0.number)','\($0.arm)',\($0.epoch),'\($0.place)')" })
        try await execute(
            "strata_paid", [("who", false), ("money", true), ("visits", true)],
            units.filter { $0.money > 0 || $0.number % 2 == 0 }.map { "('u\($0.number)',\($0.money),\($0.visits))" })
    }

    private static func expected(
        _ columns: (Unit) -> [Double], _ measure: Statistics.Measure = .mean(of: 0), where condition: (Unit) -> Bool = { _ in true }
    ) throws -> (strata: Stratification, test: Effect) {
        func moments(_ arm: String, _ epoch: Int) throws -> CoMoments {
            let rows = units.filter { $0.arm == arm && $0.epoch == epoch && condition($0) }.map(columns)
            guard let size = rows.first?.count else { return CoMoments(columns: columns(units[0]).count) }
            return try CoMoments((0..<size).map { column in rows.map { $0[column] } })
        }
        let strata = try Stratification(
            [0, 1, 10].map { try .init(treatment: moments("b", $0), control: moments("a", $0)) })
        return (strata, try strata.effect(on: measure))
    }

    // Of the strata that have two units of both.
    private static func expectedOfShares(_ conversion: (Unit) -> [Double]) throws -> StratifiedProportionTest {
        try StratifiedProportionTest(
            [0, 1].map { epoch in
                let shares = try ["b", "a"].map { arm in
                    let values = units.filter { $0.arm == arm && $0.epoch == epoch }.flatMap(conversion)
                    return try Proportion(successes: values.count { $0 == 1 }, trials: values.count)
                }
                return .init(shares[0], shares[1])
            })
    }

    private static func seen(_ unit: Unit) -> (money: Double, visits: Double) {
        unit.money > 0 || unit.number % 2 == 0 ? (Double(unit.money), Double(unit.visits)) : (0, 0)
    }

    private static func check(_ warehouse: any Warehouse, _ name: String) async throws {
        let report = try await analyse(plan, on: warehouse, prefersTables: true)
        #expect(report.units.map(\.count) == [743, 260], "\(name)")
        let conversions: (Unit) -> [Double] = { [$0.money > 0 || $0.number % 2 == 0 ? 1.0 : 0] }
        let wanted = [
            ("money", try expected { [seen($0).money] }), ("CR", try expected(conversions)),
            ("a visit", try expected({ [seen($0).money, seen($0).visits] }, .ratio(of: 0, to: 1))),
        ]
        for (metric, (strata, means)) in wanted {
            let found = try report.metric(metric).first
            let test: any EstimatingTest = metric == "CR" ? try expectedOfShares(conversions) : means
            #expect(close(found.difference, test.estimate) && close(found.pValue, test.pValue, 1e-7), "\(name), \(metric)")
            let interval = try test.confidenceInterval(level: 0.95, alternative: .twoSided)
            #expect(close(found.interval?.low, interval.low, 1e-8), "\(name), \(metric)")
            let within = try #require(found.withinStrata, "\(name), \(metric)")
            #expect(within.strata == 2 && within.units == 1000 && within.unitsLeftOut == 3 && strata.units == 1000, "\(name)")
            #expect(close(within.treatment - within.control, found.difference, 1e-9))
            #expect(found.test == (metric == "CR" ? "two-proportion z test within strata" : "Welch's t test within strata"))
        }
        // Over all units b's devices, who came later, seem to pay more.
        let money = try report.metric("money")
        #expect(try money.group("b").mean > 1.2 * money.group("a").mean)
        #expect(try abs(money.first.difference) < 0.1 * money.group("a").mean && money.first.pValue > 0.2)
        for place in ["north", "south"] {
            let segment = try #require(money.segments.first { $0.value == place })
            let wanted = try expected({ [seen($0).money] }, where: { $0.place == place })
            #expect(close(segment.comparisons.first?.difference, wanted.test.estimate), "\(name), \(place)")
            #expect(segment.groups.reduce(0) { $0 + $1.count } == units.count { $0.place == place })
        }
        let check = try report.check("strata")
        #expect(check.status == .passed)
        #expect(
            check.text
                == "variants are compared within 2 values of epoch, so that what differs between them is not taken for an effect; up to 3 units "
                + "of others, without two of either variant, are left out")
        // Beside the means of all units stands why the difference is not theirs.
        #expect(report.text.contains("within 2 strata: "), "\(report.text)")
        #expect(report.verdict.text.contains(" in a, compared within each epoch: a difference of "), "\(report.verdict.text)")
        #expect(report.json.description.contains("\"withinStrata\":{\"strata\":2,\"units\":1000,\"unitsLeftOut\":3,\"control\":"))
    }

    private static func table(on warehouse: any Warehouse, text: String, number: String, _ end: String = "") async throws {
        try await fill { name, columns, rows in
            let list = columns.map { "\($0.0) \($0.isNumber ? number : text)" }.joined(separator: ", ")
            try await warehouse.execute(SQL(uncheckedText: "CREATE TABLE \(name) (\(list))\(end)"))
            try await warehouse.execute(SQL(uncheckedText: "INSERT INTO \(name) VALUES \(rows.joined(separator: ","))"))
        }
    }

    private static func duckdb() async throws -> any Warehouse {
        let duckdb = try await TestWarehouses.connect("duckdb:")
        try await table(on: duckdb, text: "VARCHAR", number: "INTEGER")
        return duckdb
    }

    @Test func `variants are compared within strata, and what changes between them is no effect`() async throws {
        try await StrataTests.check(StrataTests.duckdb(), "DuckDB")
    }

    @Test func `PostgreSQL compares within the same strata`() async throws {
        let postgres = try await TestWarehouses.connect(try PostgresTestServer.shared.get().makeDatabase())
        try await StrataTests.table(on: postgres, text: "text", number: "integer")
        try await StrataTests.check(postgres, "PostgreSQL")
    }

    @Test func `a ClickHouse cluster compares within the same strata`() async throws {
        let cluster = try await ClickHouseTestCluster.shared.value
        try await StrataTests.fill { name, columns, rows in
            let list = columns.map { "\($0.0) \($0.isNumber ? "Int64" : "String")" }.joined(separator: ", ")
            try await cluster.makeTable(name, columns: list, rows: rows)
        }
        try await StrataTests.check(TestWarehouses.connect(cluster.address), "ClickHouse 18.16")
    }

    @Test func `today's ClickHouse compares within the same strata`() async throws {
        let chdb = try await TestWarehouses.connect("chdb:")
        try await StrataTests.table(on: chdb, text: "String", number: "Int64", " ENGINE = MergeTree ORDER BY tuple()")
        try await StrataTests.check(chdb, "ClickHouse 26")
    }

    @Test func `quantiles and ranks are of all units, and that is said`() async throws {
        let more = StrataTests.plan.replacing("segments: [place]\n", with: "").replacing(
            "  CR:", with: "  median: {kind: quantile, of: money}\n  CR:")
        let report = try await analyse(more, on: StrataTests.duckdb(), prefersTables: true)
        let check = try report.check("strata")
        #expect(check.status == .warning && check.text.contains("; but median of all units together"), "\(check.text)")
        #expect(try report.metric("median").first.withinStrata == nil && report.metric("money").first.withinStrata != nil)
    }

    @Test func `strata that each lack a variant leave nothing to compare, and that is said`() async throws {
        let report = try await analyse(
            StrataTests.plan.replacing("stratum: epoch", with: "stratum: arm"), on: StrataTests.duckdb(), prefersTables: true)
        #expect(report.verdict.decision == .keepRunning)
        let reason = StatisticsError.noOverlap(argument: "strata").description
        #expect(try report.metric("money").problems.contains { $0.contains(reason) })
    }

    @Test func `a file whose rows are units is compared within strata too`() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("strata-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let rows = StrataTests.units.map { "\($0.arm),\($0.epoch),\($0.money)" }
        try Data(("arm,epoch,money\n" + rows.joined(separator: "\n") + "\n").utf8).write(to: folder.appendingPathComponent("units.csv"))
        let report = try await analyse(
            """
            experiment: x
            sources: {units: units.csv}
            assignment: {source: units, variant: arm, control: a, stratum: epoch}
            facts: {money: {source: units, value: money}}
            metrics: {money: {kind: mean, of: money}}
            """, folder: folder.path)
        #expect(try close(report.metric("money").first.difference, StrataTests.expected { [Double($0.money)] }.test.estimate))
    }

    @Test func `a person counts in the stratum that was met first`() async throws {
        let duckdb = try await TestWarehouses.connect("duckdb:")
        // Each has two devices of one variant, the second a day later, in epoch 1; half of the first ones are of epoch 0.
        try await duckdb.execute(
            """
            CREATE TABLE seen AS SELECT 'd' || i || '-' || k AS device, CASE WHEN i % (CASE WHEN i < 200 THEN 5 ELSE 2 END) = 0 THEN 'b' ELSE 'a' END AS arm,
            CASE WHEN i < 200 AND k = 0 THEN 0 ELSE 1 END AS epoch, TIMESTAMP '2024-01-01' + INTERVAL 1 DAY * k AS moment
            FROM range(400) AS r(i), range(2) AS s(k)
            """)
        try await duckdb.execute(
            "CREATE TABLE links AS SELECT 'd' || i || '-' || k AS device, 'p' || i AS person FROM range(400) AS r(i), range(2) AS s(k)")
        try await duckdb.execute(
            """
            CREATE TABLE paid AS SELECT 'd' || i || '-1' AS who, i * 7919 % 101 + CASE WHEN i < 200 THEN 0 ELSE 100 END AS money,
            TIMESTAMP '2024-02-01' AS moment FROM range(400) AS r(i)
            """)
        let report = try await analyse(
            """
            experiment: x
            sources: {seen: {table: seen}, events: {table: paid}, links: {table: links}}
            assignment:
              {source: seen, unit: device, variant: arm, control: a, time: moment, stratum: epoch, persons: {source: links, person: person}}
            facts: {money: {source: events, unit: who, value: money, time: moment}}
            metrics: {money: {kind: mean, of: money}}
            """, on: duckdb, prefersTables: true)
        func moments(_ arm: String, _ persons: Range<Int>) throws -> CoMoments {
            let of = persons.filter { ($0 % ($0 < 200 ? 5 : 2) == 0) == (arm == "b") }
            return try CoMoments([of.map { Double($0 * 7919 % 101 + ($0 < 200 ? 0 : 100)) }])
        }
        let strata = try Stratification(
            [0..<200, 200..<400].map { try .init(treatment: moments("b", $0), control: moments("a", $0)) })
        let test = try strata.effect(on: .mean(of: 0))
        let found = try report.metric("money").first
        #expect(found.withinStrata?.strata == 2 && found.withinStrata?.units == 400)
        #expect(close(found.difference, test.estimate) && close(found.pValue, test.pValue, 1e-8))
    }
}
