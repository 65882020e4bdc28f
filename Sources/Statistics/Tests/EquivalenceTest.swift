/// Equivalence or non-inferiority: whether an effect lies within margins, by two one-sided tests.
///
/// D. J. Schuirmann, "A comparison of the two one-sided tests procedure and the power approach", Journal of Pharmacokinetics and Biopharmaceutics 15 (1987),
/// doi:10.1007/BF01068419. Any t test serves: of means, of pairs, of a metric with CUPED.
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
        guard !lowerMargin.isNaN else { throw .notANumber(argument: "lowerMargin", index: nil) }
        guard !upperMargin.isNaN else { throw .notANumber(argument: "upperMargin", index: nil) }
        guard lowerMargin < upperMargin else {
            throw .outOfRange(argument: "upperMargin", value: upperMargin, expected: "more than the lower margin of \(lowerMargin)")
        }
        (self.lowerMargin, self.upperMargin) = (lowerMargin, upperMargin)
        let law = StudentT(validated: test.degreesOfFreedom)
        lowerPValue = law.survival((test.estimate - lowerMargin) / test.standardError)
        upperPValue = law.cdf((test.estimate - upperMargin) / test.standardError)
        interval = { level throws(StatisticsError) in try test.confidenceInterval(level: level, alternative: .twoSided) }
    }

    /// Asks whether the effect is not worse than `-margin`, larger being better.
    public init(nonInferiority test: some TTest, margin: Double) throws(StatisticsError) {
        try Require.positive(margin, "margin")
        try self.init(test, lowerMargin: -margin, upperMargin: .infinity)
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
