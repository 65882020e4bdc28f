import Statistics
import Testing

// Every way into the library by a single number: a level, a margin, a parameter of a distribution or of a plan.
@Suite struct ParameterInputTests {
    struct Parameter: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let ask: @Sendable (Double) throws -> [Double]

        init(_ name: String, _ ask: @escaping @Sendable (Double) throws -> [Double]) { (testDescription, self.ask) = (name, ask) }
    }

    private static func ends(_ interval: ConfidenceInterval) -> [Double] { [interval.low, interval.high] }
    private static func welch(_ null: Double = 0) throws -> WelchTTest { try WelchTTest([1, 2, 4], [2, 5, 7, 9], nullValue: null) }
    private static func half() throws -> Proportion { try Proportion(successes: 5, trials: 10) }

    static let parameters: [Parameter] = [
        Parameter("level of a t interval") { ends(try welch().confidenceInterval(level: $0)) },
        Parameter("level of a proportion") { ends(try half().confidenceInterval(level: $0)) },
        Parameter("level of a rate") { ends(try EventRate(events: 3, exposure: 2).confidenceInterval(level: $0)) },
        Parameter("level of an effect size") { ends(try CohenD(OneSampleTTest([1, 2, 4])).confidenceInterval(level: $0)) },
        Parameter("level of a bootstrap") { ends(try Bootstrap(mean: [1, 2, 4], Resampling(count: 19)).confidenceInterval(level: $0)) },
        Parameter("level of intervals adjusted") { try Adjustment.bonferroni.intervalLevels([0.1, 0.2], level: $0).compactMap { $0 } },
        Parameter("null value") { [try welch($0).pValue] },
        Parameter("null proportion") { [try BinomialTest(half(), nullValue: $0).pValue] },
        Parameter("null rate") { [try EventRateTest(EventRate(events: 3, exposure: 2), nullValue: $0).pValue] },
        Parameter("null ratio of rates") {
            let rate = try EventRate(events: 3, exposure: 2)
            return [try PoissonRateTest(rate, rate, nullRatio: $0).pValue]
        },
        Parameter("null lift") {
            [try RelativeLift(treatment: Summary([1, 2, 4]), control: Summary([2, 5, 7]), nullValue: $0).pValue]
        },
        Parameter("exposure") { ends(try EventRate(events: 3, exposure: $0).confidenceInterval()) },
        Parameter("margin") { [try EquivalenceTest(welch(), lowerMargin: -1, upperMargin: $0).pValue] },
        Parameter("margin of proportions") { [try EquivalenceTest(half(), half(), lowerMargin: -0.2, upperMargin: $0).pValue] },
        Parameter("trimming") { [try YuenTTest([1, 2, 4, 3], [2, 5, 7, 9], trimming: $0).pValue] },
        Parameter("p-value to adjust") { try Adjustment.holm.adjust([0.2, $0]) },
        Parameter("weight") { [try SampleRatioTest(counts: [10, 12], weights: [1, $0]).pValue] },
        Parameter("weight of a stratum") {
            let sample = try Summary([1, 2, 4])
            return [try PostStratification([.init(treatment: sample, control: sample, weight: $0)]).treatment.value]
        },
        Parameter("mean of a summary") { [try Summary(mean: $0, standardDeviation: 1, count: 5).mean] },
        Parameter("standard deviation of a summary") {
            [try WelchTTest(Summary(mean: 1, standardDeviation: $0, count: 5), Summary(mean: 0, standardDeviation: 1, count: 5)).pValue]
        },
        Parameter("standard error") { [try Estimate(value: 1, standardError: $0).variance] },
        Parameter("spread of effects") {
            try MixtureSPRT(effectSpread: $0).interval.map(ends) ?? []
        },
        Parameter("tuning") { [try ConfidenceSequence(estimate: 1, standardError: 1, count: 10, tuning: .sampleSize($0)).pValue] },
        Parameter("tuning by spread") {
            [try ConfidenceSequence(estimate: 1, standardError: 1, count: 10, tuning: .effectSpread($0)).pValue]
        },
        Parameter("probability of a quantile") { [try QuantileEstimate([1, 2, 4], probability: $0).value] },
        Parameter("normal power: significance") { [try NormalPower(significance: $0).power(effect: 0.1, size: 100)] },
        Parameter("normal power: effect") { [try NormalPower().power(effect: $0, size: 100)] },
        Parameter("normal power: size") { [try NormalPower().power(effect: 0.1, size: $0)] },
        Parameter("t power: size") { [try TTestPower().power(effect: 0.1, size: $0)] },
        Parameter("t power: effect") { [try TTestPower().size(effect: $0, power: 0.8)] },
        Parameter("proportion power: baseline") { [try ProportionsPower(baseline: $0).power(effect: 0.01, size: 100)] },
        Parameter("proportion power: lift") { [try ProportionsPower(baseline: 0.1).size(effect: $0, power: 0.8)] },
        Parameter("chi-square power: effect") { [try ChiSquarePower(degreesOfFreedom: 3).power(effect: $0, size: 100)] },
        Parameter("chi-square power: size") { [try ChiSquarePower(degreesOfFreedom: 3).power(effect: 0.1, size: $0)] },
        Parameter("power of variance: effect") { [try AnalysisOfVariancePower(groups: 3).power(effect: $0, size: 20)] },
        Parameter("power of variance: size") { [try AnalysisOfVariancePower(groups: 3).power(effect: 0.1, size: $0)] },
        Parameter("equivalence power: margin") {
            [try EquivalencePower(standardDeviation: 1, lowerMargin: -0.1, upperMargin: $0).power(size: 100)]
        },
        Parameter("equivalence power: deviation") {
            [try EquivalencePower(standardDeviation: $0, lowerMargin: -0.1, upperMargin: 0.1).size(power: 0.8)]
        },
        Parameter("traffic") { [try Traffic(perDay: $0).perDay] },
        Parameter("information fraction") { try GroupSequentialDesign(fractions: [$0, 1]).looks.map(\.nominalPValue) },
        Parameter("drift") { try GroupSequentialDesign(looks: 2).rejectionProbabilities(drift: $0) },
        Parameter("Student's degrees") { [try StudentT(degreesOfFreedom: $0).cdf(1)] },
        Parameter("noncentrality") { [try NoncentralT(degreesOfFreedom: 5, noncentrality: $0).cdf(1)] },
        Parameter("noncentrality of F") { [try NoncentralF(numerator: 2, denominator: 5, noncentrality: $0).cdf(1)] },
        Parameter("gamma's shape") { [try Gamma(shape: $0, scale: 1).cdf(1)] },
        Parameter("beta's alpha") { [try Beta(alpha: $0, beta: 1).cdf(0.5)] },
        Parameter("quantile") { [try Normal.standard.quantile($0)] },
    ]

    @Test(arguments: parameters)
    func whatIsNoNumberIsRefused(_ parameter: Parameter) {
        #expect(throws: StatisticsError.self) { try parameter.ask(.nan) }
    }

    @Test(arguments: parameters)
    func extremesAreAnsweredOrRefused(_ parameter: Parameter) {
        let values: [Double] = [
            -Double.infinity, -1.7e308, -1e3, -1, -1e-9, -Double.leastNonzeroMagnitude, -0.0, 0, Double.leastNonzeroMagnitude, 1e-300,
            1e-160, 1e-9, 0.05, 0.5, 0.999_999_999, 1, 2, 50,
            1e3,
        ]
        for value in values {
            check(parameter, value)
        }
        // Beyond these the noncentral laws take as long as their noncentrality is large.
        for value in [1e160, 1.7e308, Double.infinity] where !parameter.testDescription.hasPrefix("noncentrality") {
            check(parameter, value)
        }
    }

    private func check(_ parameter: Parameter, _ value: Double) {
        do {
            let numbers = try parameter.ask(value)
            #expect(!numbers.contains { $0.isNaN }, "\(parameter.testDescription) \(value): \(numbers)")
        } catch let error as StatisticsError {
            #expect(!error.description.contains("nan"), "\(error)")
        } catch {
            Issue.record("\(error)")
        }
    }
}
