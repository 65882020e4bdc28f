internal import Glibc

/// A column as it stands in the file: the text of each row, which is typed only when somebody asks for numbers.
///
/// The texts stand one after the other, with a byte for the length of each: a column takes as much memory as it takes of the file.
package struct Column: Sendable {
    package let name: String
    private var bytes: [UInt8] = []
    /// The length of each row's text, `long` where it does not fit.
    private var lengths: [UInt8] = []
    private var longLengths: [Int: Int] = [:]
    /// Where the text of every 64th row begins.
    private var marks: [Int] = []

    fileprivate static let long = UInt8.max

    init(name: String) { self.name = name }

    /// The rows.
    package var count: Int { lengths.count }

    mutating func append(_ field: UnsafeBufferPointer<UInt8>, isEscaped: Bool) {
        let before = bytes.count
        if count & 63 == 0 { marks.append(before) }
        if isEscaped {
            var isSecondQuote = false
            for byte in field {
                isSecondQuote = byte == UInt8(ascii: "\"") && !isSecondQuote
                if byte != UInt8(ascii: "\"") || !isSecondQuote { bytes.append(byte) }
            }
        } else {
            bytes.append(contentsOf: field)
        }
        append(length: bytes.count - before)
    }

    private mutating func append(length: Int) {
        if length >= Int(Column.long) { longLengths[count] = length }
        lengths.append(UInt8(min(length, Int(Column.long))))
    }

    /// Takes field `place` of each record of a batch.
    mutating func append(_ batch: FieldBatch, place: Int, of source: UnsafeBufferPointer<UInt8>) {
        let (rows, width) = (batch.rows, batch.width)
        guard rows > 0, let from = source.baseAddress else { return }
        batch.withSpans { spans in
            var total = 0
            for row in 0..<rows {
                let span = 2 * (row * width + place)
                total += Int(spans[span + 1] - spans[span])
            }
            let (firstByte, firstRow) = (bytes.count, lengths.count)
            // Room is made by any bytes that there are enough of, and these are then overwritten.
            bytes.append(contentsOf: source[..<total])
            lengths.append(contentsOf: repeatElement(0, count: rows))
            lengths.withUnsafeMutableBufferPointer { lengths in
                bytes.withUnsafeMutableBufferPointer { bytes in
                    guard let base = bytes.baseAddress else { return }
                    var to = firstByte
                    for row in 0..<rows {
                        let span = 2 * (row * width + place)
                        let (start, length) = (Int(spans[span]), Int(spans[span + 1] - spans[span]))
                        if (firstRow + row) & 63 == 0 { marks.append(to) }
                        if length <= 8, to + 8 <= bytes.count, start + 8 <= source.count {
                            let word = UnsafeRawPointer(from + start).loadUnaligned(as: UInt64.self)
                            UnsafeMutableRawPointer(base + to).storeBytes(of: word, as: UInt64.self)
                        } else {
                            memcpy(base + to, from + start, length)
                        }
                        if length >= Int(Column.long) { longLengths[firstRow + row] = length }
                        lengths[firstRow + row] = UInt8(truncatingIfNeeded: min(length, Int(Column.long)))
                        to += length
                    }
                }
            }
        }
    }

    /// Whether the field is empty.
    package func isEmpty(_ row: Int) -> Bool { lengths[row] == 0 }

    /// The text of a row; `nil` where there is none.
    package func text(_ row: Int) -> String? {
        isEmpty(row) ? nil : String(decoding: bytes[range(row)], as: UTF8.self)
    }

    /// Whether each row's text is just this; what has no text is told apart.
    func matches(_ text: [UInt8], _ body: (_ row: Int, _ isEmpty: Bool, _ isEqual: Bool) -> Void) {
        text.withUnsafeBufferPointer { text in
            forEach { row, field in
                body(row, field.isEmpty, field.count == text.count && field.elementsEqual(text))
            }
        }
    }

    /// Calls with the bytes of each row in turn.
    func forEach(_ body: (_ row: Int, _ field: UnsafeBufferPointer<UInt8>) -> Void) {
        withFields { $0.forEach(body) }
    }

    /// The texts of all rows, which stay where they are during a call.
    struct Fields {
        fileprivate let bytes: UnsafeBufferPointer<UInt8>
        fileprivate let lengths: UnsafeBufferPointer<UInt8>
        fileprivate let longLengths: [Int: Int]

        @inline(__always)
        func forEach(_ body: (_ row: Int, _ field: UnsafeBufferPointer<UInt8>) -> Void) {
            var start = 0
            for row in lengths.indices {
                let length = lengths[row] == Column.long ? longLengths[row] ?? 0 : Int(lengths[row])
                body(row, UnsafeBufferPointer(rebasing: bytes[start..<(start + length)]))
                start += length
            }
        }
    }

    /// Calls with the texts of all rows.
    func withFields(_ body: (Fields) -> Void) {
        bytes.withUnsafeBufferPointer { bytes in
            lengths.withUnsafeBufferPointer { lengths in
                body(Fields(bytes: bytes, lengths: lengths, longLengths: longLengths))
            }
        }
    }

    private func range(_ row: Int) -> Range<Int> {
        var start = marks[row >> 6]
        for earlier in (row & ~63)..<row { start += length(earlier) }
        return start..<(start + length(row))
    }

    private func length(_ row: Int) -> Int { lengths[row] == Column.long ? longLengths[row] ?? 0 : Int(lengths[row]) }
}
