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

    /// Whether it is no `Content-Encoding` at all, by its value (RFC 9110 § 8.4).
    var isIdentity: Bool {
        let value = withoutTrailingSpace
        return value.isEmpty || value.equalsIgnoringCase("identity")
    }

    /// Whether it can be a host and a port (RFC 9112 § 3.2, RFC 3986 § 3.2.2): a name, an address, or an address in brackets; or nothing.
    var isHost: Bool {
        var index = 0
        if first == UInt8(ascii: "[") {
            guard let end = firstIndex(of: UInt8(ascii: "]")), end > 1 else { return false }
            for byte in self[1..<end] where !byte.isInHost && byte != UInt8(ascii: ":") { return false }
            index = end + 1
        } else {
            while index < count, self[index].isInHost {
                if self[index] == UInt8(ascii: "%") {
                    guard index + 2 < count, self[index + 1].isHexadecimalDigit, self[index + 2].isHexadecimalDigit else { return false }
                }
                index += 1
            }
        }
        if index == count { return true }
        guard self[index] == UInt8(ascii: ":") else { return false }
        return self[(index + 1)...].allSatisfy { $0 &- UInt8(ascii: "0") < 10 }
    }

    /// Whether it can be a field's name (RFC 9110 § 5.6.2).
    var isToken: Bool {
        !isEmpty && allSatisfy { $0.isInToken }
    }

    /// Whether it can be a field's value: no byte of it is a control character but the tabulator (RFC 9110 § 5.5).
    var isFieldContent: Bool {
        var isPlain = true
        // Without an early way out the loop is a few vector instructions.
        for index in 0..<count where (self[index] < 0x20 && self[index] != 0x09) || self[index] == 0x7F { isPlain = false }
        return isPlain
    }
}

// Compared, not looked up: whether a table was made already is asked each time that it is used.
extension UInt8 {
    fileprivate var isHexadecimalDigit: Bool { self &- 0x30 < 10 || (self | 0x20) &- 0x61 < 6 }

    /// Whether it may be in a host's name.
    fileprivate var isInHost: Bool {
        switch Unicode.Scalar(self) {
        case "0"..."9", "A"..."Z", "a"..."z", "!", "$", "%", "&", "'", "(", ")", "*", "+", ",", "-", ".", ";", "=", "_", "~": true
        default: false
        }
    }

    /// Whether it may be in a token.
    fileprivate var isInToken: Bool {
        switch Unicode.Scalar(self) {
        case "0"..."9", "A"..."Z", "a"..."z", "!", "#", "$", "%", "&", "'", "*", "+", "-", ".", "^", "_", "`", "|", "~": true
        default: false
        }
    }
}
