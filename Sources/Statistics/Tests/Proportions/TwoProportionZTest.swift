internal import Glibc

/// The z test of two proportions: whether two probabilities differ, the variance pooled under the null hypothesis.
///
/// Its square is Pearson's chi-square of the 2 × 2 table. The intervals of the difference and of the ratio are the test's own inversions by
/// default, Mee's and Koopman's: they leave out no difference, and a ratio of one, exactly where the p-value says so.
public struct TwoProportionZTest: EstimatingTest {
    /// The first proportion.
    public let first: Proportion
    /// The second proportion.
    public let second: Proportion
    /// The value of the test statistic.
    public let statistic: Double

    /// Compares two proportions.
    ///
    /// Where both are 0, or both 1, the statistic is 0, and the intervals tell how different the probabilities may still be.
    public init(_ first: Proportion, _ second: Proportion) {
        (self.first, self.second) = (first, second)
        statistic = ProportionScore(first, second, isCorrected: false).difference(0)
    }

    /// The test's name, for a report.
    public var name: String { "two-proportion z test" }
    /// The first proportion less the second.
    public var estimate: Double { first.estimate - second.estimate }

    /// The probability, under the null hypothesis, of a statistic at least this extreme.
    public func pValue(_ alternative: Alternative) -> Double {
        Tails.symmetric(Normal.standard, statistic, alternative)
    }

    /// The natural logarithm of the p-value.
    public func logPValue(_ alternative: Alternative = .twoSided) -> Double {
        Tails.logSymmetric(Normal.standard, statistic, alternative)
    }

    /// How an interval for the difference is made.
    public enum IntervalMethod: String, Sendable, CaseIterable {
        /// The difference ± z unpooled standard errors.
        case wald
        /// Wald's interval with one success and one failure added to each: A. Agresti and B. Caffo, The American Statistician 54 (2000), doi:10.2307/2685779.
        case agrestiCaffo = "agresti-caffo"
        /// Wilson's intervals of the two, combined: R. G. Newcombe, Statistics in Medicine 17 (1998),
        /// doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I.
        case newcombe
        /// The inverted z test, whose variance is that of the likeliest probabilities with the difference in question: R. W. Mee, "Confidence
        /// bounds for the difference between two probabilities", Biometrics 40 (1984), 1175-1176.
        case mee
        /// The same with a variance that is greater by (n + m) / (n + m - 1): O. Miettinen and M. Nurminen, Statistics in Medicine 4 (1985), doi:10.1002/sim.4780040211.
        case score
    }

    /// The values that a test at one minus `level` does not reject.
    public func confidenceInterval(level: Double, alternative: Alternative) throws(StatisticsError) -> ConfidenceInterval {
        try confidenceInterval(level: level, alternative: alternative, method: .mee)
    }

    /// An interval for the difference of the probabilities; a bound alone reaches to ±1.
    public func confidenceInterval(
        level: Double = 0.95, alternative: Alternative = .twoSided, method: IntervalMethod
    ) throws(StatisticsError) -> ConfidenceInterval {
        try Require.properProbability(level, "level")
        let tail = alternative == .twoSided ? (1 - level) / 2 : 1 - level
        let (low, high) = try bounds(tail: tail, method)
        return ConfidenceInterval(low: alternative == .less ? -1 : low, high: alternative == .greater ? 1 : high, level: level)
    }

    /// The ratio of the shares, first over second: the relative risk; infinite where only the second is zero, `nil` where both are.
    public var ratio: Double? { first.successes + second.successes == 0 ? nil : first.estimate / second.estimate }
    /// The odds ratio, first over second; infinite where only the divisor is zero, `nil` where both proportions are 0, or both 1.
    public var oddsRatio: Double? {
        guard first.hits + second.hits > 0, first.misses + second.misses > 0 else { return nil }
        return first.hits / first.misses * (second.misses / second.hits)
    }

    /// How an interval for the ratio is made.
    public enum RatioIntervalMethod: String, Sendable, CaseIterable {
        /// The inverted z test: P. A. R. Koopman, "Confidence intervals for the ratio of two binomial proportions", Biometrics 40 (1984), 513-517.
        case koopman
        /// The same with a variance that is greater by (n + m) / (n + m - 1): O. Miettinen and M. Nurminen, Statistics in Medicine 4 (1985),
        /// doi:10.1002/sim.4780040211.
        case score
    }

