internal import EnrollmentTesting
package import Experiments
internal import Foundation
package import Warehouse

/// One of the plans that lie in `Examples` and in `Tests/Plans`, with its data, in a folder of its own where a test may spoil them, and that
/// goes when nobody holds it any more.
package final class ExamplePlan: Sendable {
    /// What went wrong with one.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    /// One of a plan's files.
    package struct File: Sendable {
        package let source: Plan.Source
        package let path: String
        package var name: String { path.split(separator: "/").last.map(String.init) ?? "" }
    }

    /// The folder and the file: `elearning/payment-page.yaml`.
    package let name: String
    /// Where the plan lies.
    package let path: String
    package let yaml: String
    package let plan: Plan
    private let directory: String

    /// What the plan calls its experiment.
    package var experiment: String { plan.experiment }

    /// The folder that its files are named from.
    package var folder: String { String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]) }

    private static let shelves = ["Examples", "Tests/Plans"].map { TestWarehouses.package.appending(path: $0).path }

    /// The names of all: what is tested with every plan is tested with a new one by itself.
    package static let names: [String] = shelves.flatMap { shelf in
        let files = (try? FileManager.default.subpathsOfDirectory(atPath: shelf)) ?? []
        return files.filter { $0.hasSuffix(".yaml") }.sorted()
    }

    /// Copies the examples, and makes what data of this one have to be made: by `generate.py`, and by `load.py` where there is
    /// one.
    package init(_ name: String) throws {
        self.name = name
        directory = "/tmp/gosset-example-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        for shelf in ExamplePlan.shelves {
            for folder in try FileManager.default.contentsOfDirectory(atPath: shelf) {
                try FileManager.default.copyItem(atPath: "\(shelf)/\(folder)", toPath: "\(directory)/\(folder)")
            }
        }
        path = "\(directory)/\(name)"
        yaml = try String(contentsOfFile: path, encoding: .utf8)
        plan = try Plan(yaml: yaml)
        if try files.isEmpty {
            let (folder, loads) = (folder, FileManager.default.fileExists(atPath: folder + "/load.py"))
            try ExamplePlan.run(["python3", folder + "/generate.py", loads ? folder + "/sources" : folder])
            if loads { try ExamplePlan.run(["python3", folder + "/load.py", folder + "/sources", folder]) }
        }
        guard try !files.isEmpty else { throw Failure(description: "\(name) has no files, and its folder makes none") }
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    /// The same plan with its tables in a database or schema.
    package func yaml(withTablesIn database: String) -> String { yaml.replacing(#/table: (\w+)/#) { "table: \(database).\($0.1)" } }

    /// The files that there are, in the plan's order.
    package var files: [File] {
        get throws {
            try plan.sources.flatMap { source in
                try source.files.flatMap { file -> [File] in
                    var found = glob_t()
                    defer { globfree(&found) }
                    let path = URL(filePath: folder).appending(path: file.text).standardized.path
                    let status = glob(path, 0, nil, &found)
                    guard status == 0 || status == GLOB_NOMATCH else { throw Failure(description: "\(path) cannot be looked for") }
                    return (0..<Int(found.gl_pathc)).compactMap {
                        found.gl_pathv[$0].map { File(source: source, path: String(cString: $0)) }
                    }
                }
            }
        }
    }

    /// The rows of a file under the plan's names and of the types that they have, for DuckDB.
    package func rows(of file: File) async throws -> ResultTable {
        let duckdb = try await TestWarehouses.connect("duckdb:")
        let path = file.path
        guard !path.hasSuffix(".json") else { return try await duckdb.query("SELECT * FROM read_json(\(value: path))") }
        let formats = file.source.timeFormats
        let names = try await duckdb.query("SELECT * FROM read_csv(\(value: path)) LIMIT 0").names
        let list = names.map { name -> SQL in
            let column: SQL = formats[name].map { "strptime(\(column: name), \(value: $0))" } ?? "\(column: name)"
            return "\(column) AS \(column: file.source.renames[name] ?? name)"
        }
        return try await duckdb.query(
            "SELECT \(list.joined(", ")) FROM read_csv(\(value: path)\(ExamplePlan.texts(of: file, among: names)))")
    }

    /// The same plan with all its CSV files in another format, `parquet` or `json`.
    package func converted(to format: String) async throws -> (yaml: String, files: [File]) {
        let duckdb = try await TestWarehouses.connect("duckdb:")
        var converted: [File] = []
        for file in try files {
            guard file.path.hasSuffix(".csv") else {
                converted.append(file)
                continue
            }
            let path = file.path.dropLast(3) + format
            let names = try await duckdb.query("SELECT * FROM read_csv(\(value: file.path)) LIMIT 0").names
            try await duckdb.execute(
                "COPY (FROM read_csv(\(value: file.path)\(ExamplePlan.texts(of: file, among: names)))) TO \(value: String(path))")
            converted.append(File(source: file.source, path: String(path)))
        }
        return (yaml.replacing(".csv", with: "." + format), converted)
    }

    /// Columns of times in a form of their own are read as texts.
    private static func texts(of file: File, among names: [String]) -> SQL {
        let columns = file.source.timeFormats.keys.filter(names.contains).sorted()
        guard !columns.isEmpty else { return "" }
        return ", types = {\(columns.map { "\(value: $0): 'VARCHAR'" as SQL }.joined(", "))}"
    }

    private static func run(_ command: [String]) throws {
        let errors = "/tmp/gosset-output-\(UUID().uuidString)"
        defer { unlink(errors) }
        var spawn = Spawn(command)
        spawn.errors = errors
        guard try spawn.run() == 0 else {
            let said = FileManager.default.contents(atPath: errors) ?? Data()
            throw Failure(description: "\(command.joined(separator: " ")): \(String(decoding: said, as: UTF8.self))")
        }
    }
}
