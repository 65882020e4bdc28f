/// The exact test of one Poisson rate: whether events come at a given rate.
///
/// Two-sided, it adds up every count that is no likelier than the one observed. The interval is Garwood's.
public struct EventRateTest: EstimatingTest {
    /// What was observed.
    public let rate: EventRate
    /// The rate under the null hypothesis.
    public let nullValue: Double
    private let law: Poisson

    /// Tests whether the rate behind a count is `nullValue`, which must be positive.
    public init(_ rate: EventRate, nullValue: Double = 1) throws(StatisticsError) {
        try Require.positive(nullValue, "nullValue")
        let expected = nullValue * rate.exposure
        guard expected > 0, expected <= Require.largestCount else {
            throw .outOfRange(argument: "nullValue", value: nullValue, expected: "a rate that gives a count over the exposure")
        }
        law = try Poisson(mean: expected)
        (self.rate, self.nullValue) = (rate, nullValue)
    }

    /// The test's name, for a report.
    public var name: String { "exact test of a Poisson rate" }
    /// The number of events.
    public var statistic: Double { Double(rate.events) }
    /// Events per unit of exposure.
    public var estimate: Double { rate.estimate }

    /// The probability, under the null hypothesis, of a statistic at least this extreme.
    public func pValue(_ alternative: Alternative) -> Double {
        switch alternative {
        case .less: law.cdf(rate.events)
        case .greater: law.survival(rate.events - 1)
        case .twoSided: ExactTails(law, rate.events).pValue
        }
    }

    /// The natural logarithm of the p-value.
    public func logPValue(_ alternative: Alternative) -> Double {
        switch alternative {
        case .less: law.logCDF(rate.events)
        case .greater: law.logSurvival(rate.events - 1)
        case .twoSided: ExactTails(law, rate.events).logPValue
        }
    }

    /// The rates that the one-sided tests would not reject.
    public func confidenceInterval(level: Double, alternative: Alternative) throws(StatisticsError) -> ConfidenceInterval {
        try rate.confidenceInterval(level: level, alternative: alternative)
    }
}
