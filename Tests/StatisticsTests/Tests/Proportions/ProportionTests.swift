import Foundation
import SeededRandom
import Statistics
import Testing

@Suite struct ProportionTests {
    static let indices = Array(References.all["proportions"].array.indices)

    private func pair(_ index: Int) throws -> (Proportion, Proportion, JSON) {
        let reference = References.all["proportions"][index]
        let (x, n) = (reference["successes"].ints, reference["trials"].ints)
        return (try Proportion(successes: x[0], trials: n[0]), try Proportion(successes: x[1], trials: n[1]), reference)
    }

    private func expect(_ interval: ConfidenceInterval, _ reference: JSON, _ tolerance: Double) {
        guard !reference.isNull else { return }
        #expect(close(interval.low, reference[0].double, tolerance, absolute: tolerance))
        #expect(close(interval.high, reference[1].double, tolerance, absolute: tolerance))
    }

    @Test(arguments: indices)
    func intervalsOfOneProportionAgreeWithStatsmodels(_ index: Int) throws {
        let (first, _, reference) = try pair(index)
        let names: [(Proportion.IntervalMethod, String)] = [
            (.wald, "normal"), (.wilson, "wilson"), (.agrestiCoull, "agresti_coull"), (.clopperPearson, "beta"), (.jeffreys, "jeffreys"),
        ]
        for (method, name) in names { expect(try first.confidenceInterval(method: method), reference["one/\(name)"], 1e-12) }
        expect(try first.confidenceInterval(method: .logit), reference["one/logit"], 1e-12)
        expect(try first.confidenceInterval(method: .likelihoodRatio), reference["one/likelihood"], 1e-9)
        for side in Alternative.allCases {
            for (method, name) in [(Proportion.IntervalMethod.wilson, "wilson"), (.wilsonCorrected, "wilsoncc")] {
                // SciPy gives an upper bound for "less", as here.
                expect(try first.confidenceInterval(alternative: side, method: method), reference["one/\(name)/\(side.rawValue)"], 1e-12)
            }
        }
    }

    // R's binom.confint: eleven methods, of which these are here; some results have seven digits. Its Wald interval is not cut off at 0 and 1.
    @Test(.enabled(if: Fixture.hasOracles))
    func intervalsOfOneProportionAgreeWithR() throws {
        let cases: JSON = try Fixture.oracle("statsmodels/binom_confint_r.json")
        let methods: [String: (Proportion.IntervalMethod, Double)] = [
            "agresti-coull": (.agrestiCoull, 1e-6), "asymptotic": (.wald, 1e-6), "exact": (.clopperPearson, 1e-6),
            "logit": (.logit, 1e-6), "lrt": (.likelihoodRatio, 1e-4), "prop.test": (.wilsonCorrected, 1e-6), "wilson": (.wilson, 1e-6),
        ]
        var compared = 0
        for key in cases.keys {
            let numbers = key.dropFirst().dropLast().split(separator: ",").compactMap { Int($0.trimmingPrefix { $0 == " " }) }
            let proportion = try Proportion(successes: numbers[0], trials: numbers[1])
            for (i, name) in cases[key]["methods"].array.map(\.text).enumerated() {
                guard let (method, tolerance) = methods[name] else { continue }
                let expected = (low: cases[key]["low"][i].double, high: cases[key]["upp"][i].double)
                guard !expected.low.isNaN, !expected.high.isNaN else { continue }
                let interval = try proportion.confidenceInterval(method: method)
                #expect(close(interval.low, max(0, expected.low), tolerance, absolute: tolerance), "\(key) \(name)")
                #expect(close(interval.high, min(1, expected.high), tolerance, absolute: tolerance), "\(key) \(name)")
                compared += 1
            }
        }
        #expect(compared >= 14)
    }

