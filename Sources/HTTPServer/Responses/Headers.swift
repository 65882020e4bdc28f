/// The header fields of a response, in the order they are sent.
///
/// Names match in any case.
package struct Headers: Sendable, ExpressibleByDictionaryLiteral {
    package private(set) var fields: [(name: String, value: String)] = []

    package init(dictionaryLiteral fields: (String, String)...) {
        for field in fields { append(field.1, for: field.0) }
    }

    /// The first value of a field; setting it replaces all of them.
    package subscript(name: String) -> String? {
        get { fields.first { $0.name.equalsIgnoringCase(name) }?.value }
        set {
            fields.removeAll { $0.name.equalsIgnoringCase(name) }
            if let newValue { append(newValue, for: name) }
        }
    }

    /// Adds a field beside those of the same name.
    ///
    /// Control characters are dropped from the value: a line feed in it would let whoever chose the value add headers of their own.
    package mutating func append(_ value: String, for name: String) {
        let safe =
            value.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F }
            ? String(String.UnicodeScalarView(value.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F })) : value
        fields.append((name, safe))
    }
}

extension StringProtocol {
    /// Whether two header names are the same: ASCII letters match in either case.
    func equalsIgnoringCase(_ other: some StringProtocol) -> Bool {
        utf8.count == other.utf8.count && zip(utf8, other.utf8).allSatisfy { $0.lowercasedASCII == $1.lowercasedASCII }
    }
}

extension UInt8 {
    var lowercasedASCII: UInt8 {
        self &- UInt8(ascii: "A") < 26 ? self | 0x20 : self
    }
}
