import Text

/// A file of records with a header, as columns.
package struct Table: Sendable {
    /// The path, for messages.
    package let path: String
    /// The names of all columns, also of those that were not kept.
    package let header: [String]
    package let delimiter: Delimiter
    /// The rows that were taken.
    package let rows: Int
    /// The rows that were not, and why.
    package let problems: Listing<RowProblem>
    private let columns: [Column?]
    private let lines: LineNumbers
    private let limits: TableLimits

    /// Reads a file, or standard input for `-`.
    ///
    /// - Parameters:
    ///   - delimiter: What separates the fields; found out if it is not given.
    ///   - keeping: The columns to keep; all if it is not given. Names that the header lacks are an error.
    package init(
        path: String, delimiter: Delimiter? = nil, keeping names: [String]? = nil, limits: TableLimits = TableLimits()
    ) throws(TableError) {
        let source = try ByteSource(path: path)
        try self.init(path: path, delimiter: delimiter, keeping: names, limits: limits) { room throws(TableError) in
            try source.read(into: room)
        }
    }

    /// Reads bytes that are in memory.
    package init(
        _ bytes: [UInt8], name: String = "data", delimiter: Delimiter? = nil, keeping names: [String]? = nil,
        limits: TableLimits = TableLimits(), pieces: Int = 1 << 18
    ) throws(TableError) {
        var rest = bytes[...]
        try self.init(path: name, delimiter: delimiter, keeping: names, limits: limits) { room throws(TableError) in
            let count = min(room.count, pieces, rest.count)
            room.copyBytes(from: rest.prefix(count))
            rest = rest.dropFirst(count)
            return count
        }
    }

    private init(
        path: String, delimiter: Delimiter?, keeping names: [String]?, limits: TableLimits,
        read: (UnsafeMutableRawBufferPointer) throws(TableError) -> Int
    ) throws(TableError) {
        var builder = TableBuilder(path: path, delimiter: delimiter, names: names, limits: limits)
        let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
        defer { room.deallocate() }
        while true {
            let count = try read(room)
            try builder.append(UnsafeRawBufferPointer(rebasing: room[..<count]))
            if count == 0 { break }
        }
        self.path = path
        self.limits = limits
        header = builder.header
        self.delimiter = builder.delimiter ?? .comma
        columns = builder.columns
        rows = builder.rows
        problems = builder.problems
        lines = builder.lines
    }

    /// The line of the file where a row begins, from 1.
    package func line(of row: Int) -> Int { lines[row] }

    /// A column by its name, which must be among those kept.
    package func column(_ name: String) throws(TableError) -> Column {
        let index = try Table.index(of: name, in: header)
        guard let column = columns[index] else { preconditionFailure("column '\(name)' was not kept") }
        return column
    }

    /// The columns that were kept.
    package var kept: [Column] { columns.compactMap { $0 } }

    /// A column as numbers, of which there must be one at least if it holds anything.
    package func numbers(_ name: String) throws(TableError) -> NumberColumn {
        let numbers = numbers(try column(name))
        if numbers.present == 0, let stray = numbers.strays.first.first {
            throw .notNumeric(column: name, line: line(of: stray.row), value: stray.text)
        }
        return numbers
    }

    /// A column as numbers, whatever it holds.
    package func numbers(_ column: Column) -> NumberColumn { NumberColumn(column, listed: limits.listed) }

    /// A column as text.
    package func labels(_ name: String) throws(TableError) -> Labels { Labels(try column(name)) }

    static func index(of name: String, in header: [String]) throws(TableError) -> Int {
        guard let index = header.firstIndex(of: name) else {
            throw .unknownColumn(name: name, nearest: Spelling.nearest(to: name, among: header), all: header)
        }
        guard header.lastIndex(of: name) == index else { throw .ambiguousColumn(name: name) }
        return index
    }
}
