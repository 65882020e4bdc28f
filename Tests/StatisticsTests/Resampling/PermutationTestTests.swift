import SeededRandom
import Statistics
import Testing

@Suite struct PermutationTestTests {
    static let cases = References.resampling["permutations"].array

    @Test(arguments: cases.indices)
    func exactPValuesAreThoseOfSciPy(_ index: Int) throws {
        let reference = Self.cases[index]
        let (first, second) = (reference["first"].doubles, reference["second"].doubles)
        let means = try PermutationTest(first, second)
        let medians = try PermutationTest(first, second) { Self.median($0) - Self.median($1) }
        #expect(means.isExact && medians.isExact)
        for alternative in Alternative.allCases {
            #expect(close(means.pValue(alternative), reference["means"][alternative.rawValue].double, 1e-12))
            #expect(close(medians.pValue(alternative), reference["medians"][alternative.rawValue].double, 1e-12))
        }
        let swapped = try PermutationTest(second, first)
        #expect(close(swapped.statistic, -means.statistic, 1e-12) && swapped.pValue(.less) == means.pValue(.greater))
    }

    private static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    }

    @Test func drawnPValuesComeCloseToTheExactOnes() throws {
        let reference = Self.cases[3]
        let (first, second) = (reference["first"].doubles, reference["second"].doubles)
        let exact = try PermutationTest(first, second)
        let drawn = try PermutationTest(first + first, second + second, Resampling(count: 5000, seed: 3))
        let again = try PermutationTest(first + first, second + second, Resampling(count: 5000, seed: 3, threads: 2))
        #expect(!drawn.isExact && drawn.assignments == 5000)
        #expect(drawn.atLeast == again.atLeast && drawn.atMost == again.atMost)
        let own = try PermutationTest(first + first, second + second, Resampling(count: 5000, seed: 4)) {
            $0.reduce(0, +) / Double($0.count) - $1.reduce(0, +) / Double($1.count)
        }
        #expect(abs(own.pValue - drawn.pValue) < 0.02)
        let limited = try PermutationTest(first, second, Resampling(count: 251, seed: 3))
        #expect(!limited.isExact && abs(limited.pValue(.greater) - exact.pValue(.greater)) < 0.05)
        #expect(limited.pValue(.greater) >= 1 / 252.0)
    }

    // Of 252 ways to choose five of ten one lies outermost on each side; 99 draws and the observed one make a hundred.
    @Test func aPValueSaysHowLowItCouldGo() throws {
        let (low, high) = ((0..<5).map(Double.init), (10..<15).map(Double.init))
        let exact = try PermutationTest(high, low)
        #expect(exact.isExact && close(exact.leastPValue(.greater), 1.0 / 252, 1e-15) && close(exact.leastPValue(), 2.0 / 252, 1e-15))
        #expect(exact.pValue == exact.leastPValue() && exact.pValue(.greater) == exact.leastPValue(.greater))
        let drawn = try PermutationTest((0..<30).map { Double($0 + 100) }, (0..<30).map(Double.init), Resampling(count: 99, seed: 1))
        #expect(!drawn.isExact && drawn.leastPValue(.less) == 0.01 && drawn.leastPValue() == 0.02 && drawn.pValue == 0.02)
        #expect(try PermutationTest([1], [2]).leastPValue() == 1)
    }

    @Test func withinBlocksEveryAssignmentIsCounted() throws {
        let reference = References.resampling["blocked"]
        let blocks = reference["blocks"].array.map { PermutationTest.Block(first: $0[0].doubles, second: $0[1].doubles) }
        #expect(blocks.allSatisfy { PermutationTest.Block(first: $0.first.span, second: $0.second.span) == $0 })
        let test = try PermutationTest(blocks: blocks)
        #expect(test.isExact && test.assignments == reference["assignments"].int)
        #expect(close(test.statistic, reference["statistic"].double, 1e-12))
        #expect(close(test.pValue(.greater), reference["greater"].double, 1e-12))
        #expect(close(test.pValue(.less), reference["less"].double, 1e-12))
        let drawn = try PermutationTest(blocks: blocks, Resampling(count: 100, seed: 2))
        #expect(!drawn.isExact && abs(drawn.pValue(.greater) - test.pValue(.greater)) < 0.15)
        // A block with one sample only tells nothing.
        let more = try PermutationTest(blocks: blocks + [.init(first: [100], second: [])])
        #expect(more.pValue == test.pValue)
    }

    @Test func itKeepsItsLevel() throws {
        var generator = Generator(seed: 1935)
        var rejected = 0
        for round in 0..<300 {
            let values = generator.sample(30) { $0.exponential() }
            let test = try PermutationTest(Array(values[..<10]), Array(values[10...]), Resampling(count: 99, seed: UInt64(round)))
            if test.pValue <= 0.1 { rejected += 1 }
        }
        #expect(try rejected <= Binomial(trials: 300, probability: 0.1).inverseSurvival(0.0005))
        #expect(rejected > 5)
    }

    @Test func badInputIsNamed() {
        #expect(throws: StatisticsError.empty(argument: "first")) { try PermutationTest([], [1]) }
        #expect(throws: StatisticsError.notANumber(argument: "second", index: 0)) { try PermutationTest([1], [.nan]) }
        #expect(throws: StatisticsError.noVariance(argument: "first and second")) { try PermutationTest([1, 1], [1, 1]) }
        #expect(throws: StatisticsError.empty(argument: "blocks")) { try PermutationTest(blocks: []) }
        #expect(throws: StatisticsError.self) { try PermutationTest(blocks: [.init(first: [1], second: [])]) }
        #expect(throws: StatisticsError.infinite(argument: "blocks[0].second", index: 0)) {
            try PermutationTest(blocks: [.init(first: [1], second: [.infinity])])
        }
        #expect(throws: StatisticsError.notANumber(argument: "statistic", index: nil)) { try PermutationTest([1], [2]) { _, _ in .nan } }
    }
}