    /// An interval for the ratio of the probabilities, first over second.
    public func ratioInterval(
        level: Double = 0.95, method: RatioIntervalMethod = .koopman
    ) throws(StatisticsError) -> ConfidenceInterval {
        try Require.properProbability(level, "level")
        let (low, high) = try logRatioBounds(level, method)
        return ConfidenceInterval(low: exp(low), high: exp(high), level: level)
    }

    /// An interval for the lift, by how much the first probability is greater than the second as a share of the second: that of the ratio less
    /// one, of which a small lift keeps all its digits.
    public func liftInterval(
        level: Double = 0.95, method: RatioIntervalMethod = .koopman
    ) throws(StatisticsError) -> ConfidenceInterval {
        let (low, high) = try logRatioBounds(level, method)
        return ConfidenceInterval(low: expm1(low), high: expm1(high), level: level)
    }

    /// The probability of a score statistic at least this extreme if the first probability is 1 + `lift` times the second: the test that
    /// ``liftInterval(level:method:)`` inverts.
    ///
    /// It needs no ratio of what was observed: of none of 500 against 20 of 500 it asks as well. C. P. Farrington and G. Manning, "Test statistics
    /// and sample size formulae for comparative binomial trials", Statistics in Medicine 9 (1990), doi:10.1002/sim.4780091208.
    /// - Parameter lift: not below -1.
    public func pValue(lift: Double, _ alternative: Alternative = .twoSided) throws(StatisticsError) -> Double {
        try StratifiedProportionTest(first, second).pValue(lift: lift, alternative)
    }

    private func logRatioBounds(_ level: Double, _ method: RatioIntervalMethod) throws(StatisticsError) -> (Double, Double) {
        try Require.properProbability(level, "level")
        return try ProportionScore(first, second, isCorrected: method == .score)
            .logRatioBounds(reach: -Normal.standardQuantile((1 - level) / 2))
    }

    /// An interval for the odds ratio, first over second, by the inverted score test.
    ///
    /// O. Miettinen and M. Nurminen, Statistics in Medicine 4 (1985), doi:10.1002/sim.4780040211.
    public func oddsRatioInterval(level: Double = 0.95) throws(StatisticsError) -> ConfidenceInterval {
        try Require.properProbability(level, "level")
        let (low, high) = try ProportionScore(first, second).logOddsRatioBounds(reach: -Normal.standardQuantile((1 - level) / 2))
        return ConfidenceInterval(low: exp(low), high: exp(high), level: level)
    }

    /// Cohen's h: the difference of the proportions after the arcsine transformation, 2 asin √p.
    public var cohenH: Double {
        2 * asin(first.estimate.squareRoot()) - 2 * asin(second.estimate.squareRoot())
    }

    private func bounds(tail: Double, _ method: IntervalMethod) throws(StatisticsError) -> (Double, Double) {
        let z = -Normal.standardQuantile(tail)
        switch method {
        case .wald:
            let reach = z * (first.variance + second.variance).squareRoot()
            return (max(-1, estimate - reach), min(1, estimate + reach))
        case .agrestiCaffo:
            let a = try Proportion(successes: first.successes + 1, trials: first.trials + 2)
            let b = try Proportion(successes: second.successes + 1, trials: second.trials + 2)
            let center = a.estimate - b.estimate
            let reach = z * (a.variance + b.variance).squareRoot()
            return (max(-1, center - reach), min(1, center + reach))
        case .newcombe:
            let (a, b) = try (first.wilsonReach(tail: tail), second.wilsonReach(tail: tail))
            return (estimate - hypot(a.below, b.above), estimate + hypot(a.above, b.below))
        case .mee, .score:
            return try ProportionScore(first, second, isCorrected: method == .score).differenceBounds(reach: z)
        }
    }
}

extension Proportion {
    /// How far Wilson's bounds with this tail lie from the estimate.
    fileprivate func wilsonReach(tail: Double) throws(StatisticsError) -> (below: Double, above: Double) {
        (
            estimate - (try confidenceInterval(level: 1 - tail, alternative: .greater)).low,
            (try confidenceInterval(level: 1 - tail, alternative: .less)).high - estimate
        )
    }
}
