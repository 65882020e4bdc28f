import SeededRandom
import Statistics
import Testing

@Suite struct BlockedDifferenceTests {
    // All ways to take some of the values of a block for the first sample.
    private static func assignments(_ count: Int, _ first: Int) -> [[Bool]] {
        (0..<(1 << count)).map { mask in (0..<count).map { mask >> $0 & 1 == 1 } }.filter { $0.count { $0 } == first }
    }

    // What is estimated under every assignment within the blocks, of units with two potential outcomes each.
    private static func everyResult(_ blocks: [[(treated: Double, plain: Double)]], first: Int) throws -> [BlockedDifference] {
        var all: [[PermutationTest.Block]] = [[]]
        for block in blocks {
            all = all.flatMap { done in
                assignments(block.count, first).map { chosen in
                    done + [
                        PermutationTest.Block(
                            first: zip(block, chosen).filter { $1 }.map(\.0.treated),
                            second: zip(block, chosen).filter { !$1 }.map(\.0.plain))
                    ]
                }
            }
        }
        return try all.map { try BlockedDifference(blocks: $0) }
    }

    private static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

    private static func variance(_ values: [Double]) -> Double {
        let center = mean(values)
        return mean(values.map { ($0 - center) * ($0 - center) })
    }

    @Test func `Over all assignments the estimate is right, and so is Neyman's variance where the effect is the same for all`() throws {
        let plain: [[Double]] = [[1, 4, 9, 2], [20, 23, 21, 30], [5, 5, 6, 1]]
        let results = try Self.everyResult(plain.map { $0.map { ($0 + 3, $0) } }, first: 2)
        #expect(results.count == 216)
        #expect(close(Self.mean(results.map(\.estimate)), 3, 1e-12))
        #expect(close(Self.mean(results.map { $0.standardError * $0.standardError }), Self.variance(results.map(\.estimate)), 1e-12))
    }

    @Test func `Where effects differ, the variance is too large rather than too small, from within and between blocks`() throws {
        let blocks: [[(treated: Double, plain: Double)]] = [
            [(1, 0), (9, 4), (2, 2), (7, 1)], [(30, 20), (22, 23), (21, 21), (40, 25)], [(5, 5), (9, 6), (1, 2), (3, 3)],
        ]
        let effect = Self.mean(blocks.flatMap { $0.map { $0.treated - $0.plain } })
        for first in [1, 2, 3] {
            let results = try Self.everyResult(blocks, first: first)
            #expect(close(Self.mean(results.map(\.estimate)), effect, 1e-12))
            let variances = results.map { $0.standardError * $0.standardError }
            #expect(Self.mean(variances) > Self.variance(results.map(\.estimate)))
        }
    }

    // Pairs under a paired t test; blocks of one composition given as sums or as values.
    @Test func `Pairs are the paired t test`() throws {
        let (a, b): ([Double], [Double]) = ([3, 5, 4, 8, 7], [1, 4, 4, 5, 3])
        let pairs = zip(a, b).map { PermutationTest.Block(first: [$0], second: [$1]) }
        let test = try BlockedDifference(blocks: pairs)
        let paired = try OneSampleTTest(zip(a, b).map { $0 - $1 })
        #expect(close(test.pValue, paired.pValue, 1e-12) && close(test.standardError, paired.standardError, 1e-12))
        #expect(test.degreesOfFreedom == 4 && test.blocks == 5 && test.units == 10 && test.unitsLeftOut == 0)
        // A lone block with single units of a sample says nothing of its own variance.
        let more = try BlockedDifference(blocks: pairs + [.init(first: [100], second: [1, 2])])
        #expect(close(more.estimate, test.estimate, 1e-12) && more.unitsLeftOut == 3 && more.units == 10)
        let one = try BlockedDifference(blocks: [.init(first: [1, 2, 4], second: [5, 7])])
        let welch = try WelchTTest([1, 2, 4], [5, 7])
        #expect(close(one.standardError, welch.standardError, 1e-12) && close(one.estimate, welch.estimate, 1e-12))
        #expect(close(one.degreesOfFreedom, welch.degreesOfFreedom, 1e-12) && close(one.pValue, welch.pValue, 1e-12))
    }

