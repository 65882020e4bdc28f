/// Checks JSON text (RFC 8259) before anything decodes it: its grammar, how deep it nests, and, if asked to, that no object has a member twice.
///
/// It keeps its own stack of open brackets, so no input can exhaust the thread's.
package struct JSONScanner: ~Copyable {
    package struct Flaw: Error, Equatable {
        /// Offset of the first byte that does not fit.
        package let offset: Int
        /// What would have fitted, such as `a value`.
        package let expected: String
        /// The member that its object has before, where that is what is wrong and not the grammar.
        package var duplicate: String?
    }

    private let bytes: [UInt8]
    private let maximumDepth: Int
    private var offset = 0
    /// The open brackets; true for an object.
    private var open: [Bool] = []
    /// The keys of each open bracket so far; nil where keys may come again.
    private var keys: [Set<String>]?

    /// - Parameter hasUniqueKeys: whether an object that has a member twice is a flaw. Of two members a decoder takes one and says nothing
    ///   of the other, and not every program takes the same (RFC 8259, section 4).
    /// - Throws: the first flaw, if there is one.
    package static func check(_ bytes: [UInt8], maximumDepth: Int, hasUniqueKeys: Bool = false) throws(Flaw) {
        var scanner = JSONScanner(bytes: bytes, maximumDepth: maximumDepth, keys: hasUniqueKeys ? [] : nil)
        try scanner.document()
    }

    private init(bytes: [UInt8], maximumDepth: Int, keys: [Set<String>]?) {
        self.bytes = bytes
        self.maximumDepth = maximumDepth
        self.keys = keys
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
        keys?.append([])
        offset += 1
    }

    private mutating func pop() -> Bool {
        open.removeLast()
        _ = keys?.popLast()
        return true
    }

    private mutating func key() throws(Flaw) {
        skipSpace()
        guard peek == UInt8(ascii: "\"") else { throw flaw("a key in double quotes") }
        let start = offset
        try string()
        if keys != nil {
            let key = JSONScanner.text(bytes[(start + 1)..<(offset - 1)])
            guard keys?[open.count - 1].insert(key).inserted == true else {
                throw Flaw(offset: start, expected: "another key than '\(key)'", duplicate: key)
            }
        }
        guard take(":") else { throw flaw("':'") }
    }

    /// What a string stands for: `"\u0061"` is the same key as `"a"`.
    private static func text(_ string: ArraySlice<UInt8>) -> String {
        guard string.contains(UInt8(ascii: "\\")) else { return String(decoding: string, as: UTF8.self) }
        var units: [UInt16] = []
        var rest = string
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\"), let letter = rest.popFirst() else {
                // Bytes up to the next escape are UTF-8 of their own.
                let plain = [byte] + rest.prefix { $0 != UInt8(ascii: "\\") }
                rest.removeFirst(plain.count - 1)
                units += Array(String(decoding: plain, as: UTF8.self).utf16)
                continue
            }
            switch letter {
            case UInt8(ascii: "u"):
                units.append(rest.prefix(4).reduce(0) { $0 << 4 | UInt16($1.hexadecimalDigit ?? 0) })
                rest = rest.dropFirst(4)
            case UInt8(ascii: "b"): units.append(0x08)
            case UInt8(ascii: "f"): units.append(0x0C)
            case UInt8(ascii: "n"): units.append(0x0A)
            case UInt8(ascii: "r"): units.append(0x0D)
            case UInt8(ascii: "t"): units.append(0x09)
            default: units.append(UInt16(letter))
            }
        }
        return String(decoding: units, as: UTF16.self)
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
