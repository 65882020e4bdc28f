import Analysis
import EnrollmentTesting
import Experiments
import Foundation
import Statistics
import Testing
import Warehouse
import WarehouseTesting

// The same plans give the same numbers on every warehouse: DuckDB over files, PostgreSQL, a ClickHouse cluster of 2018, today's ClickHouse.
@Suite(.serialized) struct AgreementTests {
    static let folder = TestWarehouses.package.appending(path: "Examples/elearning").path

    // The tables of the example: columns, the types of PostgreSQL and ClickHouse, and the files.
    private struct Table {
        let name: String
        let files: [String]
        let postgres: String
        let clickHouse: String
    }

    private static let tables = [
        Table(
            name: "groups", files: ["users.csv", "groups_add.csv"], postgres: "id bigint, \"group\" text",
            clickHouse: "id UInt32, group String"),
        Table(name: "logs", files: ["logs.csv"], postgres: "student_id integer", clickHouse: "student_id UInt64"),
        Table(
            name: "payments", files: ["payments.csv"], postgres: "student_id bigint, rev numeric",
            clickHouse: "student_id UInt32, rev Float64"),
        Table(name: "studs", files: ["studs.csv"], postgres: "st_id integer, test_grp text", clickHouse: "st_id UInt32, test_grp String"),
        Table(
            name: "peas", files: ["peas.csv"], postgres: "st_id integer, timest timestamp, correct boolean, subject text",
            clickHouse: "st_id UInt32, timest DateTime, correct UInt8, subject String"),
        Table(
            name: "checks", files: ["checks.csv"], postgres: "st_id integer, sale_time timestamp, money real, subject varchar",
            clickHouse: "st_id UInt64, sale_time DateTime, money Float32, subject Nullable(String)"),
    ]

    // The rows of a table as SQL, dates as databases write them.
    private static func rows(_ table: Table, truth: (true: String, false: String)) throws -> [String] {
        try table.files.flatMap { file in
            try String(contentsOfFile: folder + "/" + file, encoding: .utf8).split(separator: "\n").dropFirst().map { line in
                let values = line.split { ",;".contains($0) }.map { text -> String in
                    if text == "true" { return truth.true }
                    if text == "false" { return truth.false }
                    if Double(text) != nil { return String(text) }
                    if let match = text.wholeMatch(of: /(..)\/(..)\/(..) (..:..)/) {
                        return "'20\(match.3)-\(match.2)-\(match.1) \(match.4):00'"
                    }
                    return "'\(text)'"
                }
                return "(\(values.joined(separator: ",")))"
            }
        }
    }

    private static func report(_ yaml: String, on warehouse: any Warehouse, prefersTables: Bool) async throws -> AnalysisReport {
        try await Analysis(Plan(yaml: yaml), folder: folder, session: Session(warehouse), prefersTables: prefersTables).run()
    }

    // Each plan as it is, and with two segments, and events told by an id.
    static func plans() throws -> [String] {
        try ["payment-page.yaml", "questions.yaml"].flatMap { plan in
            let yaml = try String(contentsOfFile: folder + "/" + plan, encoding: .utf8)
            let label = plan == "questions.yaml" ? "test_grp" : "group"
            let more =
                yaml.replacing("value: rev,", with: "value: rev, id: rev,").replacing("value: money,", with: "value: money, id: subject,")
                + "\nsegments: [\(label), \(label)]\n"
            return [yaml, more]
        }
    }

    private static func compare(_ warehouse: any Warehouse, _ name: String) async throws {
        for plan in try plans() {
            let expected = try await report(plan, on: TestWarehouses.connect("duckdb:"), prefersTables: false)
            let found = try await report(plan, on: warehouse, prefersTables: true)
            #expect(found.verdict.decision == expected.verdict.decision)
            #expect(found.units.map(\.count) == expected.units.map(\.count))
            #expect(found.units.map(\.count).reduce(0, +) > 100)
            for (a, b) in zip(expected.metrics, found.metrics) {
                #expect(a.groups.map(\.count) == b.groups.map(\.count), "\(name) \(a.name)")
                for (x, y) in zip(a.groups, b.groups) {
                    #expect(
                        close(x.mean, y.mean) && close(x.standardDeviation, y.standardDeviation) && close(x.sum, y.sum), "\(name) \(a.name)"
                    )
                }
                #expect(a.comparisons.count == b.comparisons.count)
                for (x, y) in zip(a.comparisons, b.comparisons) {
                    #expect(
                        close(x.statistic, y.statistic) && close(x.pValue, y.pValue) && close(x.difference, y.difference),
                        "\(name) \(a.name)")
                    #expect(close(x.interval?.low, y.interval?.low) && close(x.interval?.high, y.interval?.high), "\(name) \(a.name)")
                }
                #expect(a.notes == b.notes)
                #expect(a.segments.map(\.value) == b.segments.map(\.value), "\(name) \(a.name)")
                for (x, y) in zip(a.segments, b.segments) {
                    #expect(x.column == y.column && x.groups.map(\.count) == y.groups.map(\.count), "\(name) \(a.name)")
                    #expect(zip(x.groups, y.groups).allSatisfy { close($0.mean, $1.mean) }, "\(name) \(a.name)")
                }
            }
            // How often a unit is in two variants does not depend on where it lies.
            #expect(try found.check("units in two variants").text == expected.check("units in two variants").text)
            for check in ["duplicates", "missing values", "impossible values"] {
                #expect(try found.check(check).text == expected.check(check).text)
            }
            #expect(try found.check("sample ratio").text == expected.check("sample ratio").text)
        }
    }

    @Test func `PostgreSQL gives the numbers of DuckDB`() async throws {
        let address = try AgreementTests.databaseOnPostgres(PostgresTestServer.shared.get())
        try await AgreementTests.compare(TestWarehouses.connect(address), "PostgreSQL")
    }

    // A database with the example's tables.
    static func databaseOnPostgres(_ server: PostgresTestServer) throws -> String {
        let address = try server.makeDatabase()
        for table in tables {
            let rows = try rows(table, truth: ("true", "false"))
            try server.run(
                "CREATE TABLE \(table.name) (\(table.postgres)); INSERT INTO \(table.name) VALUES \(rows.joined(separator: ","))",
                in: address)
        }
        return address
    }

    // The same on a cluster.
    static func makeTables(on cluster: ClickHouseTestCluster) async throws {
        for table in tables {
            try await cluster.makeTable(table.name, columns: table.clickHouse, rows: rows(table, truth: ("1", "0")))
        }
    }

    @Test func `a ClickHouse cluster of two shards gives the numbers of DuckDB`() async throws {
        let cluster = try await ClickHouseTestCluster.shared.value
        try await AgreementTests.makeTables(on: cluster)
        try await AgreementTests.compare(TestWarehouses.connect(cluster.address), "ClickHouse 18.16")
    }

    @Test func `today's ClickHouse gives the numbers of DuckDB`() async throws {
        let chdb = try await TestWarehouses.connect("chdb:")
        for table in AgreementTests.tables {
            let rows = try AgreementTests.rows(table, truth: ("1", "0"))
            try await chdb.execute(
                SQL(uncheckedText: "CREATE TABLE \(table.name) (\(table.clickHouse)) ENGINE = MergeTree ORDER BY tuple()"))
            try await chdb.execute(SQL(uncheckedText: "INSERT INTO \(table.name) VALUES \(rows.joined(separator: ","))"))
        }
        try await AgreementTests.compare(chdb, "ClickHouse 26")
    }
}
