/// A keyed hash of short texts: fast, and of no use to those who would like texts to collide, as the key is new in every process.
///
/// Eight bytes at a time are folded by a product of 128 bits, as in Wang Yi's wyhash (https://github.com/wangyi-fudan/wyhash).
struct FieldHash {
    private let key: UInt64
    private let factor: UInt64

    init() {
        var generator = SystemRandomNumberGenerator()
        key = generator.next()
        // An odd number with bits in all places.
        factor = generator.next() | 0x8000_0001_0000_0001
    }

    /// The hash of a text that follows what has the hash `before`.
    @inline(__always)
    func hash(_ field: UnsafeBufferPointer<UInt8>, after before: UInt64 = 0) -> UInt64 {
        var hash = fold(before ^ key, UInt64(field.count) ^ factor)
        let bytes = UnsafeRawBufferPointer(field)
        var place = 0
        while place + 8 <= bytes.count {
            hash = fold(hash ^ bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self), factor)
            place += 8
        }
        guard place < bytes.count else { return hash }
        var word: UInt64 = 0
        while place < bytes.count {
            word = word << 8 | UInt64(bytes[place])
            place += 1
        }
        return fold(hash ^ word, factor ^ key)
    }

    /// Both halves of a product, together.
    @inline(__always)
    private func fold(_ a: UInt64, _ b: UInt64) -> UInt64 {
        let (high, low) = a.multipliedFullWidth(by: b)
        return high ^ low ^ a
    }
}
