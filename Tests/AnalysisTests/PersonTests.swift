import Analysis
import EnrollmentTesting
import Experiments
import Foundation
import Testing
import Warehouse
import WarehouseTesting

// Persons are counted once, whatever devices they have, and the same on every warehouse.
@Suite(.serialized) struct PersonTests {
    private static let plan = """
        experiment: x
        sources: {seen: {table: seen}, events: {table: paid}, links: {table: links}}
        assignment:
          source: seen
          unit: device
          variant: arm
          control: a
          time: moment
          persons: {source: links, person: person, crossed over: POLICY}
        facts: {money: {source: events, unit: who, value: money, time: moment}}
        metrics: {money: {kind: mean, of: money}, CR: {kind: conversion, of: money}}

        """

    // Ann has a phone (a, first), a tablet without an exposure, and a laptop (b, later); Bob two devices of the same variant;
    // Cy's two of different ones, b first; the rest are devices of nobody. What each paid, on which device or under the own name, and when.
    private static let links = [
        ("ann-phone", "ann"), ("ann-tablet", "ann"), ("ann-laptop", "ann"), ("bob-1", "bob"), ("bob-2", "bob"), ("cy-1", "cy"),
        ("cy-2", "cy"),
    ]
    private static let seen = [
        ("ann-phone", "a", 10), ("ann-laptop", "b", 20), ("bob-1", "b", 10), ("bob-2", "b", 12), ("cy-1", "a", 30), ("cy-2", "b", 5),
        ("x", "a", 1), ("y", "b", 1), ("z", "a", 1), ("w", "b", 1),
    ]
    // The same, and two devices that took a person's name before.
    private static let squatted = seen + [("bob", "a", 1), ("ann", "b", 2)]
    private static let paid = [
        ("ann-tablet", 1, 15), ("ann-laptop", 2, 25), ("ann", 4, 12), ("ann-phone", 8, 9), ("bob-2", 16, 13), ("bob-1", 32, 11),
        ("cy-1", 64, 31), ("cy-2", 128, 6), ("x", 256, 2), ("y", 512, 2), ("stranger", 1024, 2),
    ]

    private static func moment(_ minute: Int) -> String { "2024-01-01 10:\(minute < 10 ? "0" : "")\(minute):00" }

    private static func fill(_ execute: (_ name: String, _ columns: [(String, isNumber: Bool)], _ rows: [String]) async throws -> Void)
        async throws
    {
        try await execute("links", [("device", false), ("person", false)], links.map { "('\($0.0)','\($0.1)')" })
        for (name, rows) in [("seen", seen), ("squatted", squatted)] {
            try await execute(
                name, [("device", false), ("arm", false), ("moment", false)], rows.map { "('\($0.0)','\($0.1)','\(moment($0.2))')" })
        }
        try await execute(
            "paid", [("who", false), ("money", true), ("moment", false)], paid.map { "('\($0.0)',\($0.1),'\(moment($0.2))')" })
    }

    // The sums of money of a and of b, and how many persons and lone devices count in each.
    private static let expected: [(policy: String, sums: [Double], counts: [Int])] = [
        // Ann in a, until her laptop met b at 20: 1 + 4; Cy in b, until 30: 128. Bob 16 + 32.
        ("first touch", [5 + 256, 48 + 128 + 512], [3, 4]),
        ("exclude", [256, 48 + 512], [2, 3]),
        ("intention to treat", [7 + 256, 48 + 128 + 64 + 512], [3, 4]),
    ]

    private static func check(_ warehouse: any Warehouse, _ name: String) async throws {
        for (policy, sums, counts) in expected {
            let report = try await analyse(plan.replacing("POLICY", with: policy), on: warehouse, prefersTables: true)
            #expect(report.units.map(\.count) == counts, "\(name), \(policy)")
            #expect(try report.metric("money").groups.map(\.sum) == sums, "\(name), \(policy)")
            #expect(try report.check("persons who crossed over").text.hasPrefix("2 persons have met several variants"), "\(name)")
            #expect(try report.check("persons who crossed over").text.hasSuffix("(crossed over: \(policy))"))
            #expect(try report.check("sample ratio").text.hasPrefix("a 3, b 4:"), "\(name), \(policy)")
            #expect(try report.check("units without assignment").text.hasPrefix("1 unit has"), "\(name)")
            #expect(try report.check("units of several persons").status == .passed)
            #expect(try report.check("links with gaps").status == .passed)
            #expect(try report.check("duplicates").status == .passed)
            #expect(try report.check("facts before exposure").text.hasPrefix("1 event of money"), "\(name)")
            let others = policy == "exclude" ? ["crossed over: intention to treat"] : ["crossed over: exclude"]
            #expect(try report.metric("money").alternatives.map(\.policy) == others)

            let squatted = plan.replacing("POLICY", with: policy).replacing("table: seen", with: "table: squatted")
            let apart = try await analyse(
                squatted.replacing("person: person", with: "person: person, dealt to: devices"), on: warehouse, prefersTables: true)
            #expect(apart.units.map(\.count) == counts, "\(name), \(policy)")
            #expect(try apart.metric("money").groups.map(\.sum) == sums, "\(name), \(policy)")
            #expect(try apart.check("sample ratio").text.hasPrefix("a 3, b 4:"), "\(name), \(policy)")
            #expect(try apart.check("devices named as persons are").text.hasPrefix("2 devices have a person's id"), "\(name)")
            // Where persons have variants under their own ids, they are what met a first.
            let mixed = try await analyse(squatted, on: warehouse, prefersTables: true)
            #expect(try mixed.check("persons who crossed over").text.hasPrefix("3 persons"), "\(name), \(policy)")
            #expect(!mixed.checks.contains { $0.name == "devices named as persons are" })
        }
    }

