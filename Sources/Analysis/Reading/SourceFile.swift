import Experiments
import Foundation
import Warehouse

/// A file, or files of one pattern, as DuckDB reads them.
struct SourceFile {
    private enum Content {
        case csv([CSVLayout])
        /// What reads them, and its options.
        case other(reader: SQL, options: SQL)
    }

    private let name: Plan.Name
    private let source: Plan.Source
    private let path: String
    private let content: Content
    /// The types of all columns, by their names in the files.
    private let kinds: [String: ResultColumn]
    /// The columns of each file of a pattern, by its path.
    private let patternFiles: [(path: String, columns: [String])]
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
        do throws(AnalysisError) {
            (content, kinds) = try await SourceFile.look(path, isPattern: isPattern, source, session)
            patternFiles = isPattern ? try await SourceFile.files(of: path, content, session) : []
        } catch {
            switch error {
            case .warehouse(.refused(let reason)): throw .plan(name.place, "the file \(path) cannot be read: \(reason)")
            case .data(let reason): throw .plan(name.place, reason)
            default: throw error
            }
        }
    }

    private static func look(
        _ path: String, isPattern: Bool, _ source: Plan.Source, _ session: Session
    ) async throws(AnalysisError) -> (Content, [String: ResultColumn]) {
        let plain = path.hasSuffix(".gz") ? String(path.dropLast(3)) : path
        let isJSON = [".json", ".jsonl", ".ndjson"].contains { plain.hasSuffix($0) }
        guard isJSON || plain.hasSuffix(".parquet") else {
            var paths = [path]
            if isPattern {
                paths = try await self.paths(of: path, session)
                guard !paths.isEmpty else { throw .data("no file is called \(path)") }
            }
            let signs = ["comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"]
            let layouts = try await CSVLayout.all(paths, delimiter: source.delimiter.flatMap { signs[$0] }, session: session)
            var kinds: [String: ResultColumn] = [:]
            for column in layouts.flatMap(\.columns) {
                let kind = CSVLayout.kind(column.type)
                kinds[column.name] = kinds[column.name].map { $0 == kind ? kind : .texts([]) } ?? kind
            }
            return (.csv(layouts), kinds)
        }
        let reader: SQL = isJSON ? "read_json" : "read_parquet"
        let options: SQL = isPattern ? ", union_by_name = true" : ""
        let head = try await session.query("the columns of \(path)", "SELECT * FROM \(reader)(\(value: path)\(options)) LIMIT 0")
        return (.other(reader: reader, options: options), Dictionary(zip(head.names, head.columns)) { first, _ in first })
    }

    /// The files of a pattern, each with its columns.
    private static func files(
        of pattern: String, _ content: Content, _ session: Session
    ) async throws(AnalysisError) -> [(path: String, columns: [String])] {
        switch content {
        case .csv(let layouts): return layouts.flatMap { layout in layout.paths.map { ($0, layout.columns.map(\.name)) } }
        case .other(let reader, _):
            var files: [(path: String, columns: [String])] = []
            for path in try await paths(of: pattern, session) {
                if (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) == 0 {
                    throw .data("the file \(path) is empty")
                }
                files.append(
                    (path, try await session.query("the columns of \(path)", "SELECT * FROM \(reader)(\(value: path)) LIMIT 0").names))
            }
            return files
        }
    }

    private static func paths(of pattern: String, _ session: Session) async throws(AnalysisError) -> [String] {
        let found = try await session.query("files of \(pattern)", "SELECT file AS f FROM glob(\(value: pattern)) ORDER BY f")
        return try found.column(texts: "f").compactMap(\.self)
    }

    /// The files of a pattern that lack a column which others have: `sales-1.csv: kind`.
    func gaps(_ columns: [String]) -> [String] {
        patternFiles.compactMap { path, names in
            let lacking = columns.filter { own($0, among: names) == nil }
            return lacking.isEmpty
                ? nil : "\(path.split(separator: "/").last ?? "") has no \(lacking.map { "'\($0)'" }.joined(separator: ", "))"
        }
    }

    /// Whether a reason that DuckDB gives is about this file, or one of this pattern.
    func isNamed(in reason: String) -> Bool {
        patternFiles.isEmpty ? reason.contains(path) : patternFiles.contains { reason.contains($0.path) }
    }

    /// The CSV files, whose rows DuckDB sets aside where it cannot read them.
    var pathsOfCSV: [String] {
        if case .csv(let layouts) = content { layouts.flatMap(\.paths) } else { [] }
    }

    /// What a column of the plan is called among some columns of a file.
    private func own(_ column: String, among names: some Collection<String>) -> String? {
        if names.contains(column) { return column }
        return source.renames.filter { $0.value == column && names.contains($0.key) }.map(\.key).min()
    }

    /// The type of a column, which must be the same in all files or is taken as a text.
    func kind(of column: Plan.Name, given: ResultColumn?) throws(AnalysisError) -> ResultColumn {
        guard let name = own(column.text, among: kinds.keys), let kind = kinds[name] else {
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
        _ columns: [(name: Plan.Name, uses: Set<ColumnUse>)], kinds: [String: ResultColumn], keysAreIntegers: Bool, isStrict: Bool,
        place: Int?
    ) -> SQL {
        func list(among names: some Collection<String>) -> SQL {
            // A pattern's file may lack a column that others have; there it is missing.
            var list = columns.map {
                "\(own($0.name.text, among: names).map { "\(column: $0)" } ?? "NULL") AS \(column: $0.name.text)" as SQL
            }
            if let place { list.append("\(value: place) AS g_file") }
            if list.isEmpty { list.append("1 AS g_one") }
            return list.joined(", ")
        }
        switch content {
        case .other(let reader, let options):
            return "SELECT \(list(among: self.kinds.keys)) FROM \(reader)(\(value: path)\(options))"
        case .csv(let layouts):
            return layouts.map { layout in
                let names = layout.columns.map(\.name)
                var types: [String: String] = [:]
                for column in columns {
                    guard let name = own(column.name.text, among: names) else { continue }
                    let suggested = layout.columns.first { $0.name == name }?.type
                    types[name] = type(of: column, suggested, keysAreIntegers: keysAreIntegers, kind: kinds[column.name.text])
                }
                return layout.rows(list(among: names), types: types, isStrict: isStrict)
            }.joined(" UNION ALL ")
        }
    }

    private func type(
        of column: (name: Plan.Name, uses: Set<ColumnUse>), _ suggested: String?, keysAreIntegers: Bool, kind: ResultColumn?
    ) -> String {
        if source.timeFormats[column.name.text] != nil { return "VARCHAR" }
        switch column.uses {
        case [.number]: return "DOUBLE"
        case [.key]: return keysAreIntegers ? "BIGINT" : "VARCHAR"
        case [.text]: return "VARCHAR"
        case [.time]:
            // Texts among them have decided what the first rows suggest; they are set aside with their lines.
            return suggested.map(CSVLayout.kind) == .texts([]) ? "TIMESTAMP" : suggested ?? "TIMESTAMP"
        default:
            if case .texts? = kind { return "VARCHAR" }
            return suggested ?? "VARCHAR"
        }
    }
}
