/// The positions of a sequence that some slots of permuted blocks own, numbered by themselves: a sequence inside a sequence.
///
/// Each block deals every slot to exactly one of its positions, in an order that only the key tells. Whoever owns `k` of a block's `n` slots
/// has exactly `k` positions of every block, and whoever owns other slots has others: the two never meet. The rank of a position counts the
/// owned positions before it, so what is owned is numbered 0, 1, 2, … in the order of the outer sequence, without gaps and by arithmetic.
public struct PermutedSlots: Hashable, Sendable {
    /// The largest block; one that is dealt by an exact shuffle.
    public static let largestBlock: UInt64 = KeyedPermutation.largestShuffle

    /// The number of slots, and of positions in a block.
    public let blockSize: UInt64
    private let key: SecretKey
    private let owned: UInt128

    /// Some slots of a block.
    ///
    /// - Parameters:
    ///   - slots: the owned ones, each below `blockSize`.
    ///   - blockSize: how many slots there are, at most ``largestBlock``.
    ///   - key: the secret that orders every block.
    public init(_ slots: some Sequence<UInt64>, of blockSize: UInt64, key: SecretKey) {
        precondition((1...PermutedSlots.largestBlock).contains(blockSize), "a block has 1 to 128 slots")
        self.blockSize = blockSize
        self.key = key
        owned = slots.reduce(0) { owned, slot in
            precondition(slot < blockSize, "a slot is below the number of slots")
            return owned | 1 << slot
        }
    }

    /// How many slots are owned.
    public var count: UInt64 { UInt64(owned.nonzeroBitCount) }

    /// How many of the positions before this one are owned.
    ///
    /// O(block size); allocates nothing.
    public func rank(of position: UInt64) -> UInt64 {
        let (block, place) = position.quotientAndRemainder(dividingBy: blockSize)
        guard place > 0 else { return block * count }
        return block * count + permutation(of: block).withElements { elements in rank(of: place, in: elements) }
    }

    /// The rank of a position that is owned; nil for others.
    ///
    /// O(block size); allocates nothing.
    public func position(of position: UInt64) -> UInt64? {
        let (block, place) = position.quotientAndRemainder(dividingBy: blockSize)
        return permutation(of: block).withElements { elements in
            owns(elements[Int(place)]) ? block * count + rank(of: place, in: elements) : nil
        }
    }

    /// The slot that is dealt to a position.
    public func slot(at position: UInt64) -> UInt64 {
        let (block, place) = position.quotientAndRemainder(dividingBy: blockSize)
        return permutation(of: block).element(at: place)
    }

    private func owns(_ slot: UInt8) -> Bool { owned >> UInt128(slot) & 1 == 1 }

    private func rank(of place: UInt64, in elements: UnsafeMutableBufferPointer<UInt8>) -> UInt64 {
        var rank: UInt64 = 0
        for earlier in 0..<Int(place) where owns(elements[earlier]) { rank += 1 }
        return rank
    }

    private func permutation(of block: UInt64) -> KeyedPermutation {
        KeyedPermutation(count: blockSize, key: key, epoch: 0, block: block)
    }
}
