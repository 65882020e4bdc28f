/// Permuted-block randomisation: consecutive positions fall into blocks, and each block deals out exactly the same counts, in an order
/// that only the key tells.
///
/// After every whole block the proportions are exact, and between them no arm is ever more than one block's share off. Each block has an
/// order of its own, so nothing dealt in one block tells anything about the next.
///
/// Source: M. Zelen, "The randomization and stratification of patients to clinical trials", J. Chronic Diseases 27 (1974) 365-375.
public struct PermutedBlocks: Hashable, Sendable {
    /// How often each arm occurs in one block.
    public let counts: [UInt64]
    /// The number of positions in a block: the sum of ``counts``.
    public let blockSize: UInt64
    private let key: SecretKey
    private let epoch: UInt64
    /// `bounds[i]` is the first element of the sorted block that no longer belongs to arm `i`.
    private let bounds: [UInt64]

    /// Blocks that hold each arm the given number of times.
    ///
    /// - Parameters:
    ///   - counts: how often each arm occurs in a block: positive, with a sum below 2³².
    ///   - key: the secret that orders every block.
    ///   - epoch: a number that gives unrelated orders under the same key.
    public init(counts: [UInt64], key: SecretKey, epoch: UInt64) {
        precondition(!counts.isEmpty && counts.allSatisfy { $0 > 0 }, "every arm occurs in a block")
        var sum: UInt64 = 0
        bounds = counts.map { count in
            sum += count
            return sum
        }
        precondition(sum <= UInt64(UInt32.max), "a block has fewer than 2^32 positions")
        self.counts = counts
        self.blockSize = sum
        self.key = key
        self.epoch = epoch
    }

    /// The arm at a position: an index into ``counts``.
    ///
    /// O(block size) up to 128, O(1) above.
    public func arm(at position: UInt64) -> Int {
        let (block, place) = position.quotientAndRemainder(dividingBy: blockSize)
        let element = KeyedPermutation(count: blockSize, key: key, epoch: epoch, block: block).element(at: place)
        var arm = 0
        while element >= bounds[arm] { arm += 1 }
        return arm
    }

    /// The block that holds a position, and the position's place in it; both from zero.
    public func place(of position: UInt64) -> (block: UInt64, place: UInt64) {
        let (block, place) = position.quotientAndRemainder(dividingBy: blockSize)
        return (block, place)
    }

    /// How often each arm has been dealt to the first `positions` positions: arithmetic for whole blocks, and a look at the last one.
    public func tally(first positions: UInt64) -> [UInt64] {
        let (blocks, rest) = positions.quotientAndRemainder(dividingBy: blockSize)
        var tally = counts.map { $0 * blocks }
        for position in blocks * blockSize..<blocks * blockSize + rest { tally[arm(at: position)] += 1 }
        return tally
    }
}
