/// SipHash-2-4, a fast keyed hash that cannot be predicted or collided without its key.
///
/// Source: J.-P. Aumasson, D. J. Bernstein, "SipHash: a fast short-input PRF", INDOCRYPT 2012. The 128-bit form is the authors'
/// later extension of the reference implementation. Swift's own `Hasher` would not do: it is seeded anew in every process.
public enum SipHash {
    /// A 128-bit hash: two words, of which either is a good 64-bit hash by itself.
    public struct Digest128: Hashable, Sendable {
        /// The first word of the digest.
        public let first: UInt64
        /// The second word of the digest.
        public let second: UInt64

        /// A digest of the given two words.
        @inlinable public init(first: UInt64, second: UInt64) {
            self.first = first
            self.second = second
        }
    }

    /// The 64-bit hash of a message.
    public static func hash64(_ message: UnsafeRawBufferPointer, key: SecretKey) -> UInt64 {
        var state = State(key: key, wide: false)
        state.absorb(message)
        return state.finish()
    }

    /// The 128-bit hash of a message.
    public static func hash128(_ message: UnsafeRawBufferPointer, key: SecretKey) -> Digest128 {
        var state = State(key: key, wide: true)
        state.absorb(message)
        let first = state.finishWide()
        return Digest128(first: first, second: state.finishSecond())
    }

    /// The 64-bit hash of three words: the same as that of their 24 little-endian bytes, without the copying.
    @inlinable
    package static func hash64(_ a: UInt64, _ b: UInt64, _ c: UInt64, key: SecretKey) -> UInt64 {
        var state = State(key: key, wide: false)
        state.compress(a)
        state.compress(b)
        state.compress(c)
        state.compress(24 << 56)
        return state.finish()
    }

    /// The 128-bit hash of three words: the same as that of their 24 little-endian bytes, without the copying.
    @inlinable
    package static func hash128(_ a: UInt64, _ b: UInt64, _ c: UInt64, key: SecretKey) -> Digest128 {
        var state = State(key: key, wide: true)
        state.compress(a)
        state.compress(b)
        state.compress(c)
        state.compress(24 << 56)
        let first = state.finishWide()
        return Digest128(first: first, second: state.finishSecond())
    }

    /// The four words of state, with the round function of the paper's figure 2.1.
    @usableFromInline
    struct State {
        @usableFromInline var v0: UInt64
        @usableFromInline var v1: UInt64
        @usableFromInline var v2: UInt64
        @usableFromInline var v3: UInt64

        @inlinable
        init(key: SecretKey, wide: Bool) {
            v0 = 0x736f_6d65_7073_6575 ^ key.low
            v1 = 0x646f_7261_6e64_6f6d ^ key.high ^ (wide ? 0xee : 0)
            v2 = 0x6c79_6765_6e65_7261 ^ key.low
            v3 = 0x7465_6462_7974_6573 ^ key.high
        }

        @inlinable @inline(__always)
        mutating func round() {
            v0 &+= v1
            v1 = (v1 &<< 13) | (v1 &>> 51)
            v1 ^= v0
            v0 = (v0 &<< 32) | (v0 &>> 32)
            v2 &+= v3
            v3 = (v3 &<< 16) | (v3 &>> 48)
            v3 ^= v2
            v0 &+= v3
            v3 = (v3 &<< 21) | (v3 &>> 43)
            v3 ^= v0
            v2 &+= v1
            v1 = (v1 &<< 17) | (v1 &>> 47)
            v1 ^= v2
            v2 = (v2 &<< 32) | (v2 &>> 32)
        }

        @inlinable @inline(__always)
        mutating func compress(_ word: UInt64) {
            v3 ^= word
            round()
            round()
            v0 ^= word
        }

        /// Takes the whole message: its full words, then the rest with the length in the top byte.
        mutating func absorb(_ message: UnsafeRawBufferPointer) {
            let whole = message.count & ~7
            var offset = 0
            while offset < whole {
                compress(UInt64(littleEndian: message.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
                offset += 8
            }
            var last = UInt64(truncatingIfNeeded: message.count) &<< 56
            var shift: UInt64 = 0
            while offset < message.count {
                last |= UInt64(message[offset]) &<< shift
                shift += 8
                offset += 1
            }
            compress(last)
        }

        @inlinable
        mutating func finish() -> UInt64 { finalRounds(flipping: 0xff) }

        @inlinable
        mutating func finishWide() -> UInt64 { finalRounds(flipping: 0xee) }

        /// The second word of the wide digest, to be asked for after the first.
        @inlinable
        mutating func finishSecond() -> UInt64 {
            v1 ^= 0xdd
            return fourRounds()
        }

        @inlinable @inline(__always)
        mutating func finalRounds(flipping mask: UInt64) -> UInt64 {
            v2 ^= mask
            return fourRounds()
        }

        @inlinable @inline(__always)
        mutating func fourRounds() -> UInt64 {
            round()
            round()
            round()
            round()
            return v0 ^ v1 ^ v2 ^ v3
        }
    }
}
