/// Splits bytes into the records and fields of RFC 4180.
///
/// Bytes come in pieces: the scanner holds what it has not finished, never more than a record may have plus one piece. A quote inside an
/// unquoted field is text, as everybody writes it. A malformed record costs the line where it begins and no more: scanning goes on with the
/// next line.
package struct RecordScanner {
    /// Where a field lies among `bytes`.
    package struct Field {
        package var start: Int
        package var end: Int
        /// Whether it holds doubled quotes, which stand for one.
        package var isEscaped: Bool
    }

    package enum Record {
        case fields
        case bad(RowProblem.Reason)
    }

    package private(set) var bytes: [UInt8]
    package private(set) var fields: [Field] = []
    /// The line where the last record began, from 1.
    package private(set) var line = 0
    private var nextLine = 1
    private var position = 0
    private var isComplete: Bool
    /// Whether the rest of the present line belongs to a record that was given up.
    private var isSkipping = false
    /// Encodings other than UTF-8 that malformed records look like, and how many of each.
    package private(set) var encodings: [String: Int] = [:]
    private let delimiter: UInt8
    private let limit: Int
    private let isSpecial: [Bool]

    /// Scans bytes that are all there.
    package init(_ bytes: [UInt8], delimiter: Delimiter, limit: Int = TableLimits().recordBytes) {
        self.init(delimiter: delimiter, limit: limit)
        self.bytes = bytes
        isComplete = true
    }

    /// Scans bytes that come later, by `append`.
    package init(delimiter: Delimiter, limit: Int) {
        bytes = []
        isComplete = false
        self.delimiter = delimiter.byte
        self.limit = limit
        isSpecial = (0...255).map { $0 == delimiter.byte || $0 == RecordScanner.newline || $0 == 0 }
    }

    private static let newline = UInt8(ascii: "\n")
    private static let quote = UInt8(ascii: "\"")

    /// Whether the last record is an empty line.
    package var isBlank: Bool { fields.count == 1 && fields[0].start == fields[0].end }

    /// Takes in the next piece; an empty one is the end.
    package mutating func append(_ piece: UnsafeRawBufferPointer) {
        if piece.isEmpty { isComplete = true }
        bytes.removeSubrange(0..<position)
        position = 0
        bytes.append(contentsOf: piece)
    }

    /// Finds the records that follow and need no care, many at once, and goes on to the first that does.
    mutating func take(into batch: inout FieldBatch) -> Int {
        let first = nextLine
        guard !isSkipping, position < bytes.count else {
            batch.clear()
            return first
        }
        position = bytes.withUnsafeBufferPointer { batch.fill(from: $0, at: position, delimiter: delimiter, limit: limit) }
        nextLine += batch.rows
        return first
    }

    /// The next record, whose fields are then in `fields`; `nil` where more bytes are needed or none are left.
    package mutating func next() -> Record? {
        if isSkipping { finishSkipping() }
        guard position < bytes.count else { return nil }
        fields.removeAll(keepingCapacity: true)
        let start = position
        var end = start
        var lines = 0
        let outcome = bytes.withUnsafeBufferPointer { bytes in
            RecordScanner.scan(
                bytes, from: start, delimiter: delimiter, isSpecial: isSpecial, isComplete: isComplete, into: &fields, end: &end,
                lines: &lines)
        }
        switch outcome {
        case .complete where end - start <= limit:
            line = nextLine
            nextLine += lines
            position = end
            return .fields
        case .complete:
            return skipLine(.tooLong(limit: limit))
        case .bad(let reason):
            return skipLine(reason)
        case .unfinished(let inQuotes) where isComplete:
            // The last line needs no line break.
            guard !inQuotes else { return skipLine(.unclosedQuote) }
            guard end - start <= limit else { return skipLine(.tooLong(limit: limit)) }
            line = nextLine
            position = bytes.count
            return .fields
        case .unfinished(let inQuotes):
            guard bytes.count - start > limit else { return nil }
            return skipLine(inQuotes ? .unclosedQuote : .tooLong(limit: limit))
        }
    }

    /// Gives the record up, and goes on after the line where it began.
    private mutating func skipLine(_ reason: RowProblem.Reason) -> Record {
        line = nextLine
        if case .notUTF8 = reason, let end = bytes[position...].firstIndex(of: RecordScanner.newline) ?? bytes.indices.last {
            encodings[Encoding.guess(bytes[position...end]), default: 0] += 1
        }
        isSkipping = true
        finishSkipping()
        return .bad(reason)
    }

    private mutating func finishSkipping() {
        guard let end = bytes[position...].firstIndex(of: RecordScanner.newline) else {
            position = bytes.count
            return
        }
        position = end + 1
        nextLine += 1
        isSkipping = false
    }

    private enum Outcome {
        case complete
        case unfinished(inQuotes: Bool)
        case bad(RowProblem.Reason)
    }

    private static func scan(
        _ bytes: UnsafeBufferPointer<UInt8>, from start: Int, delimiter: UInt8, isSpecial: [Bool], isComplete: Bool,
        into fields: inout [Field], end: inout Int, lines: inout Int
    ) -> Outcome {
        var at = start
        var highBits: UInt8 = 0
        lines = 1
        while true {
            var field = Field(start: at, end: at, isEscaped: false)
            if at < bytes.count, bytes[at] == quote {
                at += 1
                field.start = at
                while true {
                    guard at < bytes.count else {
                        end = at
                        return .unfinished(inQuotes: true)
                    }
                    let byte = bytes[at]
                    highBits |= byte
                    at += 1
                    if byte == quote {
                        guard at < bytes.count, bytes[at] == quote else { break }
                        field.isEscaped = true
                        at += 1
                    } else if byte == newline {
                        lines += 1
                    } else if byte == 0 {
                        return .bad(.zeroByte(column: at - start))
                    }
                }
                field.end = at - 1
                // A closing quote is followed by a delimiter or the end of the record.
                if at < bytes.count, bytes[at] == carriageReturn, at + 1 == bytes.count || bytes[at + 1] == newline { at += 1 }
                if at < bytes.count, bytes[at] != delimiter, bytes[at] != newline { return .bad(.textAfterQuote(column: at - start + 1)) }
            } else {
                while at < bytes.count, !isSpecial[Int(bytes[at])] {
                    highBits |= bytes[at]
                    at += 1
                }
                field.end = at
                if at < bytes.count, bytes[at] == 0 { return .bad(.zeroByte(column: at - start + 1)) }
                let isLast = at == bytes.count || bytes[at] == newline
                if isLast, at > field.start, bytes[at - 1] == carriageReturn { field.end -= 1 }
            }
            fields.append(field)
            guard at < bytes.count else {
                end = at
                if isComplete, let reason = encodingFlaw(bytes, start, at, highBits) { return .bad(reason) }
                return .unfinished(inQuotes: false)
            }
            at += 1
            guard bytes[at - 1] == delimiter else { break }
        }
        end = at
        return encodingFlaw(bytes, start, at, highBits).map { .bad($0) } ?? .complete
    }

    private static let carriageReturn = UInt8(ascii: "\r")

    private static func encodingFlaw(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int, _ highBits: UInt8) -> RowProblem.Reason?
    {
        guard highBits >= 0x80 else { return nil }
        do {
            _ = try UTF8Span(validating: UnsafeBufferPointer(rebasing: bytes[start..<end]).span)
            return nil
        } catch {
            let offset = error.byteOffsets.lowerBound
            return .notUTF8(byte: bytes[start + offset], column: offset + 1)
        }
    }
}
