import Randomization
import Testing

@Suite struct WholeSharesTests {
    static let exact: [(weights: [Double], counts: [UInt64])] = [
        ([33.3, 33.3, 33.3], [1, 1, 1]),
        ([75, 10, 5, 10], [15, 2, 1, 2]),
        ([50, 50], [1, 1]),
        ([0.1, 0.2], [1, 2]),
        ([99.9, 0.1], [999, 1]),
        ([33.33, 33.33, 33.34], [3333, 3333, 3334]),
        ([1e-7, 3e-7], [1, 3]),
        ([1e300, 2e300], [1, 2]),
        ([.leastNonzeroMagnitude, .leastNonzeroMagnitude], [1, 1]),
        ([1, 2.5], [2, 5]),
    ]

    @Test(arguments: exact.indices)
    func `weights become the least whole numbers in proportion`(_ index: Int) throws {
        let (weights, counts) = WholeSharesTests.exact[index]
        #expect(try WholeShares(weights: weights, limit: 100_000).counts == counts)
    }

    @Test(arguments: [0, -1, .nan, .infinity, -.infinity] as [Double])
    func `a weight that is not positive and finite is named`(_ weight: Double) {
        #expect(throws: WholeShares.Failure.notPositive(index: 1)) { try WholeShares(weights: [1, weight], limit: 100) }
    }

    @Test func `weights that need too large a block are refused, not rounded`() {
        #expect(throws: WholeShares.Failure.tooFine(needed: 100_001, limit: 100_000)) {
            try WholeShares(weights: [100_000, 1], limit: 100_000)
        }
        #expect(throws: WholeShares.Failure.tooFine(needed: nil, limit: 100_000)) {
            try WholeShares(weights: [1e300, 1], limit: 100_000)
        }
        #expect(throws: WholeShares.Failure.empty) { try WholeShares(weights: [], limit: 100) }
    }
}
