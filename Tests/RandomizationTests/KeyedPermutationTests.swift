import Randomization
import Testing

@Suite struct KeyedPermutationTests {
    private func permutation(_ count: UInt64, block: UInt64 = 0, epoch: UInt64 = 0, key: SecretKey = SecretKey(low: 7, high: 11))
        -> [UInt64]
    {
        let permutation = KeyedPermutation(count: count, key: key, epoch: epoch, block: block)
        return (0..<count).map(permutation.element)
    }

    @Test(arguments: [1, 2, 3, 20, 127, 128, 129, 130, 144, 145, 1000, 9999, 10_000, 100_000] as [UInt64])
    func `every element stands in exactly one place`(_ count: UInt64) {
        #expect(permutation(count).sorted() == Array(0..<count))
    }

    @Test(arguments: [20, 1000] as [UInt64])
    func `key, epoch and block each change the order`(_ count: UInt64) {
        let base = permutation(count)
        #expect(permutation(count) == base)
        #expect(permutation(count, block: 1) != base)
        #expect(permutation(count, epoch: 1) != base)
        #expect(permutation(count, key: SecretKey(low: 8, high: 11)) != base)
    }

    // 24 orders, 48,000 blocks; the chi-square quantile at 1 - 1e-4 with 23 degrees of freedom is 56.64.
    @Test func `all orders of a small block are equally likely`() {
        var counts: [[UInt64]: Double] = [:]
        for block in 0..<UInt64(48_000) { counts[permutation(4, block: block), default: 0] += 1 }
        #expect(counts.count == 24)
        #expect(counts.values.reduce(0) { $0 + ($1 - 2000) * ($1 - 2000) / 2000 } < 56.64)
    }

    // 130 places and 130 elements over 8,000 blocks; cells expect 61.5. The chi-square has 129² degrees of freedom: mean 16641,
    // standard deviation 182.4; four of them either way.
    @Test func `in a large block every element comes to every place equally often`() {
        var cells = [Double](repeating: 0, count: 130 * 130)
        for block in 0..<UInt64(8000) {
            for (place, element) in permutation(130, block: block).enumerated() { cells[place * 130 + Int(element)] += 1 }
        }
        let expected = 8000.0 / 130
        let chiSquare = cells.reduce(0) { $0 + ($1 - expected) * ($1 - expected) / expected }
        #expect(abs(chiSquare - 16641) < 4 * 182.4)
    }

    @Test func `the side of the square is the least that holds all`() {
        for count in [129, 130, 143, 144, 145, 99_856, 99_857, 4_294_967_295] as [UInt64] {
            let side = KeyedPermutation.side(of: count)
            #expect(side * side >= count && (side - 1) * (side - 1) < count)
        }
    }
}