    private static func table(on warehouse: any Warehouse, text: String, number: String, time: String, _ end: String = "") async throws {
        try await fill { name, columns, rows in
            let list = columns.map { "\($0.0) \($0.0 == "moment" ? time : $0.isNumber ? number : text)" }.joined(separator: ", ")
            // All of ClickHouse inside the program is one.
            try await warehouse.execute(SQL(uncheckedText: "DROP TABLE IF EXISTS \(name)"))
            try await warehouse.execute(SQL(uncheckedText: "CREATE TABLE \(name) (\(list))\(end)"))
            try await warehouse.execute(SQL(uncheckedText: "INSERT INTO \(name) VALUES \(rows.joined(separator: ","))"))
        }
    }

    @Test func `rows without a unit are told of where only devices are dealt variants too`() async throws {
        let duckdb = try await TestWarehouses.connect("duckdb:")
        try await PersonTests.table(on: duckdb, text: "VARCHAR", number: "DOUBLE", time: "TIMESTAMP")
        try await duckdb.execute("INSERT INTO squatted VALUES (NULL, 'a', '2024-01-01 10:00:00'), (NULL, 'b', '2024-01-01 10:00:00')")
        let plan = PersonTests.plan.replacing("POLICY", with: "intention to treat").replacing("table: seen", with: "table: squatted")
        for dealt in ["anyone", "devices"] {
            let report = try await analyse(
                plan.replacing("person: person", with: "person: person, dealt to: \(dealt)"), on: duckdb, prefersTables: true)
            #expect(try report.check("missing values").text.contains("2 rows have no unit"), "\(dealt)")
        }
    }

