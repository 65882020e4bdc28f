import Text

/// A file of records with a header, as columns.
package struct Table: Sendable {
    /// The path, for messages.
    package let path: String
    /// The names of all columns, also of those that were not kept.
    package let header: [String]
    package let delimiter: Delimiter
    package let decimal: DecimalMark
    /// Encodings other than UTF-8 that bad rows look like, the commonest first, and how many of each.
    package let encodings: [(name: String, rows: Int)]
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
    ///   - format: How the file is written.
    ///   - keeping: The columns to keep; all if it is not given. Names that the header lacks are an error.
    package init(
        path: String, format: TableFormat = TableFormat(), keeping names: [String]? = nil, limits: TableLimits = TableLimits(),
        progress: ReadingProgress? = nil
    ) throws(TableError) {
        let source = try ByteSource(path: path)
        var read = 0
        try self.init(path: path, format: format, keeping: names, limits: limits) { room throws(TableError) in
            let count = try source.read(into: room)
            read += count
            progress?(read, source.size)
            return count
        }
    }

    /// Reads bytes that are in memory.
    package init(
        _ bytes: [UInt8], name: String = "data", format: TableFormat = TableFormat(), keeping names: [String]? = nil,
        limits: TableLimits = TableLimits(), pieces: Int = 1 << 18
    ) throws(TableError) {
        var rest = bytes[...]
        try self.init(path: name, format: format, keeping: names, limits: limits) { room throws(TableError) in
            let count = min(room.count, pieces, rest.count)
            room.copyBytes(from: rest.prefix(count))
            rest = rest.dropFirst(count)
            return count
        }
    }

    private init(
        path: String, format: TableFormat, keeping names: [String]?, limits: TableLimits,
        read: (UnsafeMutableRawBufferPointer) throws(TableError) -> Int
    ) throws(TableError) {
        var builder = TableBuilder(path: path, format: format, names: names, limits: limits)
        let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
        defer { room.deallocate() }
        while true {
            let count = try read(room)
            try builder.append(UnsafeRawBufferPointer(rebasing: room[..<count]))
            if count == 0 { break }
        }
        self.path = path
        self.limits = limits
        decimal = format.decimal
        encodings = builder.encodings.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { ($0.key, $0.value) }
        header = builder.header
        self.delimiter = builder.delimiter ?? .comma
        columns = builder.columns
        rows = builder.rows
        problems = builder.problems
        lines = builder.lines
    }

    /// The line of the file where a row begins, from 1.
    package func line(of row: Int) -> Int { lines[row] }

    /// The row that begins in a line of the file; `nil` where none does.
    package func row(atLine line: Int) -> Int? {
        var (low, high) = (0, rows)
        while low < high {
            let middle = (low + high) / 2
            if lines[middle] < line { low = middle + 1 } else { high = middle }
        }
        return low < rows && lines[low] == line ? low : nil
    }

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
    package func numbers(_ column: Column) -> NumberColumn { NumberColumn(column, listed: limits.listed, decimal: decimal) }

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
