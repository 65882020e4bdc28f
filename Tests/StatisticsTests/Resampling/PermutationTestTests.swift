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
        let welch = try WelchTTest(first, second)
        #expect(close(means.statistic, welch.statistic, 1e-12) && close(means.estimate, welch.estimate, 1e-12))
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
            (try? WelchTTest($0, $1).statistic) ?? .nan
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

    static let blocked = References.resampling["blocked"].array

    @Test(arguments: blocked.indices) func withinBlocksEveryAssignmentIsCounted(_ index: Int) throws {
        let reference = Self.blocked[index]
        let blocks = reference["blocks"].array.map { PermutationTest.Block(first: $0[0].doubles, second: $0[1].doubles) }
        #expect(blocks.allSatisfy { PermutationTest.Block(first: $0.first.span, second: $0.second.span) == $0 })
        let test = try PermutationTest(blocks: blocks)
        #expect(test.isExact && test.assignments == reference["assignments"].int && test.unitsLeftOut == reference["leftOut"].int)
        #expect(close(test.estimate, reference["estimate"].double, 1e-12))
        #expect(close(test.statistic, reference["statistic"].double, 1e-12))
        #expect(close(test.pValue(.greater), reference["greater"].double, 1e-12))
        #expect(close(test.pValue(.less), reference["less"].double, 1e-12))
        // It is the difference that is told of blocks, over its own standard error.
        let blocked = try BlockedDifference(blocks: blocks)
        #expect(close(test.estimate, blocked.estimate, 1e-12) && close(test.statistic, blocked.statistic, 1e-12))
        #expect(test.unitsLeftOut == blocked.unitsLeftOut)
        let drawn = try PermutationTest(blocks: blocks, Resampling(count: 30, seed: 2))
        #expect(!drawn.isExact && abs(drawn.pValue(.greater) - test.pValue(.greater)) < 0.15)
        // A block with one sample only tells nothing.
        let more = try PermutationTest(blocks: blocks + [.init(first: [100], second: [])])
        #expect(more.pValue == test.pValue)
    }

    // Both means are 0, and the few values vary five times as much: by the difference itself six of ten were told apart.
    @Test func aLesserSampleThatVariesMoreRaisesNoAlarms() throws {
        var generator = Generator(seed: 1997)
        var (rejected, wholly) = (0, 0)
        for round in 0..<300 {
            let (few, many) = (generator.sample(4) { 5 * $0.normal() }, generator.sample(300) { $0.normal() })
            let plan = try Resampling(count: 199, seed: UInt64(round))
            if try PermutationTest(few, many, plan).pValue <= 0.05 { rejected += 1 }
            // Within blocks of two and ten, and of one and three.
            let blocks =
                (0..<3).map { _ in
                    PermutationTest.Block(first: generator.sample(2) { 5 * $0.normal() }, second: generator.sample(10) { $0.normal() })
                }
                + (0..<4).map { _ in
                    PermutationTest.Block(first: generator.sample(1) { 5 * $0.normal() }, second: generator.sample(3) { $0.normal() })
                }
            if try PermutationTest(blocks: blocks, plan).pValue <= 0.05 { wholly += 1 }
        }
        // It is 5 % in large samples; of so few a twentieth more is let pass.
        let most = try Binomial(trials: 300, probability: 0.1).inverseSurvival(0.0005)
        #expect(rejected <= most && wholly <= most, "\(rejected), \(wholly)")
        #expect(rejected > 2 && wholly > 2)
    }

    // Samples that do not vary within and yet differ are the most extreme there is; where they do not differ, no error makes anything of it.
    @Test func withoutVarianceADifferenceIsInfinite() throws {
        let apart = try PermutationTest([2, 2, 2], [1, 1, 1])
        #expect(apart.statistic == .infinity && apart.estimate == 1 && apart.pValue(.greater) == 1.0 / 20 && apart.pValue == 0.1)
        #expect(try apart.confidenceInterval(level: 0.9) == ConfidenceInterval(low: -.infinity, high: .infinity, level: 0.9))
        // Of the four ways to deal two pairs that differ by one, one has both differences upward, and two have none on the whole.
        let pairs = [PermutationTest.Block(first: [1.1], second: [0.1]), .init(first: [3.3], second: [2.3])]
        let upward = try PermutationTest(blocks: pairs)
        #expect(upward.statistic == .infinity && close(upward.estimate, 1, 1e-15) && upward.pValue(.greater) == 0.25)
        let none = try PermutationTest(blocks: [pairs[0], .init(first: [2.3], second: [3.3])])
        #expect(none.statistic == 0 && none.pValue(.greater) == 0.75 && none.pValue(.less) == 0.75)
    }

    // Of one unit no variance is known, nor of one block with one: assignments are told apart by the difference, over its deviation in all of them.
    @Test func ofASingleUnitTheDifferenceItselfIsDealt() throws {
        let values = (1...9).map { Double($0 * $0) }
        let test = try PermutationTest([60], values)
        // NumPy: three of ten values are 60 or more, eight are 60 or less; the ten differences' standard deviation, n below the line, is 29.461211159131988
        #expect(test.pValue(.greater) == 0.3 && test.pValue(.less) == 0.8 && test.unitsLeftOut == 0)
        #expect(close(test.estimate, 60 - 285 / 9.0, 1e-14))
        #expect(close(test.statistic, 0.9617165153290362, 1e-12))
    }

    // NumPy: Welch's t of the other 251 assignments, the 12th from either end, by the observed standard error 4.9396356140913875. With the observed
    // one that is the 13th of 252, of which 12.6 are a twentieth.
    @Test func theIntervalIsThatOfTheAssignments() throws {
        let test = try PermutationTest([5, 6, 7, 8, 30], [1, 2, 3, 2, 9])
        let interval = try test.confidenceInterval(level: 0.9)
        #expect(close(interval.low, 0.5126217092193439, 1e-9) && close(interval.high, 15.087378290780654, 1e-9))
        let above = try test.confidenceInterval(level: 0.95, alternative: .greater)
        #expect(above.low == interval.low && above.high == .infinity)
        #expect(try test.confidenceInterval(level: 0.999) == ConfidenceInterval(low: -.infinity, high: .infinity, level: 0.999))
        #expect(throws: StatisticsError.self) { try test.confidenceInterval(level: 1) }
    }

    @Test(arguments: Alternative.allCases) func theIntervalLeavesOutZeroWhereThePValueIsBelow(_ alternative: Alternative) throws {
        var generator = Generator(seed: 2007)
        var shown = [0, 0]
        for round in 0..<200 {
            // Whole numbers, so that assignments tie; small samples are gone through, larger ones drawn.
            let size = round.isMultiple(of: 2) ? 5 : 12
            let first = generator.sample(size) { (3 * $0.exponential()).rounded() + (alternative == .less ? -3 : 0) }
            let second = generator.sample(size + 1) { (2 * $0.exponential()).rounded() }
            let test = try PermutationTest(first, second, Resampling(count: 499, seed: UInt64(round)))
            for alpha in [0.05, 0.1, 0.3] {
                let interval = try test.confidenceInterval(level: 1 - alpha, alternative: alternative)
                let isShown = test.pValue(alternative) < alpha
                #expect(interval.contains(0) != isShown, "\(first) \(second) \(interval) \(test.pValue(alternative))")
                #expect(interval.low <= interval.high)
                shown[isShown ? 1 : 0] += 1
            }
        }
        #expect(shown[0] > 100 && shown[1] > 100, "\(shown)")
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
