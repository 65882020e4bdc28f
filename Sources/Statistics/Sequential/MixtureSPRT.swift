internal import Glibc

/// The mixture sequential probability ratio test: watches an estimate as data come in, and never takes evidence back.
///
/// The p-value is the least so far, the interval what all intervals so far have in common. R. Johari, P. Koomen, L. Pekelis and D. Walsh,
/// "Always valid inference: continuous monitoring of A/B tests", Operations Research 70 (2022), doi:10.1287/opre.2021.2135.
public struct MixtureSPRT: Equatable, Sendable {
    /// The standard deviation of the effects over which the likelihood ratio is mixed.
    public let effectSpread: Double
    /// The effect under the null hypothesis.
    public let nullValue: Double
    /// The probability with which the intervals cover the effect at all times together.
    public let level: Double
    /// The least p-value so far; 1 before anything was seen.
    public private(set) var pValue = 1.0
    private var low = -Double.infinity
    private var high = Double.infinity

    /// A test that is most powerful against effects of about `effectSpread`.
    public init(effectSpread: Double, nullValue: Double = 0, level: Double = 0.95) throws(StatisticsError) {
        try Require.positive(effectSpread, "effectSpread")
        try Require.finite(nullValue, "nullValue")
        try Require.properProbability(level, "level")
        (self.effectSpread, self.nullValue, self.level) = (effectSpread, nullValue, level)
    }

    /// Takes in the estimate from all the data so far.
    public mutating func observe(estimate: Double, standardError: Double) throws(StatisticsError) {
        try Require.finite(estimate, "estimate")
        try Require.positive(standardError, "standardError")
        let spread = effectSpread / standardError
        let mixture = NormalMixture(ratio: spread * spread)
        let reach = try mixture.radius(1 - level, .twoSided) * standardError
        pValue = min(pValue, exp(-mixture.logEvidence((estimate - nullValue) / standardError, .twoSided)))
        low = max(low, estimate - reach)
        high = min(high, estimate + reach)
    }

    /// Takes in the comparison of two samples as they are by now, the first less the second.
    public mutating func observe(_ first: Summary, _ second: Summary) throws(StatisticsError) {
        let test = try WelchTTest(first, second)
        try observe(estimate: test.estimate, standardError: test.standardError)
    }

    /// Whether the null hypothesis has been rejected at some time.
    public var isRejected: Bool { pValue <= 1 - level }

    /// What all intervals so far have in common; `nil` if that is nothing, which a changing effect can bring about.
    public var interval: ConfidenceInterval? {
        low <= high ? ConfidenceInterval(low: low, high: high, level: level) : nil
    }
}
