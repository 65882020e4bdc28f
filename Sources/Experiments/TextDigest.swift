import Randomization

/// A short text that stands for a long one: the same for the same, and another for another.
///
/// 128 bits, so that nobody hits another's by accident; it keeps nothing secret.
package struct TextDigest: Hashable, Sendable {
    /// 32 hexadecimal digits.
    package let text: String

    package init(of long: String) {
        var long = long
        let hash = long.withUTF8 { SipHash.hash128(UnsafeRawBufferPointer($0), key: SecretKey(low: 0, high: 0)) }
        text = SecretKey(low: hash.first, high: hash.second).hexadecimal
    }
}
