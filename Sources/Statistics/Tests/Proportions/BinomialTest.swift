/// The exact binomial test: whether a probability is a given one.
///
/// Two-sided, it adds up every outcome that is no likelier than the one observed.
public struct BinomialTest: EstimatingTest {
    /// What was observed.
    public let proportion: Proportion
    /// The probability under the null hypothesis.
    public let nullValue: Double

    /// Tests whether the probability behind a proportion is `nullValue`.
    public init(_ proportion: Proportion, nullValue: Double = 0.5) throws(StatisticsError) {
        try Require.probability(nullValue, "nullValue")
        (self.proportion, self.nullValue) = (proportion, nullValue)
    }

    /// The test's name, for a report.
    public var name: String { "exact binomial test" }
    /// The number of successes.
    public var statistic: Double { Double(proportion.successes) }
    /// The effect as measured.
    public var estimate: Double { proportion.estimate }

    /// The probability, under the null hypothesis, of a statistic at least this extreme.
    public func pValue(_ alternative: Alternative) -> Double {
        let law = Binomial(validatedTrials: proportion.trials, probability: nullValue)
        switch alternative {
        case .less: return law.cdf(proportion.successes)
        case .greater: return law.survival(proportion.successes - 1)
        case .twoSided: return ExactTails.twoSided(law, proportion.successes)
        }
    }

    /// The values that a test at one minus `level` does not reject.
    public func confidenceInterval(level: Double, alternative: Alternative) throws(StatisticsError) -> ConfidenceInterval {
        try Require.properProbability(level, "level")
        let outer = alternative == .twoSided ? level : 2 * level - 1
        let (low, high) = try clopperPearson(tail: (1 - outer) / 2)
        return ConfidenceInterval(low: alternative == .less ? 0 : low, high: alternative == .greater ? 1 : high, level: level)
    }

    private func clopperPearson(tail: Double) throws(StatisticsError) -> (Double, Double) {
        let (n, x) = (Double(proportion.trials), Double(proportion.successes))
        let low = x == 0 ? 0 : try Beta(validatedAlpha: x, beta: n - x + 1).quantile(tail)
        let high = x == n ? 1 : try Beta(validatedAlpha: x + 1, beta: n - x).inverseSurvival(tail)
        return (low, high)
    }
}
