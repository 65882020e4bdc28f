internal import Glibc

/// The z test of two proportions within strata: whether probabilities differ that may be others from stratum to stratum.
///
/// Differences, and ratios, are put together from those within the strata by the shares n₁n₀/(n₁ + n₀), as in ``Stratification``, with the
/// variances that the likeliest probabilities give in each: O. Miettinen and M. Nurminen, "Comparative analysis of two rates", Statistics in
/// Medicine 4 (1985), doi:10.1002/sim.4780040211, section 4, but for their correction of n + m - 1. The intervals invert the test, so none of many
/// is not taken to be known exactly. Of one stratum all of it is ``TwoProportionZTest``.
public struct StratifiedProportionTest: EstimatingTest {
    /// One stratum.
    public struct Stratum: Sendable {
        /// The first proportion in it.
        public let first: Proportion
        /// The second proportion in it.
        public let second: Proportion

        /// A stratum with trials of both.
        public init(_ first: Proportion, _ second: Proportion) { (self.first, self.second) = (first, second) }
    }

    /// The strata.
    public let strata: [Stratum]
    /// The first proportion, put together from those of the strata.
    public let first: Double
    /// The second proportion, likewise.
    public let second: Double
    /// The value of the test statistic.
    public let statistic: Double
    let score: StratifiedScore

    /// Compares proportions within strata, at least one.
    public init(_ strata: [Stratum]) throws(StatisticsError) {
        guard !strata.isEmpty else { throw .empty(argument: "strata") }
        self.strata = strata
        score = StratifiedScore(strata)
        (first, second) = (score.combined { $0.first.estimate }, score.combined { $0.second.estimate })
        statistic = score.difference(0)
    }

    /// Compares proportions of one stratum.
    public init(_ first: Proportion, _ second: Proportion) {
        strata = [Stratum(first, second)]
        score = StratifiedScore(strata)
        (self.first, self.second) = (first.estimate, second.estimate)
        statistic = score.difference(0)
    }

    /// The test's name, for a report.
    public var name: String { strata.count == 1 ? "two-proportion z test" : "two-proportion z test within strata" }
    /// The first proportion less the second.
    public var estimate: Double { first - second }
    /// By how much the first proportion is greater than the second, as a share of the second; `nil` where that is zero.
    public var lift: Double? { second > 0 ? (first - second) / second : nil }

    /// The probability, under the null hypothesis, of a statistic at least this extreme.
    public func pValue(_ alternative: Alternative) -> Double { Tails.symmetric(Normal.standard, statistic, alternative) }

    /// The natural logarithm of the p-value.
    public func logPValue(_ alternative: Alternative = .twoSided) -> Double {
        Tails.logSymmetric(Normal.standard, statistic, alternative)
    }

    /// The values that a test at one minus `level` does not reject; a bound alone reaches to ±1.
    public func confidenceInterval(level: Double, alternative: Alternative) throws(StatisticsError) -> ConfidenceInterval {
        try Require.properProbability(level, "level")
        let tail = alternative == .twoSided ? (1 - level) / 2 : 1 - level
        let (low, high) = try score.differenceBounds(reach: -Normal.standardQuantile(tail))
        return ConfidenceInterval(low: alternative == .less ? -1 : low, high: alternative == .greater ? 1 : high, level: level)
    }

    /// An interval for the lift, by how much the first probability is greater than the second as a share of the second, alike in all strata.
    public func liftInterval(level: Double = 0.95) throws(StatisticsError) -> ConfidenceInterval {
        try Require.properProbability(level, "level")
        let (low, high) = try score.logRatioBounds(reach: -Normal.standardQuantile((1 - level) / 2))
        return ConfidenceInterval(low: expm1(low), high: expm1(high), level: level)
    }

    /// The probability of a score statistic at least this extreme if the first probability is 1 + `lift` times the second.
    /// - Parameter lift: not below -1.
    public func pValue(lift: Double, _ alternative: Alternative = .twoSided) throws(StatisticsError) -> Double {
        Tails.symmetric(Normal.standard, try statistic(lift: lift), alternative)
    }

    /// The score statistic under a lift.
    func statistic(lift: Double) throws(StatisticsError) -> Double {
        try Require.finite(lift, "lift")
        guard lift >= -1 else { throw .outOfRange(argument: "lift", value: lift, expected: "-1 or more: a share is not below zero") }
        return score.lift(lift)
    }
}

