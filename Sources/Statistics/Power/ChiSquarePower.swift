/// Power of Pearson's chi-square test: of independence, or of agreement with weights.
///
/// The effect is Cohen's w, √Σ (p - p₀)² / p₀ over the cells; the size is the number of all units. The test statistic's law is taken to be
/// the noncentral chi-square with noncentrality n w². J. Cohen, "Statistical Power Analysis for the Behavioral Sciences" (1988),
/// chapter 7, doi:10.4324/9780203771587.
public struct ChiSquarePower: PlannedTest {
    /// The probability of a false alarm.
    public let significance: Double
    /// The degrees of freedom of the test: (rows - 1)(columns - 1), or the number of arms less one.
    public let degreesOfFreedom: Int
    private let critical: Double

    /// A test with this many degrees of freedom.
    public init(degreesOfFreedom: Int, significance: Double = 0.05) throws(StatisticsError) {
        try Require.positive(degreesOfFreedom, "degreesOfFreedom")
        try Require.properProbability(significance, "significance")
        (self.degreesOfFreedom, self.significance) = (degreesOfFreedom, significance)
        critical = try ChiSquare(validated: Double(degreesOfFreedom)).inverseSurvival(significance)
    }

    /// The probability that the test finds an effect of this size.
    public func power(effect: Double, size: Double) throws(StatisticsError) -> Double {
        try Require.nonNegative(effect, "effect")
        try Require.positive(size, "size")
        let noncentrality = size * effect * effect
        guard noncentrality <= 1e12 else { return 1 }
        return chance(noncentrality)
    }

    /// The number of units at which an effect is found with this probability.
    public func size(effect: Double, power: Double) throws(StatisticsError) -> Double {
        try Require.power(power, above: significance)
        try Require.positive(effect, "effect")
        return try Require.attainable(noncentrality(power) / effect / effect, for: effect)
    }

    /// The least effect that is found with this probability.
    public func detectableEffect(size: Double, power: Double) throws(StatisticsError) -> Double {
        try Require.power(power, above: significance)
        try Require.positive(size, "size")
        return try (noncentrality(power) / size).squareRoot()
    }

    private func chance(_ noncentrality: Double) -> Double {
        NoncentralChiSquare(validated: Double(degreesOfFreedom), noncentrality: noncentrality).survival(critical)
    }

    private func noncentrality(_ power: Double) throws(StatisticsError) -> Double {
        guard let found = Root.increasing(from: critical, step: critical, within: 0...1e12, { chance($0) - power }) else {
            throw .noConvergence(computation: "noncentrality")
        }
        return found
    }
}
