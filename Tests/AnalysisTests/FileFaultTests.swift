import Analysis
import EnrollmentTesting
import Experiments
import Foundation
import Testing
import Warehouse
import WarehouseTesting

// Every plan also runs with its files cut off and its columns renamed, in every format: an error that says where, or a check that says what
// is missing; never a result that looks whole.
@Suite struct FileFaultTests {
    static let formats = ["csv", "parquet", "json"]

    private enum Outcome {
        case report(AnalysisReport)
        case refusal(String)
    }

    private func outcome(_ yaml: String, in folder: String, on warehouse: (any Warehouse)? = nil) async throws -> Outcome {
        do {
            return .report(try await analyse(yaml, folder: folder, on: warehouse, prefersTables: warehouse != nil))
        } catch let error as AnalysisError {
            return .refusal("\(error)")
        }
    }

    private func files(of example: ExamplePlan, as format: String) async throws -> (yaml: String, files: [ExamplePlan.File]) {
        format == "csv" ? (example.yaml, try example.files) : try await example.converted(to: format)
    }

    // One line with a place in the plan, and what it is about.
    private func expect(_ refusal: String, names word: String, _ what: String) {
        #expect(refusal.wholeMatch(of: #/line \d+, column \d+: [^\n]+/#) != nil && refusal.contains(word), "\(what): \(refusal)")
    }

    // Lengths that end a file within a row; Parquet is never whole without its end.
    private func cuts(_ bytes: Data, _ path: String) -> [Int] {
        let ends = Array(path.hasSuffix(".json") ? "}\n".utf8 : "\n".utf8)
        let wanted = [0, 1, 4, bytes.count / 10, bytes.count / 2, bytes.count * 9 / 10, bytes.count - 9, bytes.count - 2, bytes.count - 1]
        guard path.hasSuffix(".json") || path.hasSuffix(".csv") else { return wanted }
        return Set(
            wanted.map { length in
                var length = length
                while length > 0, ends.contains(bytes[length - 1]) { length -= 1 }
                return length
            }
        ).sorted()
    }

    @Test(arguments: ExamplePlan.names, formats + ["csv.gz"])
    func `a file that was cut off is said`(_ name: String, _ format: String) async throws {
        let example = try ExamplePlan(name)
        let (yaml, files) = try await files(of: example, as: format)
        guard case .report(let whole) = try await outcome(yaml, in: example.folder) else {
            Issue.record("\(name) does not run as \(format)")
            return
        }
        let original = try await analyse(example.yaml, folder: example.folder)
        #expect(zip(whole.metrics, original.metrics).allSatisfy { zip($0.groups, $1.groups).allSatisfy { close($0.mean, $1.mean) } })
        for file in files {
            let bytes = try Data(contentsOf: URL(filePath: file.path))
            for cut in cuts(bytes, file.path) {
                try bytes.prefix(cut).write(to: URL(filePath: file.path))
                let what = "\(file.name) of \(bytes.count) bytes cut to \(cut)"
                switch try await outcome(yaml, in: example.folder) {
                case .refusal(let text): expect(text, names: file.name, what)
                case .report(let report):
                    // A checksum may be gone and nothing else.
                    if file.path.hasSuffix(".gz"), report.text == whole.text { continue }
                    // Half of a value is a value.
                    #expect(file.path.hasSuffix(".csv"), "\(what)")
                    guard file.path.hasSuffix(".csv") else { continue }
                    #expect(try report.check("ends of files").text.contains(file.name), "\(what)")
                }
            }
            try bytes.write(to: URL(filePath: file.path))
        }
    }

    @Test(arguments: ExamplePlan.names, formats)
    func `a column that was renamed in a file is named`(_ name: String, _ format: String) async throws {
        let example = try ExamplePlan(name)
        let (yaml, files) = try await files(of: example, as: format)
        guard case .report(let whole) = try await outcome(yaml, in: example.folder) else { return }
        let duckdb = try await TestWarehouses.connect("duckdb:")
        var refused = 0
        for file in files {
            let bytes = try Data(contentsOf: URL(filePath: file.path))
            let read: SQL = "FROM \(value: file.path)"
            for column in try await duckdb.query("\(read) LIMIT 0").names {
                // Another name, quotes and all.
                if file.path.hasSuffix(".csv") {
                    var lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
                    lines[0] = Substring(
                        lines[0].split(omittingEmptySubsequences: false) { ",;".contains($0) }
                            .map { $0 == column ? "x" + column : String($0) }.joined(separator: lines[0].contains(";") ? ";" : ","))
                    try Data(lines.joined(separator: "\n").utf8).write(to: URL(filePath: file.path))
                } else {
                    let other = file.path + ".other"
                    let format: SQL = file.path.hasSuffix(".json") ? "json" : "parquet"
                    try await duckdb.execute(
                        "COPY (SELECT * RENAME (\(column: column) AS \(column: "x" + column)) \(read)) TO \(value: other) (FORMAT \(format))"
                    )
                    try Data(contentsOf: URL(filePath: other)).write(to: URL(filePath: file.path))
                }
                let what = "'\(column)' of \(file.name)"
                switch try await outcome(yaml, in: example.folder) {
                case .refusal(let text):
                    refused += 1
                    expect(text, names: "has no column '\(file.source.renames[column] ?? column)'", what)
                case .report(let report):
                    // The plan does not ask for it, or other files of the pattern have it.
                    let gap = report.checks.first { $0.name == "columns of files" }
                    if let gap { #expect(gap.text.contains("\(file.name) has no '\(column)'"), "\(what)") }
                    #expect(gap != nil || report.text == whole.text, "\(what)")
                }
                try bytes.write(to: URL(filePath: file.path))
            }
        }
        #expect(refused > 2)
    }

    @Test(arguments: ExamplePlan.names) func `a column that was renamed in a table is named`(_ name: String) async throws {
        let example = try ExamplePlan(name)
        let tables = try await ExampleTables(example)
        let address = try await tables.database(on: PostgresTestServer.shared.get())
        let chdb = try await TestWarehouses.connect("chdb:")
        let database = try await tables.makeDatabase(in: chdb)
        for (warehouse, yaml, place) in [
            (try await TestWarehouses.connect(address), example.yaml, ""), (chdb, example.yaml(withTablesIn: database), database + "."),
        ] {
            guard case .report(let whole) = try await outcome(yaml, in: example.folder, on: warehouse) else {
                Issue.record("\(name) does not run on \(warehouse.dialect)")
                continue
            }
            var refused = 0
            for table in example.plan.sources.compactMap(\.table?.text).map({ place + $0 }) {
                for column in try await warehouse.query("SELECT * FROM \(table: table) LIMIT 0").names {
                    try await warehouse.execute("ALTER TABLE \(table: table) RENAME COLUMN \(column: column) TO \(column: "x" + column)")
                    switch try await outcome(yaml, in: example.folder, on: warehouse) {
                    case .refusal(let text):
                        refused += 1
                        expect(text, names: "has no column '\(column)'; ", table)
                    case .report(let report): #expect(report.text == whole.text, "\(column) of \(table)")
                    }
                    try await warehouse.execute("ALTER TABLE \(table: table) RENAME COLUMN \(column: "x" + column) TO \(column: column)")
                }
            }
            #expect(refused > 2)
        }
    }
}
