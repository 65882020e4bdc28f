/// Reads a test from JSON: the object, the three groups without it, or a string that holds either.
///
/// The ids are read straight from the bytes; nothing else is ever made of them.
package struct TestScanner {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var offset = 0
    private var found: [[Int]?] = [nil, nil, nil]
    private var label: Int?

    /// - Throws: where the first thing that does not fit is, and what would have.
    package static func read(_ body: [UInt8]) throws(EffectTestError) -> EffectTest {
        try read(body, depth: 0).test
    }

    /// The same with the whole number under the key `label`, if it is there.
    static func readLabelled(_ body: [UInt8]) throws(EffectTestError) -> (test: EffectTest, label: Int?) {
        try read(body, depth: 0)
    }

    private static func read(_ body: [UInt8], depth: Int) throws(EffectTestError) -> (test: EffectTest, label: Int?) {
        let outcome = body.withUnsafeBufferPointer { bytes in
            Result { () throws(EffectTestError) in
                var scanner = TestScanner(bytes: bytes)
                return try scanner.document()
            }
        }
        switch try outcome.get() {
        case .test(let test, let label): return (test, label)
        case .text(let inner):
            guard depth < 2 else { throw .malformed(place: "$", expected: "an object; the JSON is encoded more than twice") }
            return try read(inner, depth: depth + 1)
        }
    }

    private enum Document {
        case test(EffectTest, label: Int?)
        case text([UInt8])
    }

    private init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    private mutating func document() throws(EffectTestError) -> Document {
        skipSpace()
        if peek == UInt8(ascii: "\"") {
            let text = try string()
            try end()
            return .text(text)
        }
        try object(at: "$", mayWrap: true)
        try end()
        let groups = EffectTest.keys
        for (group, ids) in zip(groups, found) where ids == nil { throw .malformed(place: "$", expected: "the key '\(group)'") }
        for (group, ids) in zip(groups, found) where ids?.isEmpty == true { throw .emptyGroup(group) }
        return .test(EffectTest(a1: found[0] ?? [], a2: found[1] ?? [], b: found[2] ?? []), label: label)
    }

    private mutating func end() throws(EffectTestError) {
        skipSpace()
        guard offset == bytes.count else { throw flaw("$", "nothing after the value") }
    }

    private mutating func object(at place: String, mayWrap: Bool) throws(EffectTestError) {
        guard take("{") else { throw flaw(place, "an object with \(EffectTest.keys.joined(separator: ", "))") }
        if take("}") { return }
        repeat {
            skipSpace()
            guard peek == UInt8(ascii: "\"") else { throw flaw(place, "a key in double quotes") }
            let key = String(decoding: try string(), as: UTF8.self)
            guard take(":") else { throw flaw(place, "':'") }
            if let group = EffectTest.keys.firstIndex(of: key) {
                guard found[group] == nil else { throw flaw("\(place).\(key)", "the key only once") }
                found[group] = try ids(at: "\(place).\(key)")
            } else if key == "test", mayWrap {
                skipSpace()
                try object(at: "$.test", mayWrap: false)
            } else {
                skipSpace()
                let start = offset
                try skipValue(at: "\(place).\(key)")
                if key == "label" { label = Int(String(decoding: bytes[start..<offset], as: UTF8.self)) }
            }
        } while take(",")
        guard take("}") else { throw flaw(place, "',' or '}'") }
    }

    private mutating func ids(at place: String) throws(EffectTestError) -> [Int] {
        guard take("[") else { throw flaw(place, "an array of whole numbers") }
        if take("]") { return [] }
        var ids: [Int] = []
        ids.reserveCapacity(min(1 << 20, (bytes.count - offset) / 16))
        while true {
            var cursor = offset
            while let id = TestScanner.shortID(bytes, &cursor) { ids.append(id) }
            offset = cursor
            while offset < bytes.count, bytes[offset] <= 0x20, isSpace(bytes[offset]) { offset += 1 }
            let isNegative = offset < bytes.count && bytes[offset] == UInt8(ascii: "-")
            if isNegative { offset += 1 }
            let start = offset
            var value = 0
            while offset < bytes.count {
                let digit = bytes[offset] &- UInt8(ascii: "0")
                guard digit < 10 else { break }
                value = value &* 10 &+ Int(digit)
                offset += 1
            }
            let digits = offset - start
            guard digits > 0, digits <= 18, digits == 1 || bytes[start] != UInt8(ascii: "0") else {
                offset = start
                throw flaw("\(place)[\(ids.count)]", "a whole number of at most 18 digits")
            }
            ids.append(isNegative ? -value : value)
            if offset < bytes.count, bytes[offset] == UInt8(ascii: ",") {
                offset += 1
                continue
            }
            if take(",") { continue }
            if take("]") { return ids }
            throw flaw("\(place)[\(ids.count - 1)]", "a whole number, then ',' or ']'")
        }
    }

    /// The id at the cursor, which moves behind it and its comma, if it has one to seven digits and nothing else before the comma, as most
    /// have; else nil, and nothing is read.
    ///
    /// All digits at once, within one word: pairs, then pairs of pairs
    /// (https://lemire.me/blog/2022/01/21/swar-explained-parsing-eight-digits/).
    @inline(__always)
    private static func shortID(_ bytes: UnsafeBufferPointer<UInt8>, _ cursor: inout Int) -> Int? {
        guard cursor &+ 8 <= bytes.count else { return nil }
        let text = UInt64(littleEndian: UnsafeRawBufferPointer(bytes).loadUnaligned(fromByteOffset: cursor, as: UInt64.self))
        let digits = text ^ 0x3030_3030_3030_3030
        // The high bit of each byte that is no digit; what the lowest of them carries into those above it does not matter.
        let others = ((digits &+ 0x7676_7676_7676_7676) | digits) & 0x8080_8080_8080_8080
        // Most have seven digits: the processor guesses so, and reads on before it knows.
        if others == 1 << 63, text >> 56 == UInt64(UInt8(ascii: ",")), digits & 0xFF != 0 {
            cursor &+= 8
            return value(of: digits << 8)
        }
        let bits = UInt64(others.trailingZeroBitCount & ~7)
        // Neither none nor eight digits, a comma behind them, and no zero in front of others.
        let isPadded = digits & 0xFF == 0 && bits > 8
        guard bits &- 8 < 56, UInt8(truncatingIfNeeded: text >> bits) == UInt8(ascii: ","), !isPadded else { return nil }
        cursor &+= Int(bits >> 3) &+ 1
        return value(of: digits << (64 &- bits))
    }

    /// The number that eight digits make, the first of them in the lowest byte.
    @inline(__always)
    private static func value(of digits: UInt64) -> Int {
        let pairs = digits &* 10 &+ (digits >> 8)
        let (high, low) = ((pairs & 0xFF_0000_00FF) &* 0xF4240_0000_0064, ((pairs >> 16) & 0xFF_0000_00FF) &* 0x2710_0000_0001)
        return Int((high &+ low) >> 32)
    }

    /// Any value under a key that is not ours; brackets are counted, so no depth exhausts the stack.
    private mutating func skipValue(at place: String) throws(EffectTestError) {
        var depth = 0
        repeat {
            skipSpace()
            switch peek {
            case UInt8(ascii: "\""): _ = try string()
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                offset += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                offset += 1
            case UInt8(ascii: ","), UInt8(ascii: ":"):
                guard depth > 0 else { throw flaw(place, "a value") }
                offset += 1
            case nil: throw flaw(place, "a value")
            default:
                let start = offset
                while let byte = peek, TestScanner.isWord(byte) { offset += 1 }
                guard offset > start else { throw flaw(place, "a value") }
            }
        } while depth > 0
        guard depth == 0 else { throw flaw(place, "a value") }
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        byte &- UInt8(ascii: "0") < 10 || (byte | 0x20) &- UInt8(ascii: "a") < 26 || "+-.".utf8.contains(byte)
    }

    /// A string, its escapes undone.
    private mutating func string() throws(EffectTestError) -> [UInt8] {
        offset += 1
        var text: [UInt8] = []
        while let byte = peek {
            let start = offset
            if byte == UInt8(ascii: "\"") {
                offset += 1
                return text
            }
            if byte == UInt8(ascii: "\\") {
                offset += 1
                try escape(into: &text)
                continue
            }
            while let next = peek, next != UInt8(ascii: "\""), next != UInt8(ascii: "\\") { offset += 1 }
            text += bytes[start..<offset]
        }
        throw flaw("$", "the end of the string")
    }

    private mutating func escape(into text: inout [UInt8]) throws(EffectTestError) {
        guard let letter = peek else { throw flaw("$", "the end of the string") }
        offset += 1
        switch letter {
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(letter)
        case UInt8(ascii: "u"):
            let digits = String(decoding: bytes[offset..<min(offset + 4, bytes.count)], as: UTF8.self)
            guard digits.utf8.count == 4, let code = UInt32(digits, radix: 16) else { throw flaw("$", "four hexadecimal digits") }
            offset += 4
            // None of what is wanted lies beyond ASCII; halves of pairs become the sign for what cannot be read.
            text += Array(String(Character(Unicode.Scalar(code) ?? "\u{FFFD}")).utf8)
        default: throw flaw("$", "an escape that JSON has")
        }
    }

    // MARK: Bytes

    private var peek: UInt8? { offset < bytes.count ? bytes[offset] : nil }

    private func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }

    private mutating func skipSpace() {
        while let byte = peek, isSpace(byte) { offset += 1 }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        skipSpace()
        guard peek == UInt8(ascii: character) else { return false }
        offset += 1
        return true
    }

    private func flaw(_ place: String, _ expected: String) -> EffectTestError {
        let before = bytes[..<min(offset, bytes.count)]
        let line = before.count { $0 == 0x0A } + 1
        let column = before.count - (before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0) + 1
        return .malformed(place: "\(place) (line \(line), column \(column))", expected: expected)
    }
}
