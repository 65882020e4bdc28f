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

    // Alike but for their bytes: a blank at the end, a capital, an accent that is a character of its own, nothing between quotes, nothing at all.
    private static let alike = ["x", "x ", "X", "\u{e9}", "e\u{301}", "", nil]

    @Test func `segments are told apart by their bytes on every database`() async throws {
        let units = SegmentTests.alike + SegmentTests.alike + SegmentTests.alike
        let cluster = try await ClickHouseTestCluster.shared.value
        for (place, address) in [
            ("DuckDB", "duckdb:"), ("PostgreSQL", try PostgresTestServer.shared.get().makeDatabase()),
            ("ClickHouse 18.16", cluster.address(of: try await cluster.makeDatabase())), ("ClickHouse 26", "chdb:"),
        ] {
            let warehouse = try await TestWarehouses.connect(address)
            var types: (text: SQL, nullable: SQL, time: SQL, end: SQL) = ("varchar", "varchar", "timestamp", "")
            switch warehouse.dialect {
            case .clickHouse: types = ("String", "Nullable(String)", "DateTime", " ENGINE = MergeTree ORDER BY tuple()")
            case .postgreSQL:
                // To a column of this a capital is a small letter.
                try await warehouse.execute(
                    "CREATE COLLATION careless (provider = icu, locale = 'und-u-ks-level2', deterministic = false)")
                types.nullable = "varchar COLLATE careless"
            case .duckDB, .standard: break
            }
            try await warehouse.execute("DROP TABLE IF EXISTS alike")
            try await warehouse.execute(
                """
                CREATE TABLE alike (id \(types.text), arm \(types.text), land \(types.nullable), seen \(types.time), told \(types.time),
                p \(types.text))\(types.end)
                """)
            let rows = units.enumerated().map { number, land -> SQL in
                let text: SQL = land.map { "\(value: $0)" } ?? "NULL"
                let properties = land.map { "{\"land\":\"\($0)\"}" } ?? "{}"
                return """
                    (\(value: "u\(number)"), \(value: number % 2 == 0 ? "a" : "b"), \(text), '2024-01-10 00:00:00', '2024-01-11 00:00:00',
                    \(value: properties))
                    """
            }
            try await warehouse.execute("INSERT INTO alike VALUES \(rows.joined(", "))")
            for (source, segments) in [("", "[land]"), (", properties: p", "{land: {of: visit, by: land}}")] {
                let table = source.isEmpty ? "table: alike" : "query: \"SELECT id, arm, seen, told, p FROM alike\""
                let report = try await analyse(
                    """
                    experiment: x
                    sources: {units: {table: alike}, events: {\(table)\(source)}}
                    assignment: {source: units, unit: id, variant: arm, control: a, time: seen}
                    facts: {visit: {source: events, time: told}}
                    metrics: {visits: {kind: mean, of: visit}}
                    segments: \(segments)
                    """, on: warehouse, prefersTables: true)
                let found = try report.metric("visits").segments
                let values = found.map { Array($0.value.utf8) }
                let expected = ["(missing)", "", "X", "e\u{301}", "x", "x ", "\u{e9}"]
                #expect(values == expected.map { Array($0.utf8) }, "\(place), \(segments): \(found.map(\.value))")
                #expect(found.allSatisfy { $0.groups.reduce(0) { $0 + $1.count } == 3 }, "\(place), \(segments)")
            }
        }
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
