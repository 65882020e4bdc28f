/// The exact conditional test of two Poisson rates: given all the events, those of the first are binomial.
///
/// J. Przyborowski and H. Wilenski, "Homogeneity of results in testing samples from Poisson series", Biometrika 31 (1940), doi:10.1093/biomet/31.3-4.313.
/// The estimate is the ratio of the rates, first over second.
public struct PoissonRateTest: EstimatingTest {
    /// The first rate.
    public let first: EventRate
    /// The second rate.
    public let second: EventRate
    /// The ratio of the rates under the null hypothesis.
    public let nullRatio: Double

    /// Compares two rates.
    ///
    /// Without any event nothing speaks against any ratio: p is 1, the statistic 0 and the interval all that is positive.
    public init(_ first: EventRate, _ second: EventRate, nullRatio: Double = 1) throws(StatisticsError) {
        try Require.positive(nullRatio, "nullRatio")
        let weight = first.exposure / second.exposure * nullRatio
        guard weight > 0, weight.isFinite else {
            throw .outOfRange(argument: "ratio of the exposures", value: weight, expected: "a positive number")
        }
        (self.first, self.second, self.nullRatio) = (first, second, nullRatio)
    }

    /// The test's name, for a report.
    public var name: String { "exact test of two Poisson rates" }

    /// The ratio of the rates; infinite where the second alone has no events, NaN where neither has.
    public var estimate: Double {
        second.events > 0 ? first.estimate / second.estimate : first.events > 0 ? .infinity : .nan
    }

    /// The score statistic, standard normal in large samples.
    public var statistic: Double {
        let weight = first.exposure / second.exposure * nullRatio
        let (a, b) = (Double(first.events), Double(second.events))
        return a + b == 0 ? 0 : (a - b * weight) / ((a + b) * weight).squareRoot()
    }

    /// The p-value of the score statistic, for large counts.
    public func asymptoticPValue(_ alternative: Alternative = .twoSided) -> Double {
        Tails.symmetric(Normal.standard, statistic, alternative)
    }

    /// The probability, under the null hypothesis, of a statistic at least this extreme.
    public func pValue(_ alternative: Alternative) -> Double {
        switch alternative {
        case .less: law.cdf(first.events)
        case .greater: law.survival(first.events - 1)
        case .twoSided: ExactTails(law, first.events).pValue
        }
    }

    /// The natural logarithm of the p-value.
    public func logPValue(_ alternative: Alternative) -> Double {
        switch alternative {
        case .less: law.logCDF(first.events)
        case .greater: law.logSurvival(first.events - 1)
        case .twoSided: ExactTails(law, first.events).logPValue
        }
    }

    /// What the first events follow when all are given.
    private var law: Binomial {
        let weight = first.exposure / second.exposure * nullRatio
        return Binomial(validatedTrials: first.events + second.events, probability: weight / (1 + weight))
    }

    /// The values that a test at one minus `level` does not reject.
    public func confidenceInterval(level: Double, alternative: Alternative) throws(StatisticsError) -> ConfidenceInterval {
        try Require.properProbability(level, "level")
        guard first.events + second.events > 0 else { return ConfidenceInterval(low: 0, high: .infinity, level: level) }
        let share = try Proportion(successes: first.events, trials: first.events + second.events)
        let interval = try BinomialTest(share).confidenceInterval(level: level, alternative: alternative)
        let scale = second.exposure / first.exposure
        return ConfidenceInterval(
            low: interval.low / (1 - interval.low) * scale,
            high: interval.high == 1 ? .infinity : interval.high / (1 - interval.high) * scale, level: level)
    }
}
