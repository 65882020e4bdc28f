import SeededRandom
import Statistics
import Testing

@Suite struct StratifiedProportionTestTests {
    static func test(_ strata: [(Int, Int, Int, Int)]) throws -> StratifiedProportionTest {
        try StratifiedProportionTest(
            strata.map { .init(try Proportion(successes: $0.0, trials: $0.1), try Proportion(successes: $0.2, trials: $0.3)) })
    }

    struct Reference: Sendable {
        let strata: [(Int, Int, Int, Int)]
        let statistic: Double
        let difference: (Double, Double)
        let lift: (Double, Double)
        let statisticOfLessATenth: Double
    }

    // By mpmath: likelihoods maximised numerically in each stratum under every difference and ratio, and the statistics' roots.
    static let references = [
        Reference(
            strata: [(30, 400, 45, 500), (12, 90, 60, 800)], statistic: 0.289012354250435,
            difference: (-0.02530931935035, 0.03785546089953), lift: (-0.258466466121, 0.49074320081),
            statisticOfLessATenth: 0.8764835824547),
        Reference(
            strata: [(0, 250, 1, 250), (0, 250, 0, 250)], statistic: -1.00100150250438,
            difference: (-0.01124070670515, 0.005629993503031), lift: (-1, 2.82929740847), statisticOfLessATenth: -0.9495834199136),
        Reference(
            strata: [(0, 12, 3, 12), (0, 12, 3, 12)], statistic: -2.61861468283191,
            difference: (-0.4489944400515, -0.09567719772635), lift: (-1, -0.420176529747), statisticOfLessATenth: -2.476143282662),
        Reference(
            strata: [(9, 40, 3, 60), (20, 25, 9, 30), (0, 10, 1, 15)], statistic: 4.27688639750791,
            difference: (0.1276142459614, 0.3672044189719), lift: (0.732625187292, 3.93877818254), statisticOfLessATenth: 4.731112296506),
    ]

    @Test(arguments: references.indices)
    func itAgreesWithLikelihoodsMaximisedNumerically(_ index: Int) throws {
        let reference = Self.references[index]
        let test = try Self.test(reference.strata)
        #expect(close(test.statistic, reference.statistic, 1e-12))
        let (interval, lift) = (try test.confidenceInterval(), try test.liftInterval())
        #expect(close([interval.low, interval.high], [reference.difference.0, reference.difference.1], 1e-10))
        #expect(close([lift.low, lift.high], [reference.lift.0, reference.lift.1], 1e-9))
        let p = try test.pValue(lift: -0.1, .less)
        #expect(close(p, Normal.standard.cdf(reference.statisticOfLessATenth), 1e-9))
        // Neither interval speaks against the p-value.
        for level in [0.8, 0.95, 0.99, 0.999] {
            let (interval, lift) = (try test.confidenceInterval(level: level), try test.liftInterval(level: level))
            #expect((interval.low > 0 || interval.high < 0) == (test.pValue < 1 - level))
            #expect((lift.low > 0 || lift.high < 0) == (test.pValue < 1 - level))
        }
    }

    // Of one stratum it is the z test; of several that are the same it is the z test of all.
    @Test(arguments: [(30, 400, 45, 500), (0, 24, 6, 24), (24, 24, 0, 24), (0, 9, 0, 9), (9, 9, 9, 9), (3, 100_000_000, 0, 1_000_000_000)])
    func ofStrataThatAreTheSameItIsTheZTest(_ x: Int, _ n: Int, _ y: Int, _ m: Int) throws {
        let z = TwoProportionZTest(try Proportion(successes: x, trials: n), try Proportion(successes: y, trials: m))
        let one = try Self.test([(x, n, y, m)])
        #expect(one.statistic == z.statistic && one.estimate == z.estimate && one.name == z.name)
        #expect(try one.confidenceInterval() == z.confidenceInterval() && one.liftInterval() == z.liftInterval())
        let all = TwoProportionZTest(try Proportion(successes: 3 * x, trials: 3 * n), try Proportion(successes: 3 * y, trials: 3 * m))
        let three = try Self.test(Array(repeating: (x, n, y, m), count: 3))
        #expect(close(three.statistic, all.statistic, 1e-9) && close(three.estimate, all.estimate, 1e-12))
        let (found, expected) = (try three.confidenceInterval(), try all.confidenceInterval())
        #expect(close([found.low, found.high], [expected.low, expected.high], 1e-6))
        let (lift, liftOfAll) = (try three.liftInterval(), try all.liftInterval())
        #expect(close([lift.low, lift.high], [liftOfAll.low, liftOfAll.high], 1e-6))
        let looks = try TwoProportionSequence(three, count: 3 * (n + m), tuning: .sampleSize(1000))
        let looksOfAll = try TwoProportionSequence(all.first, all.second, tuning: .sampleSize(1000))
        #expect(close(looks.pValue, looksOfAll.pValue, 1e-9) && looks.count == looksOfAll.count)
    }

    // Shares that differ between strata are no difference of the variants.
    @Test func strataThatDifferAreNoDifference() throws {
        let test = try Self.test([(10, 100, 90, 900), (450, 900, 50, 100)])
        #expect(abs(test.estimate) < 1e-15 && test.pValue > 0.999)
        #expect(throws: StatisticsError.empty(argument: "strata")) { try StratifiedProportionTest([]) }
        #expect(throws: StatisticsError.self) { try test.pValue(lift: -1.01) }
        #expect(try Self.test([(0, 5, 0, 9), (0, 7, 0, 4)]).lift == nil)
    }

    // A loss that is just the margin is ruled out seldom enough, however rare events are: of one or two of 500 on average too.
    @Test(arguments: [(500, 0.002, 0.003), (5000, 0.0002, 0.0003), (200, 0.01, 0.02)])
    func whatIsJustTheMarginIsSeldomRuledOut(_ size: Int, _ share: Double, _ margin: Double) throws {
        var generator = SeededGenerator(seed: 5)
        func events(_ trials: Int, _ probability: Double) -> Int {
            var events = 0
            for _ in 0..<trials where generator.uniform() < probability { events += 1 }
            return events
        }
        let runs = size > 1000 ? 400 : 3000
        var held = 0
        for _ in 0..<runs {
            let half = size / 2
            let test = try Self.test(
                (0..<2).map { _ in (events(half, share + margin), half, events(half, share), half) })
            if try test.confidenceInterval().high < margin { held += 1 }
        }
        // 2.5 %, and four standard deviations.
        let most = 0.025 * Double(runs) + 4 * (0.025 * Double(runs)).squareRoot()
        #expect(Double(held) <= most, "\(held) of \(runs)")
    }
}
