/// Checks JSON text (RFC 8259) before anything decodes it: its grammar, and how deep it nests.
///
/// It keeps its own stack of open brackets, so no input can exhaust the thread's.
package struct JSONScanner: ~Copyable {
    package struct Flaw: Error, Equatable {
        /// Offset of the first byte that does not fit.
        package let offset: Int
        /// What would have fitted, such as `a value`.
        package let expected: String
    }

    private let bytes: [UInt8]
    private let maximumDepth: Int
    private var offset = 0
    /// The open brackets; true for an object.
    private var open: [Bool] = []

    /// - Throws: the first flaw, if there is one.
    package static func check(_ bytes: [UInt8], maximumDepth: Int) throws(Flaw) {
        var scanner = JSONScanner(bytes: bytes, maximumDepth: maximumDepth)
        try scanner.document()
    }

    private init(bytes: [UInt8], maximumDepth: Int) {
        self.bytes = bytes
        self.maximumDepth = maximumDepth
    }

    // MARK: Structure

    private mutating func document() throws(Flaw) {
        repeat {
            let isClosed = try value()
            if isClosed { try close() }
        } while !open.isEmpty
        skipSpace()
        if offset < bytes.count { throw flaw("nothing more") }
    }

    /// Reads a value, or a bracket that opens one with something in it.
    /// - Returns: whether the value is complete.
    private mutating func value() throws(Flaw) -> Bool {
        skipSpace()
        switch peek {
        case UInt8(ascii: "{"):
            try push(isObject: true)
            if take("}") { return pop() }
            try key()
            return false
        case UInt8(ascii: "["):
            try push(isObject: false)
            return take("]") ? pop() : false
        case UInt8(ascii: "\""): try string()
        case UInt8(ascii: "t"): try word("true")
        case UInt8(ascii: "f"): try word("false")
        case UInt8(ascii: "n"): try word("null")
        default: try number()
        }
        return true
    }

    /// After a value: closes brackets, up to a comma that another value follows.
    private mutating func close() throws(Flaw) {
        while let isObject = open.last {
            if take(",") {
                if isObject { try key() }
                return
            }
            guard take(isObject ? "}" : "]") else { throw flaw(isObject ? "',' or '}'" : "',' or ']'") }
            _ = pop()
        }
    }

    private mutating func push(isObject: Bool) throws(Flaw) {
        guard open.count < maximumDepth else { throw flaw("at most \(maximumDepth) levels of nesting") }
        open.append(isObject)
        offset += 1
    }

    private mutating func pop() -> Bool {
        open.removeLast()
        return true
    }

    private mutating func key() throws(Flaw) {
        skipSpace()
        guard peek == UInt8(ascii: "\"") else { throw flaw("a key in double quotes") }
        try string()
        guard take(":") else { throw flaw("':'") }
    }

    // MARK: Scalars

    private mutating func string() throws(Flaw) {
        offset += 1
        while let byte = peek {
            switch byte {
            case UInt8(ascii: "\""):
                offset += 1
                return
            case UInt8(ascii: "\\"):
                offset += 1
                try escape()
            case 0..<0x20: throw flaw("a string without raw control characters")
            default: offset += 1
            }
        }
        throw flaw("the end of the string")
    }

    private mutating func escape() throws(Flaw) {
        guard let letter = peek, "\"\\/bfnrtu".utf8.contains(letter) else { throw flaw("an escape that JSON has") }
        offset += 1
        guard letter == UInt8(ascii: "u") else { return }
        for _ in 0..<4 {
            guard let digit = peek, digit.hexadecimalDigit != nil else { throw flaw("four hexadecimal digits") }
            offset += 1
        }
    }

    private mutating func word(_ word: StaticString) throws(Flaw) {
        for index in 0..<word.utf8CodeUnitCount {
            guard peek == word.utf8Start[index] else { throw flaw("'\(word)'") }
            offset += 1
        }
    }

    private mutating func number() throws(Flaw) {
        if peek == UInt8(ascii: "-") { offset += 1 }
        if peek == UInt8(ascii: "0") {
            offset += 1
            if let next = peek, isDigit(next) { throw flaw("a number without leading zeros") }
        } else if !digits() {
            throw flaw("a value")
        }
        if peek == UInt8(ascii: ".") {
            offset += 1
            guard digits() else { throw flaw("a digit") }
        }
        if peek == UInt8(ascii: "e") || peek == UInt8(ascii: "E") {
            offset += 1
            if peek == UInt8(ascii: "+") || peek == UInt8(ascii: "-") { offset += 1 }
            guard digits() else { throw flaw("a digit") }
        }
    }

    private mutating func digits() -> Bool {
        let start = offset
        while let byte = peek, isDigit(byte) { offset += 1 }
        return offset > start
    }

    // MARK: Bytes

    private var peek: UInt8? {
        offset < bytes.count ? bytes[offset] : nil
    }

    private func isDigit(_ byte: UInt8) -> Bool {
        byte &- UInt8(ascii: "0") < 10
    }

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { offset += 1 }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        skipSpace()
        guard peek == UInt8(ascii: character) else { return false }
        offset += 1
        return true
    }

    private func flaw(_ expected: String) -> Flaw {
        Flaw(offset: offset, expected: expected)
    }
}
