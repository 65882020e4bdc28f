import Experiments
import Foundation
import Text
import Warehouse

/// A source as the warehouse has it: where its rows come from, and what its columns are.
struct SourceReader {
    let source: Plan.Source
    let columns: [(name: Plan.Name, uses: Set<ColumnUse>)]
    /// What is no column, but a member of the source's JSON objects, in the order in which they come up.
    private let members: [(name: String, uses: Set<ColumnUse>)]
    /// Files, each with its own columns; empty where the source is a table or a query.
    private let files: [SourceFile]
    private let table: SQL?
    /// The types of the wanted columns, all files together.
    private let kinds: [String: ResultColumn]
    private let dialect: Dialect

    /// How many files there are, whose order may tell which of two labels came first.
    var fileCount: Int { files.count }

    /// The files of patterns that lack columns which others have.
    var gaps: [String] { files.flatMap { $0.gaps(columns.map(\.name.text)) } }

    /// Whether a reason that DuckDB gives is about one of the files.
    func isNamed(in reason: String) -> Bool { files.contains { $0.isNamed(in: reason) } }

    /// The files whose rows are set aside where they cannot be read.
    var pathsOfCSV: [String] { files.flatMap(\.pathsOfCSV) }

    /// Looks at a source.
    ///
    /// - Parameter folder: where the plan lies, and its files.
    init(_ source: Plan.Source, plan: Plan, folder: String, session: Session, prefersTables: Bool) async throws(AnalysisError) {
        self.source = source
        var columns = plan.columns(of: source.name.text)
        var members: [(name: String, uses: Set<ColumnUse>)] = []
        dialect = session.dialect
        let stored: SQL? = source.table.map { "\(table: $0.text)" } ?? source.query.map { "(\(SQL(uncheckedText: $0.text))) AS g_query" }
        var kinds: [String: ResultColumn] = [:]
        if session.warehouse.readsFiles, !source.files.isEmpty, stored == nil || !prefersTables {
            var files: [SourceFile] = []
            for name in source.files {
                let file = try await SourceFile(name, of: source, folder: folder, session: session)
                for column in columns { kinds[column.name.text] = try file.kind(of: column.name, given: kinds[column.name.text]) }
                files.append(file)
            }
            (self.files, table) = (files, nil)
        } else {
            guard let stored else {
                throw .plan(
                    source.name.place,
                    "source '\(source.name.text)' has files only, and this warehouse reads none; say where it lies there: table: NAME")
            }
            let place = source.table?.place ?? source.query?.place ?? source.name.place
            let empty: ResultTable
            do throws(AnalysisError) {
                empty = try await session.query("the columns of \(source.name.text)", "SELECT * FROM \(stored) LIMIT 0")
            } catch {
                guard case .warehouse(.refused(let reason)) = error else { throw error }
                throw .plan(place, "source '\(source.name.text)' cannot be read: \(reason)")
            }
            if let properties = source.properties {
                // Members of objects are values: neither names of units nor times.
                func isMember(_ column: (name: Plan.Name, uses: Set<ColumnUse>)) -> Bool {
                    !empty.names.contains(column.name.text) && column.uses.isDisjoint(with: [.key, .time])
                }
                members = columns.filter(isMember).map { ($0.name.text, $0.uses) }
                columns.removeAll(where: isMember)
                // It must be there, though nothing but the members is asked of it.
                if !members.isEmpty, !empty.names.contains(properties.text) {
                    throw SourceReader.missing(properties, in: "source '\(source.name.text)'", among: empty.names)
                }
            }
            for column in columns {
                guard let index = empty.names.firstIndex(of: column.name.text) else {
                    throw SourceReader.missing(column.name, in: "source '\(source.name.text)'", among: empty.names)
                }
                kinds[column.name.text] = empty.columns[index]
                if column.uses.contains(.time), case .integers = empty.columns[index], dialect == .clickHouse,
                    try await SourceReader.isTime(column.name.text, of: stored, session)
                {
                    kinds[column.name.text] = .instants([])
                }
            }
            (files, table) = ([], stored)
        }
        (self.columns, self.members, self.kinds) = (columns, members, kinds)
        for column in columns { try SourceReader.check(column, kinds[column.name.text], source) }
    }

    /// Whether a column is a time by what ClickHouse calls its type: inside the program it hands times over as whole numbers.
    private static func isTime(_ column: String, of stored: SQL, _ session: Session) async throws(AnalysisError) -> Bool {
        let found = try await session.query(
            "the type of \(column)", "SELECT toTypeName(any(\(column: column))) AS g_type FROM (SELECT * FROM \(stored) LIMIT 1)")
        return (try found.column(texts: "g_type").first ?? nil)?.contains("Date") ?? false
    }

