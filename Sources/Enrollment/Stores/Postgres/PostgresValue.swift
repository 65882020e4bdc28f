/// A value that goes into a statement, sent in PostgreSQL's binary format.
enum PostgresValue {
    case integer(Int64)
    case text(String)
    case bytes([UInt8])
    /// `text[]`, given as bytes that are known to be text.
    case texts([[UInt8]])
    case null

    init(_ text: String?) { self = text.map { .text($0) } ?? .null }

    init(_ integer: Int64?) { self = integer.map { .integer($0) } ?? .null }

    var isNull: Bool { if case .null = self { true } else { false } }

    /// Appends the value as the protocol's `Bind` message wants it.
    func encode(into buffer: inout [UInt8]) {
        switch self {
        case .integer(let integer): buffer.append(bigEndian: integer)
        case .text(let text): buffer += text.utf8
        case .bytes(let bytes): buffer += bytes
        case .texts(let texts):
            // An array on the wire: dimensions, whether it has nulls, the element's type; then length and lower bound of the dimension.
            let typeOfText: Int32 = 25
            for header in [1, 0, typeOfText, Int32(texts.count), 1] { buffer.append(bigEndian: header) }
            for text in texts {
                buffer.append(bigEndian: Int32(text.count))
                buffer += text
            }
        case .null: break
        }
    }
}

extension [UInt8] {
    fileprivate mutating func append(bigEndian integer: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: integer.bigEndian) { append(contentsOf: $0) }
    }
}

/// A statement's values, encoded one after the other, with the arrays that libpq asks for.
struct PostgresValues {
    private var buffer: [UInt8] = []
    private var offsets: [Int?] = []
    private var lengths: [Int32] = []

    init(_ values: [PostgresValue]) {
        for value in values {
            let start = buffer.count
            value.encode(into: &buffer)
            offsets.append(value.isNull ? nil : start)
            lengths.append(Int32(buffer.count - start))
        }
    }

    /// Calls the body with the number of values, pointers to them, their lengths and their formats.
    func withPointers<Result>(
        _ body: (Int32, UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?) -> Result
    ) -> Result {
        // One more byte, so that an empty text at the end points into the buffer too; null pointers mean NULL.
        (buffer + [0]).withUnsafeBytes { bytes in
            let start = bytes.assumingMemoryBound(to: CChar.self).baseAddress
            let pointers = offsets.map { offset in offset.flatMap { start?.advanced(by: $0) } }
            let binary = [Int32](repeating: 1, count: offsets.count)
            return body(Int32(offsets.count), pointers, lengths, binary)
        }
    }
}
