internal import Glibc

/// What may be said about the difference and the ratio of two proportions at any time, however often one looks and whenever one stops.
///
/// It is the z test with the boundary of a ``ConfidenceSequence``: the statistic of each difference, or ratio, has the variance that the
/// likeliest probabilities with that difference give (Mee 1984, Koopman 1984). So the p-value and the intervals never speak against each other,
/// and a share of which all or no trials have succeeded so far is not taken to be known. Of a true difference that variance is consistent, which
/// is all that I. Waudby-Smith, D. Arbour, R. Sinha, E. H. Kennedy and A. Ramdas, Annals of Statistics 52 (2024), doi:10.1214/24-AOS2408, ask
/// of one. Start looking after some tens of successes and of failures.
public struct TwoProportionSequence: EstimatingTest {
    /// Where the sequence is narrowest.
    public let tuning: ConfidenceSequence.Tuning
    /// How many trials there are, or as many as would tell as much.
    public let count: Int
    private let test: StratifiedProportionTest
    private let mixture: NormalMixture

    /// The state of a sequence when these trials have been made.
    ///
    /// Where both proportions are 0, or both 1, half a success and half a failure more are what an effect's spread is held against.
    public init(_ first: Proportion, _ second: Proportion, tuning: ConfidenceSequence.Tuning) throws(StatisticsError) {
        try self.init(StratifiedProportionTest(first, second), count: first.trials + second.trials, tuning: tuning)
    }

    /// The same within strata.
    /// - Parameter count: how many trials there are, or as many as would tell as much: ``Stratification/equivalentUnits``.
    public init(_ test: StratifiedProportionTest, count: Int, tuning: ConfidenceSequence.Tuning) throws(StatisticsError) {
        try Require.positive(count, "count")
        (self.test, self.count, self.tuning) = (test, count, tuning)
        mixture = try NormalMixture(count: count, standardError: test.score.standardErrorOfNone, tuning)
    }

    /// The test's name, for a report.
    public var name: String { "confidence sequence of two proportions" }
    /// The first proportion less the second.
    public var estimate: Double { test.estimate }
    /// The statistic of the z test.
    public var statistic: Double { test.statistic }

    /// The logarithm of the evidence against no difference, a mixture of likelihood ratios.
    public func logEvidence(_ alternative: Alternative = .twoSided) -> Double { mixture.logEvidence(statistic, alternative) }

    /// A p-value that may be looked at any time: where there is no difference it ever falls to α with probability at most α.
    public func pValue(_ alternative: Alternative) -> Double { exp(logPValue(alternative)) }
    /// The natural logarithm of that p-value.
    public func logPValue(_ alternative: Alternative) -> Double { min(0, -logEvidence(alternative)) }

    /// The same against the first probability's being 1 + `lift` times the second: the test that ``liftInterval(level:)`` inverts.
    /// - Parameter lift: not below -1.
    public func pValue(lift: Double, _ alternative: Alternative = .twoSided) throws(StatisticsError) -> Double {
        exp(min(0, -mixture.logEvidence(try test.statistic(lift: lift), alternative)))
    }

    /// The interval of the difference at this time, one of a sequence that all cover the truth with the probability `level`; a bound alone
    /// reaches to ±1.
    public func confidenceInterval(level: Double, alternative: Alternative) throws(StatisticsError) -> ConfidenceInterval {
        try Require.properProbability(level, "level")
        let (low, high) = try test.score.differenceBounds(reach: mixture.radius(1 - level, alternative))
        return ConfidenceInterval(low: alternative == .less ? -1 : low, high: alternative == .greater ? 1 : high, level: level)
    }

    /// The interval of the lift at this time: by how much the first probability is greater than the second, as a share of the second.
    public func liftInterval(level: Double = 0.95) throws(StatisticsError) -> ConfidenceInterval {
        try Require.properProbability(level, "level")
        let (low, high) = try test.score.logRatioBounds(reach: mixture.radius(1 - level, .twoSided))
        return ConfidenceInterval(low: expm1(low), high: expm1(high), level: level)
    }
}