    // What is told of rows that lack something, and that the others count as they would without them.
    private static func checkGaps(_ warehouse: any Warehouse, _ name: String) async throws {
        // Two links of no unit, of different persons, are no unit of two persons; and `x` stays nobody's.
        try await warehouse.execute("INSERT INTO links VALUES (NULL, 'dora'), (NULL, 'eve'), ('x', NULL)")
        // Bob has met another variant, and nobody knows when.
        try await warehouse.execute("INSERT INTO seen VALUES ('bob-1', 'a', NULL), ('ann-tablet', 'b', NULL), ('v', 'a', NULL)")
        let time = "2024-01-01 10:03:00"
        try await warehouse.execute(
            """
            INSERT INTO paid VALUES (NULL, 7, \(value: time)), (NULL, NULL, \(value: time)), ('x', NULL, \(value: time)),
            ('stranger', NULL, \(value: time)), ('stranger', 3, NULL)
            """)
        let report = try await analyse(plan.replacing("POLICY", with: "first touch"), on: warehouse, prefersTables: true)
        #expect(report.units.map(\.count) == expected[0].counts, "\(name)")
        #expect(try report.metric("money").groups.map(\.sum) == expected[0].sums, "\(name)")
        #expect(
            try report.check("missing values").text
                == """
                1 unit has no time of exposure; 3 rows of the assignment have no time, and do not say what was met first; \
                2 events of money without a unit, which count for nobody; \
                1 event of money without a value (a 1, b 0), which adds nothing to a sum, but is an event
                """, "\(name)")
        #expect(try report.check("links with gaps").text == "2 links name no unit, 1 link names no person; they are left out", "\(name)")
        #expect(try report.check("units of several persons").status == .passed, "\(name)")
        #expect(try report.check("persons who crossed over").text.hasPrefix("3 persons"), "\(name)")
        #expect(try report.check("units without assignment").text.hasPrefix("1 unit has"), "\(name)")
        // What only strangers did is no fault of the experiment's data.
        let others = try await analyse(
            plan.replacing("POLICY", with: "exclude").replacing("{source: events,", with: "{source: events, where: {who: stranger},"),
            on: warehouse, prefersTables: true)
        #expect(!(try others.check("missing values").text.contains("of money")), "\(name)")
    }

    @Test func `rows that lack a unit, a person or a time are told of`() async throws {
        let duckdb = try await TestWarehouses.connect("duckdb:")
        try await PersonTests.table(on: duckdb, text: "VARCHAR", number: "DOUBLE", time: "TIMESTAMP")
        try await PersonTests.checkGaps(duckdb, "DuckDB")
        let postgres = try await TestWarehouses.connect(try PostgresTestServer.shared.get().makeDatabase())
        try await PersonTests.table(on: postgres, text: "text", number: "integer", time: "timestamp")
        try await PersonTests.checkGaps(postgres, "PostgreSQL")
        let chdb = try await TestWarehouses.connect("chdb:")
        try await PersonTests.table(
            on: chdb, text: "Nullable(String)", number: "Nullable(Float64)", time: "Nullable(DateTime64(3))",
            " ENGINE = MergeTree ORDER BY tuple()")
        try await PersonTests.checkGaps(chdb, "ClickHouse 26")
    }

    @Test func `a person counts once, by each way to count who crossed over`() async throws {
        let duckdb = try await TestWarehouses.connect("duckdb:")
        try await PersonTests.table(on: duckdb, text: "VARCHAR", number: "DOUBLE", time: "TIMESTAMP")
        try await PersonTests.check(duckdb, "DuckDB")
    }

    @Test func `PostgreSQL counts the same persons`() async throws {
        let postgres = try await TestWarehouses.connect(try PostgresTestServer.shared.get().makeDatabase())
        try await PersonTests.table(on: postgres, text: "text", number: "integer", time: "timestamp")
        try await PersonTests.check(postgres, "PostgreSQL")
    }

    @Test func `a ClickHouse cluster counts the same persons`() async throws {
        let cluster = try await ClickHouseTestCluster.shared.value
        try await PersonTests.fill { name, columns, rows in
            let list = columns.map { "\($0.0) \($0.0 == "moment" ? "DateTime" : $0.isNumber ? "Float64" : "String")" }.joined(
                separator: ", ")
            try await cluster.makeTable(name, columns: list, rows: rows)
        }
        try await PersonTests.check(TestWarehouses.connect(cluster.address), "ClickHouse 18.16")
    }

    @Test func `today's ClickHouse counts the same persons`() async throws {
        let chdb = try await TestWarehouses.connect("chdb:")
        try await PersonTests.table(
            on: chdb, text: "String", number: "Float64", time: "DateTime64(3)", " ENGINE = MergeTree ORDER BY tuple()")
        try await PersonTests.check(chdb, "ClickHouse 26")
    }

    @Test func `a unit of two persons is told, and so is what exclusion does to unequal shares`() async throws {
        let duckdb = try await TestWarehouses.connect("duckdb:")
        try await PersonTests.table(on: duckdb, text: "VARCHAR", number: "DOUBLE", time: "TIMESTAMP")
        try await duckdb.execute("INSERT INTO links VALUES ('bob-1', 'robert')")
        let plan = PersonTests.plan.replacing("control: a", with: "control: a\n  weights: {a: 3, b: 4}")
        let report = try await analyse(plan.replacing("POLICY", with: "exclude"), on: duckdb, prefersTables: true)
        #expect(try report.check("units of several persons").text.hasPrefix("1 unit is linked to several persons"))
        #expect(try report.check("persons who crossed over").text.contains("the smaller a variant"))
    }

    @Test func `persons are refused where it cannot be told which variant they met first, or when they did something`() throws {
        let plan = PersonTests.plan.replacing("POLICY", with: "first touch")
        _ = try Plan(yaml: plan)
        for (change, by, message) in [
            ("  time: moment\n  persons", "  persons", "needs the assignment's 'time'"),
            ("  unit: device\n", "", "needs the assignment's 'unit'"),
            ("source: links, person", "source: link, person", "did you mean 'links'?"),
            ("first touch", "last touch", "did you mean 'first touch'?"),
            ("value: money, time: moment", "value: money", "needs its 'time'"),
            ("source: links, person", "source: seen, person", "a source of their own"),
            ("  time: moment\n", "  time: moment\n  in two variants: first\n", "of persons say 'crossed over'"),
        ] {
            let error = #expect(throws: YAMLError.self, "\(by)") { try Plan(yaml: plan.replacing(change, with: by)) }
            #expect(error.map { "\($0)".contains(message) } == true, "\(String(describing: error))")
        }
    }
}