/// The score statistics of proportions within strata, and the intervals that invert them.
struct StratifiedScore {
    private let strata: [StratifiedProportionTest.Stratum]
    private let shares: [Double]
    private let scores: [ProportionScore]

    /// - Parameter strata: at least one.
    init(_ strata: [StratifiedProportionTest.Stratum]) {
        self.strata = strata
        let weights = strata.map { Stratification.weight($0.first.trials, $0.second.trials) }
        let total = weights.reduce(0, +)
        shares = weights.map { $0 / total }
        scores = strata.map { ProportionScore($0.first, $0.second, isCorrected: false) }
    }

    /// What the strata have, put together by their shares.
    func combined(_ value: (StratifiedProportionTest.Stratum) -> Double) -> Double {
        zip(shares, strata).reduce(0) { $0 + $1.0 * value($1.1) }
    }

    /// The standard error of no difference; where nothing happened, or everything did, of half a success and half a failure more in each.
    var standardErrorOfNone: Double {
        let variance = zip(shares, scores).reduce(0) { $0 + $1.0 * $1.0 * $1.1.deviation(difference: 0).variance }
        if variance > 0 { return variance.squareRoot() }
        return zip(shares, strata).reduce(0) { sum, part in
            let (n, m) = (Double(part.1.first.trials), Double(part.1.second.trials))
            let rest = 0.5 / (n + m + 1)
            return sum + part.0 * part.0 * rest * (1 - rest) * (1 / n + 1 / m)
        }.squareRoot()
    }

    /// The statistic under p₁ - p₂ = delta in each; it falls as delta rises.
    func difference(_ delta: Double) -> Double { together { $0.deviation(difference: delta) } }

    /// The statistic under p₁ / p₂ = 1 + lift in each; it falls as the lift rises, which is not below -1.
    func lift(_ lift: Double) -> Double { together { $0.deviation(ratio: 1 + lift, less1: lift) } }

    private func together(_ part: (ProportionScore) -> (value: Double, variance: Double)) -> Double {
        let parts = scores.map(part)
        let value = zip(shares, parts).reduce(0) { $0 + $1.0 * $1.1.value }
        if value == 0 { return 0 }
        return value / zip(shares, parts).reduce(0) { $0 + $1.0 * $1.0 * $1.1.variance }.squareRoot()
    }

    /// The bounds for the difference: the differences at which the statistic is at most `reach` away from zero.
    func differenceBounds(reach: Double) throws(StatisticsError) -> (Double, Double) {
        if scores.count == 1 { return try scores[0].differenceBounds(reach: reach) }
        let estimate = combined { $0.first.estimate } - combined { $0.second.estimate }
        let edge = 1 - 1e-15
        let start = min(edge, max(-edge, estimate))
        let step = min(0.01, reach * standardErrorOfNone)
        let low = estimate <= -edge ? -1 : Root.increasing(from: start, step: step, within: -edge...edge) { reach - difference($0) }
        let high = estimate >= edge ? 1 : Root.increasing(from: start, step: step, within: -edge...edge) { -reach - difference($0) }
        guard let low, let high else { throw .noConvergence(computation: "score interval within strata") }
        return (low, high)
    }

    /// The natural logarithms of the bounds for the ratio.
    func logRatioBounds(reach: Double) throws(StatisticsError) -> (Double, Double) {
        if scores.count == 1 { return try scores[0].logRatioBounds(reach: reach) }
        func padded(_ share: Proportion) -> Double { (share.hits + 0.5) / (Double(share.trials) + 1) }
        let start = log(combined { padded($0.first) } / combined { padded($0.second) })
        let (isZero, isInfinite) = (strata.allSatisfy { $0.first.hits == 0 }, strata.allSatisfy { $0.second.hits == 0 })
        let low = isZero ? -.infinity : Root.increasing(from: start, step: 0.1, within: -300...300) { reach - lift(expm1($0)) }
        let high = isInfinite ? .infinity : Root.increasing(from: start, step: 0.1, within: -300...300) { -reach - lift(expm1($0)) }
        guard let low, let high else { throw .noConvergence(computation: "score interval of a ratio within strata") }
        return (low, high)
    }
}
