internal import CBoostMath
internal import Glibc

/// The beta distribution.
public struct Beta: ContinuousDistribution {
    /// The first shape parameter; it bends the density at 0.
    public let alpha: Double
    /// The second shape parameter; it bends the density at 1.
    public let beta: Double

    /// A beta distribution; both parameters must be positive.
    public init(alpha: Double, beta: Double) throws(StatisticsError) {
        try Require.positive(alpha, "alpha")
        try Require.positive(beta, "beta")
        self.init(validatedAlpha: alpha, beta: beta)
    }

    init(validatedAlpha alpha: Double, beta: Double) {
        self.alpha = alpha
        self.beta = beta
    }

    /// The smallest closed interval that holds all the probability.
    public var support: ClosedRange<Double> { 0...1 }
    /// The expectation; `nil` where it does not exist.
    public var mean: Double? { alpha / (alpha + beta) }

    /// The variance; `nil` where it does not exist.
    public var variance: Double? {
        let sum = alpha + beta
        return alpha / sum * (beta / sum) / (sum + 1)
    }

    /// The probability density at x.
    public func density(_ x: Double) -> Double {
        if x < 0 || x > 1 { return 0 }
        if x == 0 { return densityAtEnd(alpha, other: beta) }
        if x == 1 { return densityAtEnd(beta, other: alpha) }
        return boostmath_beta_density(alpha, beta, x)
    }

    /// The logarithm of the density at x.
    public func logDensity(_ x: Double) -> Double {
        if x <= 0 || x >= 1 { return log(density(x)) }
        return boostmath_beta_log_density(alpha, beta, x)
    }

    /// P(X ≤ x).
    public func cdf(_ x: Double) -> Double {
        if x <= 0 { return 0 }
        return x >= 1 ? 1 : boostmath_beta_cdf(alpha, beta, x)
    }

    /// P(X > x).
    public func survival(_ x: Double) -> Double {
        if x <= 0 { return 1 }
        return x >= 1 ? 0 : boostmath_beta_survival(alpha, beta, x)
    }

    /// log P(X ≤ x).
    public func logCDF(_ x: Double) -> Double {
        if x <= 0 { return -.infinity }
        return x >= 1 ? 0 : boostmath_beta_log_cdf(alpha, beta, x)
    }

    /// log P(X > x).
    public func logSurvival(_ x: Double) -> Double {
        if x <= 0 { return 0 }
        return x >= 1 ? -.infinity : boostmath_beta_log_survival(alpha, beta, x)
    }

    /// The least x with P(X ≤ x) ≥ p.
    public func quantile(_ p: Double) throws(StatisticsError) -> Double {
        try Require.probability(p, "probability")
        return p == 0 || p == 1 ? p : boostmath_beta_quantile(alpha, beta, p)
    }

    /// The least x with P(X > x) ≤ q.
    public func inverseSurvival(_ q: Double) throws(StatisticsError) -> Double {
        try Require.probability(q, "probability")
        return q == 0 || q == 1 ? 1 - q : boostmath_beta_inverse_survival(alpha, beta, q)
    }

    private func densityAtEnd(_ shape: Double, other: Double) -> Double {
        if shape == 1 { return other }
        return shape < 1 ? .infinity : 0
    }
}
