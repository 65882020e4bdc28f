import Analysis
import EnrollmentTesting
import Experiments
import Foundation
import Testing
import Warehouse
import WarehouseTesting

// One event of a value that is very large, or very small, ends the results of nothing else, and is taken alike by every database: some
// refuse to compute a square that no double holds.
@Suite(.serialized) struct ExtremeValueTests {
    // What one unit has in a column of its own, where all units have ordinary values otherwise.
    private static let tooLarge = [1.01e120, -1e121, 1e160, 1e200, 1.7e308]
    private static let large = [1e100, -1e119]
    private static let nothing = [0, 9e-101, -1e-160, 1e-200, 1e-300]
    private static let small = [1e-20, 1.1e-100]
    private static let extremes = tooLarge + large + nothing + small
    private static let noNumbers = ["Infinity", "-Infinity", "NaN"]
    private static let columns = (0..<extremes.count + noNumbers.count).map { "x\($0)" }

    private static let plan = """
        experiment: x
        sources: {units: {table: extremes}}
        assignment: {source: units, unit: id, variant: arm, control: a, block: block}
        facts:
          plain: {source: units, value: plain}
        \(columns.map { "  \($0): {source: units, value: \($0)}" }.joined(separator: "\n"))
        metrics:
          plain: {kind: mean, of: plain}
        \(columns.flatMap { x in
            [
                "\(x): {kind: mean, of: \(x)}", "\(x)_adjusted: {kind: mean, of: \(x), covariate: [plain]}",
                "\(x)_covariate: {kind: mean, of: plain, covariate: [\(x)]}", "\(x)_above: {kind: ratio, of: \(x), per: plain}",
                "\(x)_below: {kind: ratio, of: plain, per: \(x)}", "\(x)_ranks: {kind: mean, of: \(x), test: ranks}",
                "\(x)_median: {kind: quantile, of: \(x), probability: 0.5}", "\(x)_capped: {kind: mean, of: \(x), cap: 99 %}",
            ].map { "  " + $0 }
        }.joined(separator: "\n"))
        segments: [land]
        decision: {ship on: plain}
        """

    private static func report(_ address: String) async throws -> AnalysisReport {
        let warehouse = try await TestWarehouses.connect(address)
        let (number, text, end): (SQL, SQL, SQL) =
            switch warehouse.dialect {
            case .clickHouse: ("Float64", "String", " ENGINE = MergeTree ORDER BY tuple()")
            default: ("double precision", "varchar", "")
            }
        let types = columns.map { "\(column: $0) \(number)" as SQL }.joined(", ")
        try await warehouse.execute("DROP TABLE IF EXISTS extremes")
        try await warehouse.execute(
            "CREATE TABLE extremes (id \(text), arm \(text), block \(text), land \(text), plain \(number), \(types))\(end)")
        let rows = (0..<200).map { unit -> SQL in
            let ordinary = Double(1 + unit * 7919 % 101)
            let values = extremes.map { "\(value: unit == 77 ? $0 : ordinary)" as SQL }
            let others = noNumbers.map { name -> SQL in
                guard unit == 77 else { return "\(value: ordinary)" }
                guard warehouse.dialect == .clickHouse else { return "\(value: name)" }
                return SQL(uncheckedText: name.replacing("inity", with: "").lowercased())
            }
            let texts = ["u\(unit)", unit % 2 == 0 ? "a" : "b", "\(unit / 4)", "land \(unit % 3)"].map { "\(value: $0)" as SQL }
            let plain: SQL = "\(value: Double(1 + unit * 31 % 17))"
            return "(\((texts + [plain] + values + others).joined(", ")))"
        }
        // A ClickHouse takes no more than 256 KiB of a statement.
        for start in stride(from: 0, to: rows.count, by: 40) {
            try await warehouse.execute("INSERT INTO extremes VALUES \(rows[start..<start + 40].joined(", "))")
        }
        return try await analyse(plan, on: warehouse, prefersTables: true)
    }

    @Test func `One value that is very large, or very small, is taken alike by every database, and harms nothing else`() async throws {
        let duckDB = try await Self.report("duckdb:")
        #expect(try duckDB.metric("plain").comparisons.count == 1 && duckDB.verdict.decision != .invalid)
        func column(_ value: Double) -> String { "x\(Self.extremes.firstIndex(of: value) ?? 0)" }
        for value in Self.tooLarge {
            let words = "has values too large to be computed with"
            for form in ["", "_adjusted", "_covariate", "_above", "_below", "_ranks", "_median"] {
                let metric = try duckDB.metric(column(value) + form)
                #expect(metric.comparisons.isEmpty && metric.problems.contains { $0.contains(words) }, "\(metric.name) of \(value)")
            }
            #expect(try duckDB.metric(column(value) + "_capped").comparisons.count == (value > 0 ? 1 : 0), "\(value)")
            #expect(try duckDB.check("impossible values").text.contains("1 value of \(column(value)) (a 0, b 1)"), "\(value)")
        }
        for value in Self.large { #expect(try duckDB.metric(column(value)).first.pValue > 0.1, "\(value)") }
        let none = try duckDB.metric(column(0)).group("b")
        for value in Self.nothing + Self.small { #expect(close(try duckDB.metric(column(value)).group("b").mean, none.mean), "\(value)") }
        for address in [
            try PostgresTestServer.shared.get().makeDatabase(), try await ClickHouseTestCluster.shared.value.address, "chdb:",
        ] {
            let found = try await Self.report(address)
            #expect(found.verdict.text == duckDB.verdict.text && found.metrics.map(\.name) == duckDB.metrics.map(\.name), "\(address)")
            for (a, b) in zip(duckDB.metrics, found.metrics) { AgreementTests.compare(a, b, "\(address), \(a.name)") }
            for (a, b) in zip(duckDB.checks, found.checks) { #expect(a.text == b.text, "\(address)") }
        }
    }
}
