internal import CBoostMath
internal import Glibc

/// What may be said about one proportion at any time: exact from the first trial on.
///
/// The likelihood ratio is mixed over a beta distribution, which is a martingale for every sample size (H. Robbins, Annals of Mathematical
/// Statistics 41 (1970), doi:10.1214/aoms/1177696786). The law of large numbers is not leant on, so rare conversions do no harm.
public struct ProportionSequence: EstimatingTest {
    /// The successes and trials so far.
    public let proportion: Proportion
    /// The proportion under the null hypothesis.
    public let nullValue: Double
    /// The distribution of proportions over which the likelihood ratio is mixed.
    public let prior: Beta
    private let posterior: Beta
    private let logConstant: Double

    /// The state of the sequence after these trials.
    ///
    /// The null value lies strictly between 0 and 1. A prior that is concentrated near the true proportion makes the sequence narrower;
    /// any prior leaves it valid.
    public init(_ proportion: Proportion, nullValue: Double = 0.5, prior: Beta? = nil) throws(StatisticsError) {
        try Require.properProbability(nullValue, "nullValue")
        (self.proportion, self.nullValue) = (proportion, nullValue)
        let prior = prior ?? Beta(validatedAlpha: 0.5, beta: 0.5)
        self.prior = prior
        posterior = Beta(validatedAlpha: prior.alpha + proportion.hits, beta: prior.beta + proportion.misses)
        logConstant = boostmath_log_beta(posterior.alpha, posterior.beta) - boostmath_log_beta(prior.alpha, prior.beta)
    }

    /// The test's name, for a report.
    public var name: String { "confidence sequence of a proportion" }
    /// The share of successes.
    public var estimate: Double { proportion.estimate }
    /// The logarithm of the evidence against the null hypothesis.
    public var statistic: Double { logEvidence(.twoSided) }

    /// The logarithm of the evidence against the null hypothesis, a mixture of likelihood ratios.
    public func logEvidence(_ alternative: Alternative = .twoSided) -> Double { logEvidence(nullValue, alternative) }

    /// A p-value that may be looked at any time: under the null hypothesis it ever falls to α with probability at most α.
    public func pValue(_ alternative: Alternative) -> Double { exp(logPValue(alternative)) }
    /// The natural logarithm of that p-value.
    public func logPValue(_ alternative: Alternative) -> Double { min(0, -logEvidence(alternative)) }

    /// The interval at this time, one of a sequence that all cover the truth with the probability `level`.
    public func confidenceInterval(level: Double, alternative: Alternative) throws(StatisticsError) -> ConfidenceInterval {
        try Require.properProbability(level, "level")
        let limit = -log1p(-level)
        let excess = { (p: Double) in self.logEvidence(p, alternative) - limit }
        var (low, high) = (0.0, 1.0)
        let center = min(max(estimate, 1e-300), 1 - 0x1p-53)
        if alternative != .less, proportion.hits > 0 {
            low = Root.find(between: 1e-300, and: alternative == .greater ? 1 - 0x1p-53 : center) { excess($0) } ?? 0
        }
        if alternative != .greater, proportion.misses > 0 {
            high = Root.find(between: alternative == .less ? 1e-300 : center, and: 1 - 0x1p-53) { excess($0) } ?? 1
        }
        return ConfidenceInterval(low: low, high: high, level: level)
    }

    private func logEvidence(_ p: Double, _ alternative: Alternative) -> Double {
        var likelihood = 0.0
        if proportion.hits > 0 { likelihood += proportion.hits * log(p) }
        if proportion.misses > 0 { likelihood += proportion.misses * log1p(-p) }
        let mixed = logConstant - likelihood
        switch alternative {
        case .twoSided: return mixed
        // Only the effects beyond the null value are mixed over.
        case .greater: return mixed + posterior.logSurvival(p) - prior.logSurvival(p)
        case .less: return mixed + posterior.logCDF(p) - prior.logCDF(p)
        }
    }
}