    // Blocks of two and two, then of one and nine: each part counts by n₁n₀/(n₁ + n₀), as strata of all their units do.
    @Test func `Of unlike blocks it is the difference within strata of all their units`() throws {
        var generator = Generator(seed: 7)
        let parts = [(sizes: (2, 2), count: 12, effect: 4.0), (sizes: (1, 9), count: 15, effect: -1)].map { part in
            (0..<part.count).map { number in
                PermutationTest.Block(
                    first: generator.sample(part.sizes.0) { Double(number) + part.effect + $0.normal() },
                    second: generator.sample(part.sizes.1) { Double(number) + $0.normal() })
            }
        }
        let test = try BlockedDifference(blocks: parts.flatMap(\.self))
        let strata = try Stratification(
            parts.map { blocks in
                try .init(
                    treatment: CoMoments([blocks.flatMap(\.first)]), control: CoMoments([blocks.flatMap(\.second)]))
            })
        #expect(close(test.estimate, strata.treatment.means[0] - strata.control.means[0], 1e-12))
        let (two, nine) = (try BlockedDifference(blocks: parts[0]), try BlockedDifference(blocks: parts[1]))
        // 12 blocks of weight 1, 15 of weight 0.9.
        let shares = (12 / 25.5, 13.5 / 25.5)
        #expect(close(test.estimate, shares.0 * two.estimate + shares.1 * nine.estimate, 1e-12))
        let errors = (shares.0 * two.standardError, shares.1 * nine.standardError)
        #expect(close(test.standardError, (errors.0 * errors.0 + errors.1 * errors.1).squareRoot(), 1e-12))
        #expect(test.units == 198 && test.blocks == 27 && test.unitsLeftOut == 0)
        #expect(try close(PermutationTest(blocks: parts.flatMap(\.self), Resampling(count: 9, seed: 1)).estimate, test.estimate, 1e-12))
    }

    @Test func `What cannot be compared is refused`() {
        #expect(throws: StatisticsError.self) { try BlockedDifference(blocks: []) }
        #expect(throws: StatisticsError.self) { try BlockedDifference(blocks: [.init(first: [1], second: [])]) }
        #expect(throws: StatisticsError.self) { try BlockedDifference(blocks: [.init(first: [1], second: [2])]) }
        #expect(throws: StatisticsError.noVariance(argument: "blocks")) {
            try BlockedDifference(blocks: [.init(first: [1], second: [2]), .init(first: [2], second: [3])])
        }
        #expect(throws: StatisticsError.self) { try BlockedDifference(blocks: [.init(first: [.nan], second: [2])]) }
    }

    // A day's rise and fall that all units share: blocks take it out, and false alarms stay as rare as they should be.
    @Test(arguments: [1, 2]) func `With a trend over time, the level is kept and the variance is less than Welch's`(_ size: Int) throws {
        var generator = Generator(seed: 20_260_101 &+ UInt64(size))
        let (rounds, count) = (2000, 30)
        var (rejected, smaller) = (0, 0)
        for _ in 0..<rounds {
            let blocks = (0..<count).map { number -> PermutationTest.Block in
                let level: Double = 2 * (Double(number) / Double(count) - 0.5)
                return PermutationTest.Block(
                    first: generator.sample(size) { level + 0.5 * $0.normal() },
                    second: generator.sample(size) { level + 0.5 * $0.normal() })
            }
            let test = try BlockedDifference(blocks: blocks)
            let welch = try WelchTTest(blocks.flatMap(\.first), blocks.flatMap(\.second))
            if test.pValue < 0.05 { rejected += 1 }
            if test.gain(over: welch.standardError * welch.standardError) > 0 { smaller += 1 }
        }
        // Four standard deviations of a binomial number about 5 %.
        let deviation: Double = (2000 * 0.05 * 0.95).squareRoot()
        #expect(abs(Double(rejected) - 100) < 4 * deviation, "\(rejected) of \(rounds)")
        #expect(smaller > rounds * 99 / 100)
    }
}
