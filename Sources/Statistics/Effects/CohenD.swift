/// Cohen's d: a mean, or the difference of two, in standard deviations.
///
/// J. Cohen, "Statistical Power Analysis for the Behavioral Sciences" (1988), doi:10.4324/9780203771587. The interval inverts the noncentral
/// t distribution: G. Cumming and S. Finch, Educational and Psychological Measurement 61 (2001), doi:10.1177/0013164401614002.
public struct CohenD: Estimating {
    /// The difference over the standard deviation.
    public let estimate: Double
    private let degreesOfFreedom: Double
    /// What the effect is multiplied by to give the t statistic.
    private let scale: Double

    /// The effect size that underlies Student's test of two samples, in pooled standard deviations.
    public init(_ test: StudentTTest) {
        let (n, m) = (Double(test.first.count), Double(test.second.count))
        self.init(test.estimate / test.pooledVariance.squareRoot(), test.degreesOfFreedom, (n * (m / (n + m))).squareRoot())
    }

    /// The effect size that underlies Student's test of one sample or of differences within pairs, in their standard deviations.
    public init(_ test: OneSampleTTest) {
        self.init(
            (test.estimate - test.nullValue) / test.sample.standardDeviation, test.degreesOfFreedom, Double(test.sample.count).squareRoot())
    }

    private init(_ estimate: Double, _ degreesOfFreedom: Double, _ scale: Double) {
        (self.estimate, self.degreesOfFreedom, self.scale) = (estimate, degreesOfFreedom, scale)
    }

    /// Hedges' g: the estimate with its bias in small samples taken out.
    ///
    /// L. V. Hedges, "Distribution theory for Glass's estimator of effect size", Journal of Educational Statistics 6 (1981), doi:10.2307/1164588.
    public var hedges: Double {
        // J = Γ(m/2) / (√(m/2) Γ((m-1)/2)) is the reciprocal of the mean of a noncentral t over its noncentrality.
        guard degreesOfFreedom > 1, let inflation = NoncentralT(validated: degreesOfFreedom, noncentrality: 1).mean else { return estimate }
        return estimate / inflation
    }

    /// The effects under which the observed t is not extreme, from the noncentral t distribution.
    public func confidenceInterval(level: Double, alternative: Alternative) throws(StatisticsError) -> ConfidenceInterval {
        try Require.properProbability(level, "level")
        let tail = alternative == .twoSided ? (1 - level) / 2 : 1 - level
        let t = estimate * scale
        let wide = 1000.0 * (1 + abs(t))
        guard wide.isFinite else { throw .outOfRange(argument: "estimate", value: estimate, expected: "an effect that can be placed") }
        // The upper tail rises with the noncentrality, the lower one falls.
        let low = Root.increasing(from: t, step: 1, within: -wide...wide) {
            NoncentralT(validated: degreesOfFreedom, noncentrality: $0).survival(t) - tail
        }
        let high = Root.increasing(from: t, step: 1, within: -wide...wide) {
            tail - NoncentralT(validated: degreesOfFreedom, noncentrality: $0).cdf(t)
        }
        guard let low, let high else { throw .noConvergence(computation: "interval of Cohen's d") }
        return ConfidenceInterval(
            low: alternative == .less ? -.infinity : low / scale, high: alternative == .greater ? .infinity : high / scale, level: level)
    }
}
