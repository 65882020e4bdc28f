/// Cohen's d: a difference of two means in units of the pooled standard deviation.
///
/// J. Cohen, "Statistical Power Analysis for the Behavioral Sciences" (1988), ISBN 978-0805802832; the exact interval inverts the noncentral t
/// distribution: J. H. Steiger and R. T. Fouladi, "Noncentrality interval estimation and the evaluation of statistical models" (1997).
public struct CohenD: Sendable {
    /// The difference over the pooled standard deviation.
    public let estimate: Double
    private let first: Double
    private let second: Double

    /// The effect size that underlies Student's test.
    public init(_ test: StudentTTest) {
        estimate = test.estimate / test.pooledVariance.squareRoot()
        (first, second) = (Double(test.first.count), Double(test.second.count))
    }

    /// Hedges' g: the estimate with its bias in small samples taken out.
    ///
    /// L. V. Hedges, "Distribution theory for Glass's estimator of effect size", Journal of Educational Statistics 6 (1981), doi:10.2307/1164588.
    public var hedges: Double {
        let degrees = first + second - 2
        // J = Γ(m/2) / (√(m/2) Γ((m-1)/2)) is the reciprocal of the mean of a noncentral t over its noncentrality.
        guard degrees > 1, let inflation = NoncentralT(validated: degrees, noncentrality: 1).mean else { return estimate }
        return estimate / inflation
    }

    /// The effects under which the observed t is not extreme, from the noncentral t distribution.
    public func confidenceInterval(level: Double = 0.95) throws(StatisticsError) -> ConfidenceInterval {
        try Require.properProbability(level, "level")
        let scale = (first * second / (first + second)).squareRoot()
        let (t, degrees, tail) = (estimate * scale, first + second - 2, (1 - level) / 2)
        let wide = 1000.0 * (1 + abs(t))
        // cdf falls as the noncentrality rises.
        let low = Root.increasing(from: t, step: 1, within: -wide...wide) { delta in
            let law = NoncentralT(validated: degrees, noncentrality: delta)
            return law.survival(t) - tail
        }
        let high = Root.increasing(from: t, step: 1, within: -wide...wide) { delta in
            let law = NoncentralT(validated: degrees, noncentrality: delta)
            return tail - law.cdf(t)
        }
        guard let low, let high else { throw .noConvergence(computation: "interval of Cohen's d") }
        return ConfidenceInterval(low: low / scale, high: high / scale, level: level)
    }
}
