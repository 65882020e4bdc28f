import Randomization

/// 128 bits that stand for a token in memory: SipHash-2-4-128 under the registry's secret key.
///
/// A token may be 256 bytes; its fingerprint is 16. Without the key nobody can make two tokens meet or crowd one part of
/// the index, and by chance two of a billion devices meet with a probability below 1e-15 (the index keeps 112 bits).
package struct Fingerprint: Sendable, Hashable {
    package let first: UInt64
    package let second: UInt64

    package init(first: UInt64, second: UInt64) {
        self.first = first
        self.second = second
    }

    /// The fingerprint of a token's bytes.
    init(of token: Span<UInt8>, key: SecretKey) {
        let digest = token.bytes.withUnsafeBytes { SipHash.hash128($0, key: key) }
        self.init(first: digest.first, second: digest.second)
    }

    /// Reads what ``unit`` wrote; nil for anything else.
    init?(unit: String) {
        guard let halves = SecretKey(hexadecimal: unit) else { return nil }
        self.init(first: halves.low, second: halves.high)
    }

    /// What stands for a token in records that must not tell it: 32 hexadecimal digits.
    ///
    /// Under the registry's key: whoever asks for a token can be answered, and nobody can guess a token by it.
    var unit: String { SecretKey(low: first, high: second).hexadecimal }

    // Equality takes all the bits; of a keyed hash, any of them are enough to spread by.
    package func hash(into hasher: inout Hasher) {
        hasher.combine(first)
    }
}