    @Test(arguments: indices)
    func differencesAndRatiosAgreeWithTheReference(_ index: Int) throws {
        let (first, second, reference) = try pair(index)
        let test = TwoProportionZTest(first, second)
        for side in Alternative.allCases {
            #expect(close(test.statistic, reference["z/\(side.rawValue)"][0].double, 1e-13))
            let expected = reference["z/\(side.rawValue)"][1].double
            if expected > 1e-300 { #expect(close(test.pValue(side), expected, 1e-10)) }
        }
        let names: [(TwoProportionZTest.IntervalMethod, String, Double)] = [
            (.wald, "wald", 1e-12), (.agrestiCaffo, "agresti-caffo", 1e-12), (.newcombe, "newcomb", 1e-12), (.score, "score", 1e-7),
            (.mee, "mee", 1e-7),
        ]
        // statsmodels does not clip at one, and its root finder stops early at the edge.
        for (method, name, tolerance) in names where first.successes < first.trials {
            expect(try test.confidenceInterval(method: method), reference["difference/\(name)"], tolerance)
        }
        if first.successes < first.trials {
            expect(try test.ratioInterval(method: .score), reference["ratio/score"], 1e-8)
            expect(try test.ratioInterval(method: .koopman), reference["ratio/koopman"], 1e-8)
        }
        expect(try test.oddsRatioInterval(), reference["odds ratio/score"], 1e-8)
        let equivalence = reference["equivalence"].doubles
        if !equivalence.isEmpty {
            let within = try EquivalenceTest(first, second, lowerMargin: -0.05, upperMargin: 0.07)
            // A likelihood maximised numerically is flat at its top, so the statistic is known to half the digits only.
            for (p, expected) in zip([within.lowerPValue, within.upperPValue], equivalence) {
                #expect(close(try Normal.standard.inverseSurvival(p), try Normal.standard.inverseSurvival(expected), 1e-7))
            }
        }
    }

    @Test(arguments: indices, Alternative.allCases)
    func theBinomialTestAgreesWithSciPy(_ index: Int, side: Alternative) throws {
        let (first, _, reference) = try pair(index)
        let expected = reference["binomial/\(side.rawValue)"].doubles
        let test = try BinomialTest(first, nullValue: 0.04)
        #expect(close(test.pValue(side), expected[0], 1e-10, absolute: 1e-300))
        let interval = try test.confidenceInterval(level: 0.95, alternative: side)
        #expect(close(interval.low, expected[1], 1e-8) && close(interval.high, expected[2], 1e-8))
    }

    @Test func intervalsCoverAsTheyClaim() throws {
        // Exact coverage by adding up the outcomes whose interval holds the truth.
        let (n, truth) = (60, 0.13)
        let law = try Binomial(trials: n, probability: truth)
        for method in Proportion.IntervalMethod.allCases {
            let covered = try law.support.reduce(0.0) { sum, k in
                try Proportion(successes: k, trials: n).confidenceInterval(level: 0.95, method: method).contains(truth)
                    ? sum + law.mass(k) : sum
            }
            switch method {
            case .clopperPearson, .wilsonCorrected: #expect(covered >= 0.95)
            case .wald: #expect(covered > 0.85)
            default: #expect(covered > 0.93 && covered < 0.98)
            }
        }
    }

    // 1 of 40 and 6 of 40 differ by the z test (p 0.048) while Newcombe's interval holds no difference; 22 of 50 and 28 of 100 do not
    // (p 0.05004) while it does not. Mee's and Koopman's ends are where the z statistic, with the likelihood maximised under the
    // difference or ratio, is 1.96: worked out with mpmath to 40 digits.
    @Test func theTestAndItsIntervalsNeverContradictEachOther() throws {
        for (counts, p, difference, ratio) in [
            (
                (1, 40, 6, 40), 0.04788850670170684, (-0.26992308424570382, -0.0014637020152170859),
                (0.026899001768582158, 0.98705881244577784)
            ),
            (
                (22, 50, 28, 100), 0.05004352124870513, (-2.9401091589660318e-05, 0.32091746373343838),
                (0.99991287863966664, 2.4260183723563011)
            ),
        ] as [((Int, Int, Int, Int), Double, (Double, Double), (Double, Double))] {
            let test = try TwoProportionZTest(
                Proportion(successes: counts.0, trials: counts.1), Proportion(successes: counts.2, trials: counts.3))
            #expect(close(test.pValue, p, 1e-10))
            let (found, lift) = (try test.confidenceInterval(), try test.ratioInterval())
            #expect(close([found.low, found.high], [difference.0, difference.1], 1e-10, absolute: 1e-13))
            #expect(close([lift.low, lift.high], [ratio.0, ratio.1], 1e-10))
            #expect(try test.confidenceInterval(method: .newcombe).contains(0) == (p < 0.05), "what this is about")
        }
        // Every table of 9 and 14 units, and some of more.
        var tables = (0...9).flatMap { x in (0...14).map { (x, 9, $0, 14) } }
        for (n, m) in [(40, 40), (50, 100), (100, 1000)] {
            tables += stride(from: 0, through: n, by: 3).flatMap { x in stride(from: 0, through: m, by: m / 20).map { (x, n, $0, m) } }
        }
        for (x, n, y, m) in tables where x + y > 0 && x + y < n + m {
            let test = try TwoProportionZTest(Proportion(successes: x, trials: n), Proportion(successes: y, trials: m))
            for level in [0.5, 0.8, 0.9, 0.95, 0.99, 0.999] {
                let isShown = test.pValue < 1 - level
                #expect(try test.confidenceInterval(level: level).contains(0) != isShown, "\(x)/\(n), \(y)/\(m) at \(level)")
                #expect(try test.ratioInterval(level: level).contains(1) != isShown, "\(x)/\(n), \(y)/\(m) at \(level)")
                for side in [Alternative.less, .greater] {
                    let isOneSided = test.pValue(side) < 1 - level
                    let bound = try test.confidenceInterval(level: level, alternative: side)
                    #expect(bound.contains(0) != isOneSided, "\(x)/\(n), \(y)/\(m) at \(level), \(side)")
                }
            }
        }
    }

    @Test func extremesGiveBoundsAndNoNonsense() throws {
        let (none, all) = (try Proportion(successes: 0, trials: 20), try Proportion(successes: 15, trials: 15))
        let test = TwoProportionZTest(none, all)
        for method in TwoProportionZTest.IntervalMethod.allCases {
            let interval = try test.confidenceInterval(method: method)
            #expect(interval.low >= -1 && interval.high <= 1 && interval.low <= interval.high)
        }
        for method in TwoProportionZTest.RatioIntervalMethod.allCases { #expect(try test.ratioInterval(method: method).low == 0) }
        #expect(try test.oddsRatioInterval().low == 0)
        #expect(test.ratio == 0 && test.oddsRatio == 0)
        #expect(try TwoProportionZTest(all, Proportion(successes: 0, trials: 9)).ratioInterval().high == .infinity)
        #expect(throws: StatisticsError.outOfRange(argument: "successes", value: 3, expected: "at most the 2 trials")) {
            try Proportion(successes: 3, trials: 2)
        }
        #expect(throws: StatisticsError.outOfRange(argument: "successes", value: -1, expected: "a count that is not negative")) {
            try Proportion(successes: -1, trials: 2)
        }
        #expect(throws: StatisticsError.outOfRange(argument: "trials", value: 0, expected: "a positive count")) {
            try Proportion(successes: 0, trials: 0)
        }
    }

    @Test func swappingFlipsTheSign() throws {
        let (a, b) = (try Proportion(successes: 30, trials: 200), try Proportion(successes: 45, trials: 210))
        let (test, mirrored) = (TwoProportionZTest(a, b), TwoProportionZTest(b, a))
        #expect(test.statistic == -mirrored.statistic && test.cohenH == -mirrored.cohenH)
        for method in TwoProportionZTest.IntervalMethod.allCases {
            let (interval, other) = (try test.confidenceInterval(method: method), try mirrored.confidenceInterval(method: method))
            #expect(close(interval.low, -other.high, 1e-12) && close(interval.high, -other.low, 1e-12))
        }
        #expect(close(try #require(test.ratio), 1 / (try #require(mirrored.ratio)), 1e-15))
        #expect(close(try #require(test.oddsRatio), 1 / (try #require(mirrored.oddsRatio)), 1e-15))
        for (interval, other) in [
            (try test.ratioInterval(), try mirrored.ratioInterval()), (try test.oddsRatioInterval(), try mirrored.oddsRatioInterval()),
        ] {
            #expect(close(interval.low, 1 / other.high, 1e-10) && close(interval.high, 1 / other.low, 1e-10))
        }
    }

    // Some events among billions, and all but some, by mpmath with 60 digits: neither interval contradicts p, and none of their digits is lost.
    @Test(arguments: [
        ((4, 0), (1e9, 1e9), 0.045500263680394548, (1.5854118637976224e-10, 1.028593689042409e-8), (0.041271088548459332, Double.infinity)),
        ((0, 4), (1e9, 1e9), 0.045500263680394548, (-1.028593689042409e-8, -1.5854118637976224e-10), (-1, -0.039635296708363983)),
        (
            (1e9 - 4, 1e9), (1e9, 1e9), 0.045500263680394548, (-1.028593689042409e-8, -1.5854118637976224e-10),
            (-1.028593689042409e-8, -1.5854118698879168e-10)
        ),
        (
            (1e9, 1e9 - 4), (1e9, 1e9), 0.045500263680394548, (1.5854118637976224e-10, 1.028593689042409e-8),
            (1.5854118701392699e-10, 1.0285936996224588e-8)
        ),
        (
            (7, 1), (3e8, 1e9), 1.5264855362663566e-5, (9.9970253063676898e-9, 4.7212403751739409e-8),
            (2.7454880635520086, 144.36008014286336)
        ),
    ])
    func someEventsAmongBillionsKeepTheirDigits(
        _ counts: (Double, Double), _ trials: (Double, Double), _ p: Double, _ difference: (Double, Double), _ lift: (Double, Double)
    ) throws {
        let test = try TwoProportionZTest(
            Proportion(successes: Int(counts.0), trials: Int(trials.0)), Proportion(successes: Int(counts.1), trials: Int(trials.1)))
        let (interval, lifts) = (try test.confidenceInterval(), try test.liftInterval())
        #expect(close(test.pValue, p, 1e-12))
        #expect(close(interval.low, difference.0, 1e-10) && close(interval.high, difference.1, 1e-10), "\(interval)")
        #expect(close(lifts.low, lift.0, 1e-10) && close(lifts.high, lift.1, 1e-10), "\(lifts)")
    }

    // Whatever the counts and however many the units, zero is left out exactly where p is below one minus the level.
    @Test func intervalsNeverContradictThePValueHoweverManyUnits() throws {
        var generator = Generator(seed: 1984)
        for _ in 0..<400 {
            func share() throws -> Proportion {
                let trials = Int(pow(10, 1 + 11 * generator.uniform()))
                let events = min(trials, Int(12 * generator.uniform()))
                return try Proportion(successes: generator.uniform() < 0.5 ? events : trials - events, trials: trials)
            }
            let test = try TwoProportionZTest(share(), share())
            guard abs(test.pValue - 0.05) > 1e-9 else { continue }
            let (interval, lift) = (try test.confidenceInterval(), try test.liftInterval())
            #expect((interval.low > 0 || interval.high < 0) == (test.pValue < 0.05), "\(test.first), \(test.second)")
            #expect((lift.low > 0 || lift.high < 0) == (test.pValue < 0.05), "\(test.first), \(test.second)")
            #expect(interval.low <= test.estimate && test.estimate <= interval.high)
        }
    }

    // Of n and m units without an event, the likeliest second probability is zero under any difference δ > 0, and the statistic is that of δ in n
    // units alone: Mee's bounds are z² / (n + z²) and -z² / (m + z²). Under a ratio ρ it is zero for every ρ.
    @Test(arguments: [(500, 500), (20, 3), (1, 1), (4000, 1_000_000_000)])
    func whatNeverHappenedIsCompared(_ n: Int, _ m: Int) throws {
        let (none, alsoNone) = (try Proportion(successes: 0, trials: n), try Proportion(successes: 0, trials: m))
        let (all, alsoAll) = (try Proportion(successes: n, trials: n), try Proportion(successes: m, trials: m))
        for (test, first, second) in [(TwoProportionZTest(none, alsoNone), n, m), (TwoProportionZTest(all, alsoAll), m, n)] {
            #expect(test.statistic == 0 && test.statistic.sign == .plus && test.estimate == 0 && test.cohenH == 0)
            for side in Alternative.allCases { #expect(test.pValue(side) == (side == .twoSided ? 1 : 0.5)) }
            for level in [0.8, 0.95, 0.999] {
                let z = -(try Normal.standard.quantile((1 - level) / 2))
                let interval = try test.confidenceInterval(level: level, alternative: .twoSided)
                #expect(close(interval.high, z * z / (Double(first) + z * z), 1e-12))
                #expect(close(-interval.low, z * z / (Double(second) + z * z), 1e-12))
            }
        }
        let never = TwoProportionZTest(none, alsoNone)
        #expect(try never.ratioInterval().low == 0 && never.ratioInterval().high == .infinity)
        #expect(try never.oddsRatioInterval().low == 0 && never.oddsRatioInterval().high == .infinity)
        #expect(try never.pValue(lift: -0.5) == 1 && never.pValue(lift: 3) == 1)
        let always = TwoProportionZTest(all, alsoAll)
        #expect(never.ratio == nil && never.oddsRatio == nil && always.oddsRatio == nil)
        let ratio = try always.ratioInterval()
        #expect(ratio.low < 1 && ratio.high > 1 && always.ratio == 1)
        for end in [ratio.low, ratio.high] { #expect(close(try always.pValue(lift: end - 1), 0.05, 1e-6)) }
        #expect(try always.oddsRatioInterval().low == 0 && always.oddsRatioInterval().high == .infinity)
        for method in TwoProportionZTest.IntervalMethod.allCases {
            for test in [never, always] {
                let interval = try test.confidenceInterval(method: method)
                #expect(interval.low <= 0 && interval.high >= 0, "\(method)")
            }
        }
    }

    // By mpmath: Farrington's and Manning's statistic of 20 of 500 against none, and of 30 of 400 against 45 of 500.
    @Test func aLiftHasATestOfItsOwn() throws {
        let none = try TwoProportionZTest(Proportion(successes: 20, trials: 500), Proportion(successes: 0, trials: 500))
        #expect(close(try none.pValue(lift: -0.02), 5.0220457915268037e-6, 1e-11))
        #expect(close(try none.pValue(lift: 0.02), 7.7278636832474434e-6, 1e-11))
        let some = try TwoProportionZTest(Proportion(successes: 30, trials: 400), Proportion(successes: 45, trials: 500))
        #expect(close(try some.pValue(lift: -0.1), 0.73320016917177707, 1e-12))
        #expect(close(try some.pValue(lift: 0), some.pValue, 1e-12))
        #expect(try some.pValue(lift: -1) == 0)
        for end in try [some.liftInterval(level: 0.9).low, some.liftInterval(level: 0.9).high] {
            #expect(close(try some.pValue(lift: end), 0.1, 1e-10))
        }
        #expect(throws: StatisticsError.self) { try some.pValue(lift: -1.01) }
        #expect(throws: StatisticsError.self) { try some.pValue(lift: .nan) }
    }
}
