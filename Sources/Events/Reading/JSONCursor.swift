/// Walks through JSON text (RFC 8259) byte by byte, taking what is wanted and making nothing of the rest.
///
/// The bytes must be UTF-8. It recurses only as deep as it is allowed to, so no input can exhaust the stack.
package struct JSONCursor {
    package struct Flaw: Error, Hashable {
        /// The first byte that does not fit.
        package let offset: Int
        /// What would have fitted, such as `a value`, or why it may not be.
        package let message: String
    }

    enum Kind: Hashable { case object, array, string, number, boolean, null }

    let bytes: [UInt8]
    private let end: Int
    private(set) var offset: Int

    /// A cursor at the beginning of a part of the bytes.
    package init(_ bytes: [UInt8], in range: Range<Int>) {
        self.bytes = bytes
        offset = range.lowerBound
        end = range.upperBound
    }

    // MARK: Structure

    /// What the next value is, by its first byte; nil if none begins here.
    mutating func kind() -> Kind? {
        skipSpace()
        guard offset < end else { return nil }
        switch bytes[offset] {
        case UInt8(ascii: "{"): return .object
        case UInt8(ascii: "["): return .array
        case UInt8(ascii: "\""): return .string
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return .boolean
        case UInt8(ascii: "n"): return .null
        default: return nil
        }
    }

    /// Whether nothing but white space follows.
    mutating func isAtEnd() -> Bool {
        skipSpace()
        return offset >= end
    }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        skipSpace()
        guard offset < end, bytes[offset] == UInt8(ascii: character) else { return false }
        offset += 1
        return true
    }

    mutating func expect(_ character: Unicode.Scalar) throws(Flaw) {
        guard take(character) else { throw flaw("expected '\(character)'") }
    }

    /// Walks through an object; the body is called at each value, with its key and the key's offset, and must take it.
    mutating func object(_ member: (inout JSONCursor, String, Int) throws(Flaw) -> Void) throws(Flaw) {
        try expect("{")
        if take("}") { return }
        repeat {
            skipSpace()
            let start = offset
            guard kind() == .string else { throw flaw("expected a key in double quotes") }
            let key = try string()
            try expect(":")
            try member(&self, key, start)
        } while take(",")
        guard take("}") else { throw flaw("expected ',' or '}'") }
    }

    /// Walks through an array; the body is called at each element and must take it.
    mutating func array(_ element: (inout JSONCursor) throws(Flaw) -> Void) throws(Flaw) {
        try expect("[")
        if take("]") { return }
        repeat { try element(&self) } while take(",")
        guard take("]") else { throw flaw("expected ',' or ']'") }
    }

    /// Walks over a value of at most so many levels.
    mutating func skip(depth: Int) throws(Flaw) {
        switch kind() {
        case .object:
            guard depth > 0 else { throw flaw("objects and arrays are nested too deeply") }
            try object { cursor, _, _ throws(Flaw) in try cursor.skip(depth: depth - 1) }
        case .array:
            guard depth > 0 else { throw flaw("objects and arrays are nested too deeply") }
            try array { cursor throws(Flaw) in try cursor.skip(depth: depth - 1) }
        case .string: try skipString()
        case .number: _ = try number()
        case .boolean: try word(bytes[offset] == UInt8(ascii: "t") ? "true" : "false")
        case .null: try word("null")
        case nil: throw flaw("expected a value")
        }
    }

    // MARK: Scalars

    /// Takes a string.
    package mutating func string() throws(Flaw) -> String {
        offset += 1
        let start = offset
        while offset < end {
            switch bytes[offset] {
            case UInt8(ascii: "\""):
                defer { offset += 1 }
                return String(decoding: bytes[start..<offset], as: UTF8.self)
            case UInt8(ascii: "\\"): return try escapedString(from: start)
            case 0..<0x20: throw flaw("a string must not hold raw control characters")
            default: offset += 1
            }
        }
        throw flaw("expected the end of the string")
    }

    /// Takes a string and makes no text of it.
    private mutating func skipString() throws(Flaw) {
        offset += 1
        let start = offset
        while offset < end {
            switch bytes[offset] {
            case UInt8(ascii: "\""):
                offset += 1
                return
            case UInt8(ascii: "\\"):
                _ = try escapedString(from: start)
                return
            case 0..<0x20: throw flaw("a string must not hold raw control characters")
            default: offset += 1
            }
        }
        throw flaw("expected the end of the string")
    }

    private mutating func escapedString(from start: Int) throws(Flaw) -> String {
        var text = Array(bytes[start..<offset])
        while offset < end {
            let byte = bytes[offset]
            switch byte {
            case UInt8(ascii: "\""):
                offset += 1
                return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"): text.append(contentsOf: String(try escape()).utf8)
            case 0..<0x20: throw flaw("a string must not hold raw control characters")
            default:
                text.append(byte)
                offset += 1
            }
        }
        throw flaw("expected the end of the string")
    }

    private mutating func escape() throws(Flaw) -> Unicode.Scalar {
        let start = offset
        offset += 1
        guard offset < end else { throw flaw("expected an escape that JSON has") }
        defer { offset += 1 }
        switch bytes[offset] {
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(bytes[offset])
        case UInt8(ascii: "u"): break
        default: throw flaw("expected an escape that JSON has")
        }
        let half = Flaw(offset: start, message: "half of a pair of surrogates is no character")
        var code = try fourDigits()
        if (0xD800..<0xDC00).contains(code) {
            guard offset + 2 < end, bytes[offset + 1] == UInt8(ascii: "\\"), bytes[offset + 2] == UInt8(ascii: "u") else { throw half }
            offset += 2
            let low = try fourDigits()
            guard (0xDC00..<0xE000).contains(low) else { throw half }
            code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(code) else { throw half }
        // No database keeps it in a text.
        guard code != 0 else { throw Flaw(offset: start, message: "a string must not hold a zero character") }
        return scalar
    }

    /// The four digits after a `u`; the cursor is left on the last.
    private mutating func fourDigits() throws(Flaw) -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<4 {
            offset += 1
            guard offset < end, let digit = Unicode.Scalar(bytes[offset]).hexadecimalDigit else {
                throw flaw("expected four hexadecimal digits")
            }
            code = code << 4 | digit
        }
        return code
    }

    /// Takes a number and gives its text.
    mutating func number() throws(Flaw) -> String {
        let start = offset
        if offset < end, bytes[offset] == UInt8(ascii: "-") { offset += 1 }
        if offset < end, bytes[offset] == UInt8(ascii: "0") {
            offset += 1
            if offset < end, isDigit(bytes[offset]) { throw flaw("expected a number without leading zeros") }
        } else {
            try digits()
        }
        if offset < end, bytes[offset] == UInt8(ascii: ".") {
            offset += 1
            try digits()
        }
        if offset < end, bytes[offset] | 0x20 == UInt8(ascii: "e") {
            offset += 1
            if offset < end, bytes[offset] == UInt8(ascii: "+") || bytes[offset] == UInt8(ascii: "-") { offset += 1 }
            try digits()
        }
        return String(decoding: bytes[start..<offset], as: UTF8.self)
    }

    private mutating func digits() throws(Flaw) {
        let start = offset
        while offset < end, isDigit(bytes[offset]) { offset += 1 }
        guard offset > start else { throw flaw("expected a digit") }
    }

    private mutating func word(_ word: StaticString) throws(Flaw) {
        for index in 0..<word.utf8CodeUnitCount {
            guard offset < end, bytes[offset] == word.utf8Start[index] else { throw flaw("expected '\(word)'") }
            offset += 1
        }
    }

    // MARK: Bytes

    mutating func skipSpace() {
        while offset < end {
            switch bytes[offset] {
            case 0x20, 0x0A, 0x0D, 0x09: offset += 1
            default: return
            }
        }
    }

    func flaw(_ message: String) -> Flaw { Flaw(offset: offset, message: message) }

    private func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }
}

extension Unicode.Scalar {
    fileprivate var hexadecimalDigit: UInt32? {
        switch self {
        case "0"..."9": value - 0x30
        case "a"..."f": value - 0x57
        case "A"..."F": value - 0x37
        default: nil
        }
    }
}
