import SeededRandom
import Statistics
import Testing

/// What holds for every analysis of power.
@Suite struct PowerLawTests {
    static func analyses(_ alternative: Alternative) throws -> [any PowerAnalysis] {
        [
            try NormalPower(significance: 0.03, alternative: alternative, ratio: 2),
            try TTestPower(significance: 0.03, alternative: alternative, ratio: 0.5),
            try TTestPower(significance: 0.03, alternative: alternative, ratio: .infinity),
            try MeansPower(standardDeviation: 1.2, secondDeviation: 0.7, significance: 0.03, alternative: alternative),
            try WelchPower(
                MeansPower(standardDeviation: 1.2, secondDeviation: 0.7, significance: 0.03, alternative: alternative, ratio: 2)),
            try ProportionsPower(baseline: 0.4, method: .arcsine, significance: 0.03, alternative: alternative, ratio: 1.5),
            try ProportionsPower(baseline: 0.4, method: .pooled, significance: 0.03, alternative: alternative, ratio: 1.5),
            try ProportionsPower(baseline: 0.4, method: .unpooled, significance: 0.03, alternative: alternative, ratio: 1.5),
            try MannWhitneyPower(significance: 0.03, alternative: alternative, ratio: 0.8),
        ]
    }

    // At the size, a confidence sequence that is looked at there and nowhere else leaves out zero with the probability asked for.
    @Test(arguments: [(0.05, 1), (0.01, 0.5), (0.2, 9)] as [(Double, Double)], [100, 10_000, 1e6])
    func `The size for any look is where the sequence alone has the power`(_ test: (alpha: Double, ratio: Double), _ tuned: Double) throws {
        let (alpha, ratio) = test
        let analysis = try MeansPower(standardDeviation: 3, secondDeviation: 2, significance: alpha, ratio: ratio)
        let size = try analysis.alwaysValidSize(effect: -0.2, power: 0.8, tunedFor: tuned)
        let error = (9 / size + 4 / (size * ratio)).squareRoot()
        let reach = try ConfidenceSequence(
            estimate: 0, standardError: error, count: Int((size * (1 + ratio)).rounded(.up)), tuning: .sampleSize(tuned, level: 1 - alpha)
        ).confidenceInterval(level: 1 - alpha).high
        #expect(close(Normal.standard.survival((reach - 0.2) / error), 0.8, 1e-3))
        // Of size, power and effect each follows from the other two.
        let looks = try AlwaysValidPower(analysis, tunedFor: tuned)
        #expect(try looks.size(effect: -0.2, power: 0.8) == size)
        #expect(try close(looks.power(effect: -0.2, size: size), 0.8, 1e-3))
        #expect(try close(looks.detectableEffect(size: size, power: 0.8), 0.2, 1e-3))
        #expect(try looks.power(effect: -0.2, size: size) < analysis.power(effect: -0.2, size: size))
        #expect(try size > analysis.size(effect: 0.2, power: 0.8), "looking at any time costs units")
    }

    @Test(arguments: Alternative.allCases)
    func sizeAndEffectInvertPower(_ alternative: Alternative) throws {
        for test in try Self.analyses(alternative) {
            for goal in [0.1, 0.5, 0.9, 0.999] {
                let effect = alternative == .less ? -0.11 : 0.11
                let size = try test.size(effect: effect, power: goal)
                #expect(close(try test.power(effect: effect, size: size), goal, 1e-10), "\(test) \(goal)")
                #expect(close(try test.detectableEffect(size: size, power: goal), effect, 1e-9), "\(test) \(goal)")
            }
        }
    }

    @Test(arguments: Alternative.allCases)
    func powerGrowsWithSizeAndEffect(_ alternative: Alternative) throws {
        let sign = alternative == .less ? -1.0 : 1.0
        for test in try Self.analyses(alternative) {
            let bySize = try [10.0, 30, 100, 300, 1000].map { try test.power(effect: sign * 0.1, size: $0) }
            let byEffect = try [0.01, 0.03, 0.1, 0.3].map { try test.power(effect: sign * $0, size: 100) }
            #expect(zip(bySize, bySize.dropFirst()).allSatisfy { $0 < $1 }, "\(test)")
            #expect(zip(byEffect, byEffect.dropFirst()).allSatisfy { $0 < $1 }, "\(test)")
            #expect(close(try test.power(effect: 0, size: 200), 0.03, 1e-9), "\(test)")
        }
    }

