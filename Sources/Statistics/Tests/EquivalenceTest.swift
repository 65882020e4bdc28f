/// Equivalence or non-inferiority: whether an effect lies within margins, by two one-sided tests.
///
/// D. J. Schuirmann, "A comparison of the two one-sided tests procedure and the power approach", Journal of Pharmacokinetics and Biopharmaceutics 15 (1987),
/// doi:10.1007/BF01068419. Any t test serves (of means, of pairs, of a metric with CUPED), so do two proportions and a relative lift.
public struct EquivalenceTest: Sendable {
    /// The least effect that still counts as none; minus infinity for non-superiority.
    public let lowerMargin: Double
    /// The greatest effect that still counts as none; infinity for non-inferiority.
    public let upperMargin: Double
    /// The p-value against an effect at or below the lower margin.
    public let lowerPValue: Double
    /// The p-value against an effect at or above the upper margin.
    public let upperPValue: Double
    private let interval: @Sendable (Double) throws(StatisticsError) -> ConfidenceInterval

    /// Asks whether the effect that a t test estimates lies strictly between two margins, of which one may be infinite.
    public init(_ test: some TTest, lowerMargin: Double, upperMargin: Double) throws(StatisticsError) {
        let law = StudentT(validated: test.degreesOfFreedom)
        try self.init(
            lowerMargin, upperMargin,
            above: { (margin) throws(StatisticsError) in law.survival((test.estimate - margin) / test.standardError) },
            below: { (margin) throws(StatisticsError) in law.cdf((test.estimate - margin) / test.standardError) },
            interval: { (level) throws(StatisticsError) in try test.confidenceInterval(level: level, alternative: .twoSided) })
    }

    /// Asks whether the difference of two proportions, first less second, lies strictly between two margins, by the score test.
    ///
    /// O. Miettinen and M. Nurminen, Statistics in Medicine 4 (1985), doi:10.1002/sim.4780040211. A finite margin lies between -1 and 1.
    public init(_ first: Proportion, _ second: Proportion, lowerMargin: Double, upperMargin: Double) throws(StatisticsError) {
        for (name, margin) in [("lowerMargin", lowerMargin), ("upperMargin", upperMargin)] where margin.isFinite && abs(margin) >= 1 {
            throw .outOfRange(argument: name, value: margin, expected: "a difference of proportions, between -1 and 1")
        }
        let score = ProportionScore(first, second)
        try self.init(
            lowerMargin, upperMargin,
            above: { (margin) throws(StatisticsError) in Normal.standard.survival(score.difference(margin)) },
            below: { (margin) throws(StatisticsError) in Normal.standard.cdf(score.difference(margin)) },
            interval: { (level) throws(StatisticsError) in
                let (low, high) = try score.differenceBounds(reach: -Normal.standardQuantile((1 - level) / 2))
                return ConfidenceInterval(low: low, high: high, level: level)
            })
    }

    /// Asks whether a relative lift lies strictly between two margins: within 2 % of the control, whatever that is.
    ///
    /// Each side is the test of treatment - (1 + margin) · control, and the interval Fieller's.
    public init(_ lift: RelativeLift, lowerMargin: Double, upperMargin: Double) throws(StatisticsError) {
        let against = { @Sendable (margin: Double) throws(StatisticsError) in
            try RelativeLift(treatment: lift.treatment, control: lift.control, nullValue: margin)
        }
        try self.init(
            lowerMargin, upperMargin,
            above: { (margin) throws(StatisticsError) in try against(margin).pValue(.greater) },
            below: { (margin) throws(StatisticsError) in try against(margin).pValue(.less) },
            interval: { (level) throws(StatisticsError) in try lift.confidenceInterval(level: level, alternative: .twoSided) })
    }

    /// Asks whether the effect is not worse than `-margin`, larger being better.
    public init(nonInferiority test: some TTest, margin: Double) throws(StatisticsError) {
        try Require.positive(margin, "margin")
        try self.init(test, lowerMargin: -margin, upperMargin: .infinity)
    }

    /// Asks whether the first proportion is not below the second by `margin` or more, larger being better.
    public init(nonInferiority first: Proportion, to second: Proportion, margin: Double) throws(StatisticsError) {
        try Require.properProbability(margin, "margin")
        try self.init(first, second, lowerMargin: -margin, upperMargin: .infinity)
    }

    /// Asks whether a relative lift is not below `-margin`, larger being better.
    public init(nonInferiority lift: RelativeLift, margin: Double) throws(StatisticsError) {
        try Require.positive(margin, "margin")
        try self.init(lift, lowerMargin: -margin, upperMargin: .infinity)
    }

    private typealias Tail = (Double) throws(StatisticsError) -> Double

    /// `above` and `below` give the p-values against an effect at most, and at least, as large as a margin.
    private init(
        _ lowerMargin: Double, _ upperMargin: Double, above: Tail, below: Tail,
        interval: @escaping @Sendable (Double) throws(StatisticsError) -> ConfidenceInterval
    ) throws(StatisticsError) {
        guard !lowerMargin.isNaN else { throw .notANumber(argument: "lowerMargin", index: nil) }
        guard !upperMargin.isNaN else { throw .notANumber(argument: "upperMargin", index: nil) }
        guard lowerMargin < upperMargin else {
            throw .outOfRange(argument: "upperMargin", value: upperMargin, expected: "more than the lower margin of \(lowerMargin)")
        }
        guard lowerMargin > -.infinity || upperMargin < .infinity else {
            throw .infinite(argument: "lowerMargin and upperMargin", index: nil)
        }
        (self.lowerMargin, self.upperMargin, self.interval) = (lowerMargin, upperMargin, interval)
        lowerPValue = lowerMargin == -.infinity ? 0 : try above(lowerMargin)
        upperPValue = upperMargin == .infinity ? 0 : try below(upperMargin)
    }

    /// The larger of the two p-values.
    public var pValue: Double { max(lowerPValue, upperPValue) }

    /// The interval of level 1 - 2 alpha that lies within the margins exactly when the p-value is below alpha.
    public func confidenceInterval(significance: Double = 0.05) throws(StatisticsError) -> ConfidenceInterval {
        try Require.properProbability(significance, "significance")
        guard significance < 0.5 else { throw .outOfRange(argument: "significance", value: significance, expected: "less than one half") }
        return try interval(1 - 2 * significance)
    }
}
