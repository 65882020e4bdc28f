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
        switch alternative {
        case .less: law.cdf(proportion.successes)
        case .greater: law.survival(proportion.successes - 1)
        case .twoSided: ExactTails(law, proportion.successes).pValue
        }
    }

    /// The natural logarithm of the p-value.
    public func logPValue(_ alternative: Alternative) -> Double {
        switch alternative {
        case .less: law.logCDF(proportion.successes)
        case .greater: law.logSurvival(proportion.successes - 1)
        case .twoSided: ExactTails(law, proportion.successes).logPValue
        }
    }

    private var law: Binomial { Binomial(validatedTrials: proportion.trials, probability: nullValue) }

    /// Clopper and Pearson's interval, which inverts the one-sided tests.
    public func confidenceInterval(level: Double, alternative: Alternative) throws(StatisticsError) -> ConfidenceInterval {
        try proportion.confidenceInterval(level: level, alternative: alternative, method: .clopperPearson)
    }
}
