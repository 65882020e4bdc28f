import Randomization
import Testing

@Suite struct PermutedBlocksTests {
    private let key = SecretKey(low: 0x0123_4567_89ab_cdef, high: 0xfedc_ba98_7654_3210)

    @Test(arguments: [[1, 1, 1], [15, 2, 1, 2], [1, 999], [3333, 3333, 3334]] as [[UInt64]])
    func `whole blocks are exact, and nothing is ever more than a block off`(_ counts: [UInt64]) {
        let blocks = PermutedBlocks(counts: counts, key: key, epoch: 3)
        var dealt = [UInt64](repeating: 0, count: counts.count)
        for position in 0..<max(600, 2 * blocks.blockSize) {
            dealt[blocks.arm(at: position)] += 1
            let (whole, rest) = (position + 1).quotientAndRemainder(dividingBy: blocks.blockSize)
            for (arm, count) in counts.enumerated() {
                #expect(dealt[arm] >= whole * count && dealt[arm] <= (rest == 0 ? whole : whole + 1) * count)
            }
        }
    }

    @Test(arguments: [0, 1, 2, 3, 19, 20, 21, 59, 600, 12_345] as [UInt64])
    func `the tally is what dealing one by one gives`(_ positions: UInt64) {
        let blocks = PermutedBlocks(counts: [15, 2, 1, 2], key: key, epoch: 0)
        var dealt: [UInt64] = [0, 0, 0, 0]
        for position in 0..<positions { dealt[blocks.arm(at: position)] += 1 }
        #expect(blocks.tally(first: positions) == dealt)
    }

    // Values fixed once and for ever: if one changes, every device in the field would change its variant.
    @Test func `what is dealt never changes between versions`() {
        let small = PermutedBlocks(counts: [1, 1, 1], key: key, epoch: 0)
        let middle = PermutedBlocks(counts: [15, 2, 1, 2], key: key, epoch: 1)
        let large = PermutedBlocks(counts: [3333, 3333, 3334], key: key, epoch: 2)
        #expect((0..<12).map(small.arm) == [0, 2, 1, 2, 0, 1, 1, 2, 0, 0, 2, 1])
        #expect((0..<20).map(middle.arm) == [0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 2, 3, 0, 0, 0, 0, 0, 3])
        #expect((0..<12).map(large.arm) == [0, 2, 1, 1, 1, 2, 1, 0, 0, 1, 0, 2])
    }

    // The order of one block against the order of the next, 60,000 pairs in 36 cells of known expectation; the chi-square quantile at
    // 1 - 1e-4 with 35 degrees of freedom is 73.31.
    @Test func `a block tells nothing about the next`() {
        let blocks = PermutedBlocks(counts: [1, 1, 1], key: key, epoch: 0)
        var cells = [Double](repeating: 0, count: 36)
        func order(_ block: UInt64) -> Int {
            let arms = (0..<3).map { blocks.arm(at: block * 3 + UInt64($0)) }
            return arms[0] * 2 + (arms[1] > arms[2] ? 1 : 0)
        }
        for pair in 0..<UInt64(60_000) { cells[order(2 * pair) * 6 + order(2 * pair + 1)] += 1 }
        let expected = 60_000.0 / 36
        #expect(cells.reduce(0) { $0 + ($1 - expected) * ($1 - expected) / expected } < 73.31)
    }

    // Whoever sees every device before, but not the secret, can do no better than to guess what the block still owes most of. For
    // blocks of three equal arms that is right (1/3 + 1/2 + 1) / 3 = 61.1 % of the time; exact blocks cannot give less away.
    @Test func `nobody guesses better than the arithmetic of exact blocks allows`() {
        let blocks = PermutedBlocks(counts: [1, 1, 1], key: key, epoch: 0)
        let wholeBlocks: UInt64 = 30_000
        // The guesser learns from all it has seen: the arm that followed most often after each history within a block.
        var followed: [[Int]: [Int]] = [:]
        var hits = 0
        for block in 0..<wholeBlocks {
            var history = block == 0 ? [] : [blocks.arm(at: block * 3 - 1)]
            for place in 0..<UInt64(3) {
                let arm = blocks.arm(at: block * 3 + place)
                let seen = followed[history, default: [0, 0, 0]]
                if let best = seen.indices.max(by: { seen[$0] < seen[$1] }), best == arm { hits += 1 }
                followed[history, default: [0, 0, 0]][arm] += 1
                history.append(arm)
            }
        }
        // Standard deviation of the rate over 30,000 blocks: below 0.0025.
        #expect(abs(Double(hits) / Double(wholeBlocks * 3) - 11.0 / 18) < 0.01)
    }
}
