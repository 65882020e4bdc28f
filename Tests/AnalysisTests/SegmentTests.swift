import Analysis
import EnrollmentTesting
import Experiments
import Foundation
import Testing
import Warehouse
import WarehouseTesting

// Twenty metrics in fifty segments come from one scan.
@Suite(.serialized) struct SegmentTests {
    private static let plan = """
        experiment: x
        sources: {units: {table: units}}
        assignment: {source: units, unit: id, variant: arm, control: a}
        facts:
        \((0..<20).map { "  f\($0): {source: units, value: v, where: {k: {at least: \($0)}}}" }.joined(separator: "\n"))
        metrics:
        \((0..<20).map { "  m\($0): {kind: mean, of: f\($0)}" }.joined(separator: "\n"))
        segments: [land, device]
        """

    // More units than whose values are fetched one by one, in 2 × 25 segments.
    private static let rows: SQL = """
        SELECT i AS id, CASE WHEN i % 2 = 0 THEN 'a' ELSE 'b' END AS arm, i % 101 AS v, i % 23 AS k, 'land ' || i % 25 AS land,
            CASE WHEN i % 25 > 0 THEN 'device ' || i % 25 END AS device FROM
        """

    // The one statement that asks for everything, and how many statements there were.
    private static func survey(_ warehouse: any Warehouse) async throws -> (report: AnalysisReport, text: String, count: Int) {
        let session = Session(warehouse)
        let report = try await Analysis(Plan(yaml: plan), folder: "/", session: session, prefersTables: true).run()
        let found = report.statements.filter { $0.purpose == "all metrics by variant and by every segment" }
        return (report, try #require(found.first).text, report.statements.count)
    }

    @Test func `DuckDB scans the units once for all segments of all metrics`() async throws {
        let duckdb = try await TestWarehouses.connect("duckdb:")
        try await duckdb.execute("CREATE TABLE units AS \(SegmentTests.rows) range(120000) AS r(i)")
        let (report, text, count) = try await SegmentTests.survey(duckdb)
        #expect(count <= 4, "\(report.statements.map(\.purpose))")
        let explained = try await duckdb.query(SQL(uncheckedText: "EXPLAIN " + text)).texts("explain_value").compactMap(\.self).joined()
        #expect(explained.components(separatedBy: "Seq Scan").count == 2, "\(explained)")
        let metric = try report.metric("m3")
        #expect(metric.segments.count == 50)
        for (column, value) in [("land", "land 7"), ("device", "device 7"), ("device", "(missing)")] {
            let segment = try #require(metric.segments.first { $0.column == column && $0.value == value })
            let condition: SQL = value == "(missing)" ? "device IS NULL" : "\(column: column) = \(value: value)"
            let own = try await duckdb.query(
                """
                SELECT arm, count(*) AS n, avg(CASE WHEN k >= 3 THEN v ELSE 0 END) AS m FROM units WHERE \(condition) GROUP BY arm ORDER BY arm
                """)
            #expect(try segment.groups.map(\.count) == own.counts("n"))
            #expect(try zip(segment.groups.map(\.mean), own.numbers("m")).allSatisfy { close($0, $1) })
        }
        // The segments of a column are all units, and the units' values are those of the whole.
        let lands = metric.segments.filter { $0.column == "land" }
        #expect(lands.flatMap(\.groups).reduce(0) { $0 + $1.count } == 120_000)
        #expect(close(lands.flatMap(\.groups).reduce(0) { $0 + $1.sum }, metric.groups.reduce(0) { $0 + $1.sum }))
    }

    @Test func `PostgreSQL scans the units once, too`() async throws {
        let server = try PostgresTestServer.shared.get()
        let postgres = try await TestWarehouses.connect(server.makeDatabase())
        try await postgres.execute("CREATE TABLE units AS \(SegmentTests.rows) generate_series(0, 119999) AS r(i)")
        let (report, text, count) = try await SegmentTests.survey(postgres)
        #expect(count <= 4, "\(report.statements.map(\.purpose))")
        // The driver copies what a query gives, which EXPLAIN does not stand for.
        try await postgres.execute(
            """
            CREATE FUNCTION pg_temp.explained(query text) RETURNS SETOF text LANGUAGE plpgsql AS
            $$ BEGIN RETURN QUERY EXECUTE 'EXPLAIN ' || query; END $$
            """)
        let explained = try await postgres.query("SELECT line FROM pg_temp.explained(\(value: text)) AS r(line)").texts("line").compactMap(
            \.self)
        #expect(explained.filter { $0.contains("Scan on gosset_units") }.count == 1, "\(explained)")
        #expect(try report.metric("m3").segments.count == 50)
    }

    @Test func `a segment of too many values is refused`() async throws {
        let duckdb = try await TestWarehouses.connect("duckdb:")
        try await duckdb.execute("CREATE TABLE units AS SELECT i AS id, 'a' AS arm, i AS land, 1 AS v FROM range(100001) AS r(i)")
        let yaml = """
            experiment: x
            sources: {units: {table: units}}
            assignment: {source: units, unit: id, variant: arm, control: a}
            facts: {v: {source: units, value: v}}
            metrics: {v: {kind: mean, of: v}}
            segments: [land]
            """
        let error = await #expect(throws: AnalysisError.self) { try await analyse(yaml, on: duckdb, prefersTables: true) }
        #expect(error?.description.contains("more than 100000 values together") == true, "\(error.map { "\($0)" } ?? "")")
    }
}
