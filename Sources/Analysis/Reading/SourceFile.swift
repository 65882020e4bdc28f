import Experiments
import Foundation
import Warehouse

/// A file, or files of one pattern, as DuckDB reads them.
struct SourceFile {
    private enum Format { case csv, parquet, json }

    private let name: Plan.Name
    private let source: Plan.Source
    private let path: String
    private let format: Format
    /// What was found out about a CSV file.
    private let options: SQL
    /// The file's columns by the plan's names.
    private let own: [String: String]
    private let kinds: [String: ResultColumn]
    /// Keeps a file that was fetched.
    private let remote: RemoteFile?

    init(_ name: Plan.Name, of source: Plan.Source, folder: String, session: Session) async throws(AnalysisError) {
        (self.name, self.source) = (name, source)
        if RemoteFile.isRemote(name.text) {
            do throws(AnalysisError) {
                let file = try await RemoteFile(name.text)
                (remote, path) = (file, file.path)
            } catch {
                throw .plan(name.place, "\(error)")
            }
        } else {
            remote = nil
            path = name.text.hasPrefix("/") ? name.text : URL(filePath: folder).appending(path: name.text).path
        }
        let isPattern = remote == nil && name.text.contains { "*?[".contains($0) }
        if !isPattern, !FileManager.default.isReadableFile(atPath: path) {
            let reason = FileManager.default.fileExists(atPath: path) ? "may not be read" : "does not exist"
            throw .plan(name.place, "the file \(path) \(reason)")
        }
        let plain = path.hasSuffix(".gz") ? String(path.dropLast(3)) : path
        format = plain.hasSuffix(".parquet") ? .parquet : [".json", ".jsonl", ".ndjson"].contains { plain.hasSuffix($0) } ? .json : .csv
        var options: SQL = isPattern ? ", union_by_name = true" : ""
        if format == .csv {
            options += ", header = true"
            let signs = ["comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"]
            if let sign = source.delimiter.flatMap({ signs[$0] }) { options += ", delim = \(value: sign)" }
        }
        // One bad row, as a file that was cut off ends with, must not decide what separates the columns of all others.
        let tolerance: SQL = format == .csv && !isPattern ? ", ignore_errors = true" : ""
        let head: ResultTable
        do throws(AnalysisError) {
            head = try await session.query(
                "the columns of \(name.text)", "SELECT * FROM \(SourceFile.reader(format))(\(value: path)\(options)\(tolerance)) LIMIT 0")
            if format == .csv, source.delimiter == nil, !isPattern {
                // The same separators later, when columns have types of their own.
                let found = try await session.query(
                    "the separators of \(name.text)",
                    "SELECT Delimiter AS delim, Quote AS quote, Escape AS escape FROM sniff_csv(\(value: path)\(tolerance))")
                for (name, key) in [("delim", ", delim = "), ("quote", ", quote = "), ("escape", ", escape = ")] as [(String, SQL)] {
                    guard let sign = try found.column(texts: name).first ?? nil, sign.utf8.count == 1, sign != "\0" else { continue }
                    options += key + "\(value: sign)"
                }
            }
        } catch {
            guard case .warehouse(.refused(let reason)) = error else { throw error }
            throw .plan(name.place, "the file \(path) cannot be read: \(reason)")
        }
        self.options = options
        var own: [String: String] = [:]
        for column in head.names { own[column] = column }
        for (file, plan) in source.renames where own[plan] == nil && head.names.contains(file) { own[plan] = file }
        self.own = own
        kinds = Dictionary(zip(head.names, head.columns)) { first, _ in first }
    }

    /// Whether DuckDB sets aside the rows that it cannot read.
    var setsRowsAside: Bool { format == .csv && !isPattern }

    private var isPattern: Bool { remote == nil && name.text.contains { "*?[".contains($0) } }

    private static func reader(_ format: Format) -> SQL {
        switch format {
        case .csv: "read_csv"
        case .parquet: "read_parquet"
        case .json: "read_json"
        }
    }

    /// The type of a column, which must be the same in all files or is taken as a text.
    func kind(of column: Plan.Name, given: ResultColumn?) throws(AnalysisError) -> ResultColumn {
        guard let name = own[column.text], let kind = kinds[name] else {
            throw SourceReader.missing(column, in: "the file \(self.name.text)", among: kinds.keys.sorted())
        }
        guard let given, given != kind else { return kind }
        return .texts([])
    }

    /// The rows with the wanted columns under the plan's names.
    ///
    /// The columns of a CSV file that are numbers get their type here, so that a value that is none is found, and not guessed from the first
    /// rows; rows that cannot be read are set aside by DuckDB with their line numbers.
    func rows(
        _ columns: [(name: Plan.Name, uses: Set<ColumnUse>)], kinds: [String: ResultColumn], keysAreIntegers: Bool, named: [String],
        place: Int?
    ) -> SQL {
        var types: [SQL] = []
        var list: [SQL] = []
        for column in columns {
            let name = own[column.name.text] ?? column.name.text
            list.append("\(column: name) AS \(column: column.name.text)")
            guard format == .csv else { continue }
            if column.uses == [.number] {
                types.append("\(value: name): 'DOUBLE'")
            } else if column.uses == [.key] {
                types.append(keysAreIntegers ? "\(value: name): 'BIGINT'" : "\(value: name): 'VARCHAR'")
            } else if column.uses == [.text] || source.timeFormats[column.name.text] != nil {
                types.append("\(value: name): 'VARCHAR'")
            }
        }
        if let place { list.append("\(value: place) AS g_file") }
        if list.isEmpty { list.append("1 AS g_one") }
        // DuckDB does not set rows aside where it puts headers together; there a row that cannot be read is an error.
        let strictness: SQL = setsRowsAside ? ", strict_mode = false, store_rejects = true" : ""
        let typing: SQL = types.isEmpty ? "" : ", types = {\(types.joined(", "))}"
        return "SELECT \(list.joined(", ")) FROM \(SourceFile.reader(format))(\(value: path)\(options)\(strictness)\(typing))"
    }
}