    /// Refuses a column of a type that no cast makes what the plan needs; texts may be read as either.
    private static func check(
        _ column: (name: Plan.Name, uses: Set<ColumnUse>), _ kind: ResultColumn?, _ source: Plan.Source
    ) throws(AnalysisError) {
        let (name, of) = (column.name.text, "the column '\(column.name.text)' of source '\(source.name.text)'")
        switch kind {
        case .integers?, .numbers?, .booleans?:
            guard column.uses.contains(.time), source.timeFormats[name] == nil else { return }
            throw .plan(
                column.name.place,
                "\(of) is no time; make one of it: for a file by 'times', {\(name): \"%Y%m%d\"}, for a table by a 'query' that converts it")
        case .instants?:
            guard column.uses.contains(.number) else { return }
            throw .plan(column.name.place, "\(of) holds times, and a number is needed; name another column, or a 'query' that converts it")
        case .texts?, nil: return
        }
    }

    static func missing(_ name: Plan.Name, in what: String, among names: [String]) -> AnalysisError {
        let meant = Spelling.nearest(to: name.text, among: names)
        let hint = meant.map { "did you mean '\($0)'?" } ?? "there are \(names.joined(separator: ", "))"
        return .plan(name.place, "\(what) has no column '\(name.text)'; \(hint)", suggestion: meant)
    }

    /// Whether a column holds whole numbers wherever it is.
    func isInteger(_ column: String) -> Bool {
        if case .integers? = kinds[column] { true } else { false }
    }

    /// Rows with the wanted columns under the plan's names, and `g_file`, the place of the file, where there are several.
    ///
    /// - Parameters:
    ///   - keysAreIntegers: whether units are compared as whole numbers, and not as texts.
    ///   - isStrict: whether rows of CSV files with too many values are set aside.
    ///   - condition: what holds for the rows that are read, of a table or a query; nil for all.
    ///   - asks: what holds for the rows in which a member of objects is looked at; it is missing in the others.
    func relation(keysAreIntegers: Bool, isStrict: Bool, where condition: SQL? = nil, asks: (String) -> SQL?) -> SQL {
        if let table {
            let reads = reads(asks)
            guard !reads.isEmpty || condition != nil else { return table }
            let list = (["*"] as [SQL]) + reads.map { "\($0.value) AS \(column: $0.name)" }
            return "(SELECT \(list.joined(", ")) FROM \(table)\(condition.map { " WHERE \($0)" } ?? "")) AS g_read"
        }
        let parts = files.enumerated().map { index, file in
            file.rows(columns, kinds: kinds, keysAreIntegers: keysAreIntegers, isStrict: isStrict, place: files.count > 1 ? index : nil)
        }
        return "(\(parts.joined(" UNION ALL "))) AS g_rows"
    }

    /// The columns of ``relation(keysAreIntegers:isStrict:asks:)`` that are read, those that hold members of objects among them.
    var names: [String] { columns.map(\.name.text) + reads { _ in nil }.map(\.name) }

    /// What is read of the objects, and the columns that hold it.
    ///
    /// Each member is read once a row, however often it is spoken of: reading JSON takes longer than all else.
    private func reads(_ asks: (String) -> SQL?) -> [(name: String, value: SQL)] {
        guard let properties = source.properties else { return [] }
        return members.enumerated().flatMap { index, member in
            var objects: SQL = "\(column: properties.text)"
            // The object, and not what is read of it: then DuckDB sees that the same is asked twice.
            if let rows = asks(member.name) { objects = "CASE WHEN \(rows) THEN \(objects) ELSE \(dialect.missingText) END" }
            let text = (
                name: SourceReader.text(index),
                value: dialect.text(ofMember: member.name, in: objects, isAsWritten: member.uses != [.number])
            )
            guard member.uses.contains(.number) else { return [text] }
            return [text, (name: SourceReader.number(index), value: dialect.number(ofMember: member.name, in: objects))]
        }
    }

    /// The column of what is no column itself, but a member of JSON objects, as text; nil for a column.
    func text(ofMember name: String) -> SQL? { members.firstIndex { $0.name == name }.map { "\(column: SourceReader.text($0))" } }

    /// The column of a member as a number.
    func number(ofMember name: String) -> SQL? { members.firstIndex { $0.name == name }.map { "\(column: SourceReader.number($0))" } }

    private static func text(_ member: Int) -> String { "g_text\(member)" }
    private static func number(_ member: Int) -> String { "g_number\(member)" }

    /// A time column in seconds since 1970.
    func seconds(_ column: String) -> SQL {
        if !files.isEmpty, let format = source.timeFormats[column] {
            return "epoch(try_strptime(\(column: column), \(value: format)))"
        }
        return dialect.asSeconds("\(column: column)")
    }
}
