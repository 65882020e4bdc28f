/// A 128-bit secret under which hashes and permutations are keyed.
///
/// Whoever does not know the key cannot tell a keyed value from a random one; so keys never appear in answers, logs or `description`.
public struct SecretKey: Hashable, Sendable {
    /// The first eight bytes, read as a little-endian number.
    public let low: UInt64
    /// The last eight bytes, read as a little-endian number.
    public let high: UInt64

    /// A key of the given two halves.
    public init(low: UInt64, high: UInt64) {
        self.low = low
        self.high = high
    }

    /// A new key from the system's cryptographically secure generator.
    public static func random() -> SecretKey {
        var generator = SystemRandomNumberGenerator()
        return SecretKey(low: generator.next(), high: generator.next())
    }

    /// Reads 32 hexadecimal digits, as ``hexadecimal`` writes them; `nil` for anything else.
    public init?(hexadecimal text: String) {
        let digits = Array(text.utf8)
        guard digits.count == 32, digits.allSatisfy({ $0 < 0x80 && Character(UnicodeScalar($0)).isHexDigit }),
            let low = UInt64(text.prefix(16), radix: 16), let high = UInt64(text.suffix(16), radix: 16)
        else { return nil }
        self.init(low: low, high: high)
    }

    /// The key as 32 hexadecimal digits, for storage only.
    public var hexadecimal: String { SecretKey.digits(low) + SecretKey.digits(high) }

    private static func digits(_ word: UInt64) -> String {
        let text = String(word, radix: 16)
        return String(repeating: "0", count: 16 - text.count) + text
    }
}

extension SecretKey: CustomStringConvertible, CustomReflectable {
    /// Never the key itself.
    public var description: String { "SecretKey(hidden)" }

    /// Empty, so that `dump` and string interpolation of an enclosing value show nothing either.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
