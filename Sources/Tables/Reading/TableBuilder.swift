/// Makes columns of bytes that come in pieces.
struct TableBuilder {
    private(set) var header: [String] = []
    private(set) var columns: [Column?] = []
    private(set) var delimiter: Delimiter?
    private(set) var rows = 0
    private(set) var problems: Listing<RowProblem>
    private(set) var lines = LineNumbers()
    /// Encodings other than UTF-8 that bad rows look like, and how many of each.
    var encodings: [String: Int] { scanner?.encodings ?? [:] }
    private let path: String
    private let hasHeader: Bool
    private let names: [String]?
    /// Where the fields of many records are found at once, when the columns are known.
    private var batch = FieldBatch(wanted: [])
    private let limits: TableLimits
    /// What came before the delimiter is known.
    private var head: [UInt8] = []
    private var scanner: RecordScanner?
    /// Whether lines end in a carriage return alone, as some spreadsheets on a Mac still save them.
    private var endsInReturns = false

    init(path: String, format: TableFormat, names: [String]?, limits: TableLimits) {
        (self.path, self.names, self.limits) = (path, names, limits)
        (delimiter, hasHeader) = (format.delimiter, format.hasHeader)
        problems = Listing(limit: limits.listed)
    }

    /// Takes the next piece; an empty one is the end.
    mutating func append(_ piece: UnsafeRawBufferPointer) throws(TableError) {
        if scanner == nil {
            head.append(contentsOf: piece)
            guard head.count >= TableBuilder.headBytes || piece.isEmpty else { return }
            try begin(isAll: piece.isEmpty)
            if piece.isEmpty { scanner?.append(piece) }
        } else if endsInReturns, !piece.isEmpty {
            TableBuilder.withLineFeeds(piece).withUnsafeBytes { scanner?.append($0) }
        } else {
            scanner?.append(piece)
        }
        try drain()
        if piece.isEmpty, header.isEmpty { throw .empty(path: path) }
    }

    private static let headBytes = 1 << 16

    private static let (carriageReturn, lineFeed) = (UInt8(ascii: "\r"), UInt8(ascii: "\n"))

    private static func withLineFeeds(_ bytes: some Sequence<UInt8>) -> [UInt8] { bytes.map { $0 == carriageReturn ? lineFeed : $0 } }

    private mutating func begin(isAll: Bool) throws(TableError) {
        if head.starts(with: [0xFF, 0xFE]) || head.starts(with: [0xFE, 0xFF]) { throw .encoding(path: path, name: "UTF-16") }
        if head.starts(with: [0xEF, 0xBB, 0xBF]) { head.removeFirst(3) }
        // What follows the last byte may be the other half of a line's end.
        endsInReturns = !head.contains(TableBuilder.lineFeed) && (isAll ? head[...] : head.dropLast()).contains(TableBuilder.carriageReturn)
        if endsInReturns { head = TableBuilder.withLineFeeds(head) }
        let delimiter = delimiter ?? .detect(in: Array(head.prefix(TableBuilder.headBytes)))
        self.delimiter = delimiter
        var scanner = RecordScanner(delimiter: delimiter, limit: limits.recordBytes)
        if !head.isEmpty { head.withUnsafeBytes { scanner.append($0) } }
        self.scanner = scanner
        head = []
    }

    private mutating func drain() throws(TableError) {
        guard var scanner else { return }
        // There is one owner of the scanner's bytes while it works, so nothing is copied.
        self.scanner = nil
        defer { self.scanner = scanner }
        while true {
            if !header.isEmpty { takeRows(&scanner) }
            guard let record = scanner.next() else { return }
            switch record {
            case .bad(let reason):
                let problem = RowProblem(line: scanner.line, reason: reason)
                guard !header.isEmpty else { throw .header(path: path, problem: problem, encoding: scanner.encodings.keys.first) }
                problems.add(problem)
            case .fields where header.isEmpty:
                if !scanner.isBlank {
                    try readHeader(scanner)
                    if !hasHeader { takeRow(scanner) }
                }
            case .fields where scanner.fields.count == columns.count:
                // An empty line is a missing value in a file of one column, as RFC 4180 has it.
                takeRow(scanner)
            case .fields where scanner.isBlank:
                continue
            case .fields:
                let reason = RowProblem.Reason.fieldCount(found: scanner.fields.count, expected: columns.count)
                problems.add(RowProblem(line: scanner.line, reason: reason))
            }
        }
    }

    private mutating func readHeader(_ scanner: RecordScanner) throws(TableError) {
        guard scanner.fields.count <= limits.columns else {
            throw .tooManyColumns(path: path, count: scanner.fields.count, limit: limits.columns)
        }
        header = scanner.fields.enumerated().map { index, field in
            guard hasHeader else { return "c\(index + 1)" }
            var text = String(decoding: scanner.bytes[field.start..<field.end], as: UTF8.self)
            if field.isEscaped { text = text.split(separator: "\"\"", omittingEmptySubsequences: false).joined(separator: "\"") }
            return text.isEmpty ? "column \(index + 1)" : text
        }
        var wanted = Set(header.indices)
        if let names {
            wanted = []
            for name in names { wanted.insert(try Table.index(of: name, in: header)) }
        }
        columns = header.enumerated().map { index, name in wanted.contains(index) ? Column(name: name) : nil }
        batch = FieldBatch(wanted: columns.map { $0 != nil })
    }

    /// Takes all the rows that follow and need no care.
    private mutating func takeRows(_ scanner: inout RecordScanner) {
        let line = scanner.take(into: &batch)
        guard batch.rows > 0 else { return }
        scanner.bytes.withUnsafeBufferPointer { bytes in
            var place = 0
            for index in columns.indices where columns[index] != nil {
                columns[index]?.append(batch, place: place, of: bytes)
                place += 1
            }
        }
        lines.append(line, count: batch.rows)
        rows += batch.rows
    }

    private mutating func takeRow(_ scanner: RecordScanner) {
        scanner.bytes.withUnsafeBufferPointer { bytes in
            for index in columns.indices where columns[index] != nil {
                let field = scanner.fields[index]
                columns[index]?.append(UnsafeBufferPointer(rebasing: bytes[field.start..<field.end]), isEscaped: field.isEscaped)
            }
        }
        lines.append(scanner.line)
        rows += 1
    }
}
