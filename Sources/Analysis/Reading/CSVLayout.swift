import Experiments
import Foundation
import Warehouse

/// How CSV files are written: what separates their columns, and which columns there are, in their order.
///
/// It is found out once and then stated, so that nothing of it is guessed again from other rows, and a row that does not fit is set aside with
/// its line instead of being bent until it does.
struct CSVLayout {
    /// The files that are written so.
    private(set) var paths: [String]
    /// The columns in the files' order, with the types that their first rows suggest.
    let columns: [(name: String, type: String)]
    private let options: SQL

    /// How many rows of a file are listed that cannot be read; beyond it they are only known to be more.
    static let listedRows = 100_000

    /// The layouts of some files: files that begin with the same line are written alike.
    ///
    /// - Parameter delimiter: what the plan says stands between columns.
    static func all(_ paths: [String], delimiter: String?, session: Session) async throws(AnalysisError) -> [CSVLayout] {
        var layouts: [CSVLayout] = []
        var places: [Data: Int] = [:]
        for path in paths {
            let head = head(path)
            if let head, let place = places[head] {
                layouts[place].paths.append(path)
            } else {
                if let head { places[head] = layouts.count }
                layouts.append(try await CSVLayout(path, delimiter: delimiter, session: session))
            }
        }
        return layouts
    }

    /// The first line of a file; nil where it is very long, or the file is compressed.
    private static func head(_ path: String) -> Data? {
        guard !path.hasSuffix(".gz"), let file = FileHandle(forReadingAtPath: path) else { return nil }
        defer { try? file.close() }
        guard let data = try? file.read(upToCount: 1 << 16), let end = data.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        return data[..<end]
    }

    private init(_ path: String, delimiter: String?, session: Session) async throws(AnalysisError) {
        paths = [path]
        let given: SQL = delimiter.map { ", delim = \(value: $0)" } ?? ""
        let found: ResultTable
        do throws(AnalysisError) {
            // One bad row, as a file that was cut off ends with, must not decide what separates the columns of all others.
            found = try await session.query(
                "how \(path) is written",
                """
                SELECT Delimiter AS delim, Quote AS quote, Escape AS escape, Comment AS comment, SkipRows AS skip, DateFormat AS dateformat,
                TimestampFormat AS timestampformat, unnest(Columns).name AS name, unnest(Columns).type AS type
                FROM sniff_csv(\(value: path), header = true, ignore_errors = true\(given))
                """)
        } catch {
            guard case .warehouse(.refused(let reason)) = error else { throw error }
            let size = (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 1
            throw .data("the file \(path) " + (size == 0 ? "is empty: it has no line that names its columns" : "cannot be read: \(reason)"))
        }
        func first(_ name: String) throws(AnalysisError) -> String? {
            (try found.column(texts: name).first ?? nil).flatMap { $0.isEmpty || $0 == "(empty)" ? nil : $0 }
        }
        // Parts of four megabytes are as fast as the larger ones that DuckDB takes by itself, and take less memory.
        var options: SQL = ", auto_detect = false, header = true, buffer_size = 4000000"
        if let sign = try first("delim") { options += ", delim = \(value: sign)" }
        // Rows further down may have quotes though the first ones have none.
        options += ", quote = \(value: try first("quote") ?? "\""), escape = \(value: try first("escape") ?? "\"")"
        if let sign = try first("comment") { options += ", comment = \(value: sign)" }
        let skipped = Int(try found.number("skip"))
        if skipped > 0 { options += ", skip = \(value: skipped)" }
        if let format = try first("dateformat") { options += ", dateformat = \(value: format)" }
        if let format = try first("timestampformat") { options += ", timestampformat = \(value: format)" }
        self.options = options
        columns = zip(try found.column(texts: "name"), try found.column(texts: "type")).map { ($0 ?? "", $1 ?? "VARCHAR") }
    }

    /// The rows of the files, some columns under other names.
    ///
    /// - Parameters:
    ///   - list: what is selected.
    ///   - types: the types of columns that are read; all others are read as texts, so that nothing in them can be wrong.
    ///   - isStrict: whether a row with too many values is set aside; else those beyond the columns are dropped.
    func rows(_ list: SQL, types: [String: String], isStrict: Bool) -> SQL {
        let files = paths.map { "\(value: $0)" as SQL }.joined(", ")
        let typed = columns.map { "\(value: $0.name): \(value: types[$0.name] ?? "VARCHAR")" as SQL }.joined(", ")
        let strictness: SQL = isStrict ? "" : ", strict_mode = false"
        return """
            SELECT \(list) FROM read_csv([\(files)]\(options)\(strictness), store_rejects = true,
            rejects_limit = \(value: CSVLayout.listedRows), columns = {\(typed)})
            """
    }

    /// Whether DuckDB refuses a file as a whole because its lines or quotes follow no one rule.
    static func isInconsistent(_ error: AnalysisError) -> Bool {
        guard case .warehouse(.refused(let reason)) = error else { return false }
        return reason.contains("CSV Parser state machine")
    }

    /// A type of DuckDB's as the kind of column that comes back.
    static func kind(_ type: String) -> ResultColumn {
        let type = type.uppercased()
        if type.hasSuffix("INT") || type.hasSuffix("INTEGER") { return .integers([]) }
        if ["DOUBLE", "FLOAT"].contains(type) || type.hasPrefix("DECIMAL") { return .numbers([]) }
        if type == "BOOLEAN" { return .booleans([]) }
        if type == "DATE" || type.hasPrefix("TIMESTAMP") { return .instants([]) }
        return .texts([])
    }
}
