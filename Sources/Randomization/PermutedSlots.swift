/// The positions of a sequence that some slots of permuted blocks own, numbered by themselves: a sequence inside a sequence.
///
/// Each block deals every slot to exactly one of its positions, in an order that only the key tells. Whoever owns `k` of a block's `n` slots
/// has exactly `k` positions of every block, and whoever owns other slots has others: the two never meet. The rank of a position counts the
/// owned positions before it, so what is owned is numbered 0, 1, 2, … in the order of the outer sequence, without gaps and by arithmetic.
public struct PermutedSlots: Hashable, Sendable {
    /// The largest block; one that is dealt by an exact shuffle.
    public static let largestBlock: UInt64 = KeyedPermutation.largestShuffle

    /// Where a position lies in its block's order, whoever owns which slots: worked out once, it serves every owner.
    public struct Place: Hashable, Sendable {
        /// The slot that is dealt to the position.
        public let slot: UInt64
        fileprivate let block: UInt64
        /// The slots that the block dealt to positions before.
        fileprivate let before: UInt128
    }

    /// The number of slots, and of positions in a block.
    public let blockSize: UInt64
    private let key: SecretKey
    private let dealing: UInt64
    private let owned: UInt128

    /// Some slots of a block.
    ///
    /// - Parameters:
    ///   - slots: the owned ones, each below `blockSize`.
    ///   - blockSize: how many slots there are, at most ``largestBlock``.
    ///   - key: the secret that orders every block.
    ///   - dealing: a number that gives unrelated orders under the same key.
    public init(_ slots: some Sequence<UInt64>, of blockSize: UInt64, key: SecretKey, dealing: UInt64 = 0) {
        precondition((1...PermutedSlots.largestBlock).contains(blockSize), "a block has 1 to 128 slots")
        self.blockSize = blockSize
        self.key = key
        self.dealing = dealing
        owned = slots.reduce(0) { owned, slot in
            precondition(slot < blockSize, "a slot is below the number of slots")
            return owned | 1 << slot
        }
    }

    /// How many slots are owned.
    public var count: UInt64 { UInt64(owned.nonzeroBitCount) }

    /// Where a position lies.
    ///
    /// O(block size); allocates nothing.
    public func place(of position: UInt64) -> Place {
        let (block, index) = position.quotientAndRemainder(dividingBy: blockSize)
        let permutation = KeyedPermutation(count: blockSize, key: key, epoch: dealing, block: block)
        return permutation.withElements { elements in
            var before: UInt128 = 0
            for earlier in 0..<Int(index) { before |= 1 << UInt128(elements[earlier]) }
            return Place(slot: UInt64(elements[Int(index)]), block: block, before: before)
        }
    }

    /// Whether the slot that was dealt is owned.
    ///
    /// - Parameter place: of slots that are as many and dealt alike.
    public func owns(_ place: Place) -> Bool { owned >> UInt128(place.slot) & 1 == 1 }

    /// How many of the positions before a place are owned.
    public func rank(at place: Place) -> UInt64 { place.block * count + UInt64((owned & place.before).nonzeroBitCount) }

    /// The rank of a place that is owned; nil for others.
    public func position(at place: Place) -> UInt64? { owns(place) ? rank(at: place) : nil }

    /// How many of the positions before this one are owned.
    ///
    /// O(block size); allocates nothing.
    public func rank(of position: UInt64) -> UInt64 {
        let (block, index) = position.quotientAndRemainder(dividingBy: blockSize)
        return index == 0 ? block * count : rank(at: place(of: position))
    }

    /// The rank of a position that is owned; nil for others.
    ///
    /// O(block size); allocates nothing.
    public func position(of position: UInt64) -> UInt64? { self.position(at: place(of: position)) }

    /// The slot that is dealt to a position.
    public func slot(at position: UInt64) -> UInt64 {
        let (block, index) = position.quotientAndRemainder(dividingBy: blockSize)
        return KeyedPermutation(count: blockSize, key: key, epoch: dealing, block: block).element(at: index)
    }
}
