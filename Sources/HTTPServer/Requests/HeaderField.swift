/// A header field where it lies.
typealias HeaderField = (name: UnsafeBufferPointer<UInt8>, value: UnsafeBufferPointer<UInt8>)

/// Looks for a field among those it is shown.
struct FieldSearch {
    let name: StaticString
    private(set) var first: UnsafeBufferPointer<UInt8>?
    private(set) var count = 0

    init(name: StaticString) {
        self.name = name
    }

    mutating func visit(_ field: HeaderField) {
        guard field.name.equalsIgnoringCase(name) else { return }
        first = first ?? field.value.withoutTrailingSpace
        count += 1
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// Whether it is an ASCII text, whose letters match in either case.
    func equalsIgnoringCase(_ text: StaticString) -> Bool {
        guard count == text.utf8CodeUnitCount else { return false }
        for index in 0..<count where self[index].lowercasedASCII != text.utf8Start[index].lowercasedASCII { return false }
        return true
    }

    /// A field's value ends before the spaces and tabulators after it (RFC 9110 § 5.5), which libmicrohttpd leaves there.
    var withoutTrailingSpace: UnsafeBufferPointer<UInt8> {
        var end = count
        while end > 0, self[end - 1] == 0x20 || self[end - 1] == 0x09 { end -= 1 }
        return UnsafeBufferPointer(rebasing: self[..<end])
    }

    /// Whether it can be a field's name (RFC 9110 § 5.6.2).
    var isToken: Bool {
        !isEmpty && allSatisfy { TokenBytes.all[$0] }
    }

    /// Whether it can be a field's value: no byte of it is a control character but the tabulator (RFC 9110 § 5.5).
    var isFieldContent: Bool {
        var isPlain = true
        // Without an early way out the loop is a few vector instructions.
        for index in 0..<count where (self[index] < 0x20 && self[index] != 0x09) || self[index] == 0x7F { isPlain = false }
        return isPlain
    }
}

/// The bytes that may be in a token, as a set of bits.
private struct TokenBytes {
    private let low: UInt64
    private let high: UInt64

    static let all = TokenBytes("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")

    private init(_ text: StaticString) {
        var (low, high): (UInt64, UInt64) = (0, 0)
        for index in 0..<text.utf8CodeUnitCount {
            let byte = text.utf8Start[index]
            if byte < 64 { low |= 1 << UInt64(byte) } else { high |= 1 << UInt64(byte - 64) }
        }
        self.low = low
        self.high = high
    }

    subscript(byte: UInt8) -> Bool {
        byte < 128 && ((byte < 64 ? low : high) >> UInt64(byte & 63)) & 1 == 1
    }
}