    @Test func nonInferiorityIsEquivalenceWithOneMargin() throws {
        let plain = try MeansPower.nonInferiority(margin: 0.3, standardDeviation: 2)
        let open = try EquivalencePower(standardDeviation: 2, lowerMargin: -0.3, upperMargin: .infinity, significance: 0.025)
        #expect(close(try open.power(effect: 0.1, size: 400), try plain.power(effect: 0.1, size: 400), 1e-12))
        #expect(close(try open.size(effect: 0.1, power: 0.9), try plain.size(effect: 0.1, power: 0.9), 1e-11))
        let rates = try EquivalencePower(baseline: 0.1, lowerMargin: -0.02, upperMargin: .infinity, significance: 0.025)
        #expect(
            close(
                try rates.size(power: 0.8), try ProportionsPower.nonInferiority(margin: 0.02, baseline: 0.1).size(effect: 0, power: 0.8),
                1e-11))
    }

    @Test func simulatedTrialsShowEquivalenceAsOftenAsPlanned() throws {
        var generator = Generator(seed: 1990)
        let plan = try EquivalencePower(standardDeviation: 1, lowerMargin: -0.5, upperMargin: 0.5)
        let planned = try plan.power(effect: 0.1, size: 80)
        var shown = 0
        for _ in 0..<800 {
            let welch = try WelchTTest(generator.sample(80) { $0.normal() + 0.1 }, generator.sample(80) { $0.normal() })
            if try EquivalenceTest(welch, lowerMargin: -0.5, upperMargin: 0.5).pValue < 0.05 { shown += 1 }
        }
        let law = try Binomial(trials: 800, probability: planned)
        #expect(try shown >= law.quantile(0.0005) - 16 && shown <= law.inverseSurvival(0.0005))
    }

    @Test func ofTwoGroupsTheAnalysisOfVarianceHasThePowerOfStudentsTest() throws {
        // Cohen's f is half his d.
        let (two, t) = (try AnalysisOfVariancePower(groups: 2), try TTestPower())
        #expect(close(try two.power(effect: 0.2, size: 50), try t.power(effect: 0.4, size: 50), 1e-11))
        #expect(close(try two.size(effect: 0.2, power: 0.8), try t.size(effect: 0.4, power: 0.8), 1e-9))
        // One degree of freedom is the square of a normal test.
        #expect(
            close(
                try ChiSquarePower(degreesOfFreedom: 1).power(effect: 0.1, size: 500),
                try NormalPower(ratio: .infinity).power(effect: 0.1, size: 500), 1e-12))
    }

    @Test func badPlansAreNamed() throws {
        #expect(throws: StatisticsError.outOfRange(argument: "degreesOfFreedom", value: 0, expected: "a positive count")) {
            try ChiSquarePower(degreesOfFreedom: 0)
        }
        #expect(throws: StatisticsError.outOfRange(argument: "groups", value: 1, expected: "at least 2 groups")) {
            try AnalysisOfVariancePower(groups: 1)
        }
        #expect(throws: StatisticsError.outOfRange(argument: "size", value: 1, expected: "more than 1, for degrees of freedom")) {
            try AnalysisOfVariancePower(groups: 3).power(effect: 1, size: 1)
        }
        #expect(throws: StatisticsError.outOfRange(argument: "effect", value: 0.5, expected: "an effect between the margins")) {
            try EquivalencePower(standardDeviation: 1, lowerMargin: -0.5, upperMargin: 0.5).size(effect: 0.5, power: 0.8)
        }
    }

    @Test func theBetterDirectionIsNamed() throws {
        let test = try NormalPower(alternative: .greater)
        #expect(
            throws: StatisticsError.outOfRange(argument: "effect", value: -0.1, expected: "more than 0.0, as the alternative is greater")
        ) {
            try test.size(effect: -0.1, power: 0.8)
        }
    }

    @Test func aMarginIsAddedToTheEffect() throws {
        let test = try MeansPower.nonInferiority(margin: 0.3, standardDeviation: 2)
        let plain = try MeansPower(standardDeviation: 2, significance: 0.025, alternative: .greater)
        #expect(close(try test.size(effect: 0, power: 0.9), try plain.size(effect: 0.3, power: 0.9), 1e-14))
        #expect(close(try test.detectableEffect(size: 500, power: 0.9), try plain.detectableEffect(size: 500, power: 0.9) - 0.3, 1e-13))
        let rates = try ProportionsPower.nonInferiority(margin: 0.02, baseline: 0.1)
        #expect(close(try rates.size(effect: 0, power: 0.8), 2 * 0.09 * 7.848879734349094 / 0.0004, 1e-12))
        let worse = try ProportionsPower.nonInferiority(margin: 0.02, baseline: 0.1, method: .arcsine)
        #expect(try worse.size(effect: -0.01, power: 0.8) > rates.size(effect: 0, power: 0.8))
    }

    @Test func aRatioMetricHasTheVarianceOfItsLinearForm() throws {
        var generator = Generator(seed: 77)
        let sessions = generator.sample(4000) { ($0.uniform() * 5).rounded(.up) }
        let revenue = sessions.map { $0 * (1 + generator.exponential()) }
        let moments = try CoMoments([revenue, sessions])
        let r = moments.means[0] / moments.means[1]
        let linear = try Summary(zip(revenue, sessions).map { ($0 - r * $1) / moments.means[1] })
        let byRatio = try MeansPower(ratioIn: moments).size(effect: 0.05, power: 0.8)
        let byMeans = try MeansPower(standardDeviation: linear.standardDeviation).size(effect: 0.05, power: 0.8)
        #expect(close(byRatio, byMeans, 1e-10))
    }

    @Test func noethersFormulaComesOut() throws {
        // Noether (1987): N = (z + z)² / (12 c (1 - c) (p - ½)²).
        let z = 1.6448536269514722 + 1.2815515655446004
        let n = try MannWhitneyPower(alternative: .greater, ratio: 3).size(effect: 0.2, power: 0.9)
        #expect(close(4 * n, z * z / (12 * 0.25 * 0.75 * 0.04), 1e-13))
    }

    @Test func badInputIsNamed() throws {
        #expect(throws: StatisticsError.outOfRange(argument: "significance", value: 1, expected: "a number between 0 and 1")) {
            try NormalPower(significance: 1)
        }
        #expect(throws: StatisticsError.outOfRange(argument: "ratio", value: 0, expected: "a positive number")) { try TTestPower(ratio: 0) }
        #expect(throws: StatisticsError.outOfRange(argument: "power", value: 0.01, expected: "more than the significance of 0.05")) {
            try NormalPower().size(effect: 1, power: 0.01)
        }
        #expect(throws: StatisticsError.outOfRange(argument: "size", value: 1, expected: "more than 1.0, for degrees of freedom")) {
            try TTestPower().power(effect: 1, size: 1)
        }
        #expect(throws: StatisticsError.outOfRange(argument: "baseline", value: 0, expected: "a number between 0 and 1")) {
            try ProportionsPower(baseline: 0)
        }
        let rates = try ProportionsPower(baseline: 0.99, method: .pooled)
        #expect(throws: StatisticsError.self) { try rates.detectableEffect(size: 10, power: 0.8) }
        #expect(
            throws: StatisticsError.outOfRange(
                argument: "effect", value: 0.02, expected: "a lift that keeps the proportion between 0 and 1")
        ) {
            try rates.size(effect: 0.02, power: 0.8)
        }
        #expect(throws: StatisticsError.noVariance(argument: "first and second")) { try MannWhitneyPower(first: [1, 1], second: [1]) }
        #expect(throws: StatisticsError.notANumber(argument: "second", index: 1)) {
            try MannWhitneyPower(first: [1, 1], second: [1, .nan])
        }
        #expect(throws: StatisticsError.outOfRange(argument: "numerator", value: 2, expected: "one of the 2 columns, from 0")) {
            try MeansPower(ratioIn: CoMoments([[1, 2, 3], [1, 1, 2]]), numerator: 2)
        }
    }
}
