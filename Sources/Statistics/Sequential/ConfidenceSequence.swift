internal import Glibc

/// What may be said about a mean, a difference or an adjusted effect at any time, however often one looks and whenever one stops.
///
/// Intervals computed at every sample size all cover the truth together with the stated probability. The estimate must be asymptotically
/// normal and its variance well estimated: start looking after some tens of units an arm. Two proportions are compared by ``TwoProportionSequence``.
/// I. Waudby-Smith, D. Arbour, R. Sinha, E. H. Kennedy and A. Ramdas, "Time-uniform central limit theory and asymptotic confidence
/// sequences", Annals of Statistics 52 (2024), doi:10.1214/24-AOS2408.
public struct ConfidenceSequence: EstimatingTest {
    /// Where the sequence is narrowest; the same tuning must be kept as data come in.
    public enum Tuning: Equatable, Sendable {
        /// Narrowest when this many units are in, for intervals of this level.
        case sampleSize(Double, level: Double = 0.95)
        /// As if effects were spread normally about the null value with this standard deviation: the mSPRT.
        case effectSpread(Double)
    }

    /// The effect as measured.
    public let estimate: Double
    /// The standard error of the estimate.
    public let standardError: Double
    /// How many units the estimate rests on, all arms together.
    public let count: Int
    /// Where the sequence is narrowest.
    public let tuning: Tuning
    /// The effect under the null hypothesis.
    public let nullValue: Double
    private let mixture: NormalMixture

    /// The state of a sequence when `count` units gave this estimate, by any regression, weighting or adjustment.
    public init(
        estimate: Double, standardError: Double, count: Int, tuning: Tuning, nullValue: Double = 0
    ) throws(StatisticsError) {
        try Require.finite(estimate, "estimate")
        try Require.positive(standardError, "standardError")
        try Require.positive(count, "count")
        try Require.finite(nullValue, "nullValue")
        (self.estimate, self.standardError, self.count, self.tuning, self.nullValue) = (estimate, standardError, count, tuning, nullValue)
        mixture = try NormalMixture(count: count, standardError: standardError, tuning)
    }

    /// The mean of one sample.
    public init(_ sample: Summary, tuning: Tuning, nullValue: Double = 0) throws(StatisticsError) {
        try Require.count(sample.count, "sample", atLeast: 2)
        guard sample.variance > 0 else { throw .noVariance(argument: "sample") }
        try self.init(
            estimate: sample.mean, standardError: sample.standardError, count: sample.count, tuning: tuning, nullValue: nullValue)
    }

    /// The difference of two means, the first less the second.
    public init(_ first: Summary, _ second: Summary, tuning: Tuning, nullValue: Double = 0) throws(StatisticsError) {
        try self.init(WelchTTest(first, second, nullValue: nullValue), count: first.count + second.count, tuning: tuning)
    }

    /// The effect that a test of a mean or of a regression estimates from `count` units.
    public init<Test: TTest>(_ test: Test, count: Int, tuning: Tuning) throws(StatisticsError) {
        try self.init(
            estimate: test.estimate, standardError: test.standardError, count: count, tuning: tuning, nullValue: test.nullValue)
    }

    /// The test's name, for a report.
    public var name: String { "confidence sequence" }
    /// (estimate - null value) / standard error.
    public var statistic: Double { (estimate - nullValue) / standardError }

    /// The logarithm of the evidence against the null hypothesis, a mixture of likelihood ratios.
    public func logEvidence(_ alternative: Alternative = .twoSided) -> Double { mixture.logEvidence(statistic, alternative) }

    /// A p-value that may be looked at any time: under the null hypothesis it ever falls to α with probability at most α.
    public func pValue(_ alternative: Alternative) -> Double { exp(logPValue(alternative)) }
    /// The natural logarithm of that p-value.
    public func logPValue(_ alternative: Alternative) -> Double { min(0, -logEvidence(alternative)) }

    /// The interval at this time, one of a sequence that all cover the truth with the probability `level`.
    public func confidenceInterval(level: Double, alternative: Alternative) throws(StatisticsError) -> ConfidenceInterval {
        try Require.properProbability(level, "level")
        let reach = try mixture.radius(1 - level, alternative) * standardError
        return ConfidenceInterval(
            low: alternative == .less ? -.infinity : estimate - reach, high: alternative == .greater ? .infinity : estimate + reach,
            level: level)
    }
}
