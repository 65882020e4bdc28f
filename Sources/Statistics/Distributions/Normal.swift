internal import CBoostMath
internal import Glibc

/// The normal (Gaussian) distribution.
public struct Normal: ContinuousDistribution {
    /// Where the density is highest.
    public let location: Double
    /// The standard deviation.
    public let scale: Double

    /// Mean 0, standard deviation 1.
    public static let standard = Normal(validatedLocation: 0, scale: 1)

    /// A normal distribution; `standardDeviation` must be positive.
    public init(mean: Double = 0, standardDeviation: Double = 1) throws(StatisticsError) {
        try Require.finite(mean, "mean")
        try Require.positive(standardDeviation, "standardDeviation")
        self.init(validatedLocation: mean, scale: standardDeviation)
    }

    private init(validatedLocation location: Double, scale: Double) {
        self.location = location
        self.scale = scale
    }

    /// The smallest closed interval that holds all the probability.
    public var support: ClosedRange<Double> { -.infinity ... .infinity }
    /// The expectation; `nil` where it does not exist.
    public var mean: Double? { location }
    /// The variance; `nil` where it does not exist.
    public var variance: Double? { scale * scale }

    /// The probability density at x.
    public func density(_ x: Double) -> Double {
        exp(logDensity(x))
    }

    /// The logarithm of the density at x.
    public func logDensity(_ x: Double) -> Double {
        let z = standardized(x)
        return -0.5 * z * z - 0.5 * log(2 * Double.pi) - log(scale)
    }

    /// P(X ≤ x).
    public func cdf(_ x: Double) -> Double { boostmath_normal_cdf(standardized(x)) }
    /// P(X > x).
    public func survival(_ x: Double) -> Double { boostmath_normal_cdf(-standardized(x)) }
    /// log P(X ≤ x).
    public func logCDF(_ x: Double) -> Double { boostmath_normal_log_cdf(standardized(x)) }
    /// log P(X > x).
    public func logSurvival(_ x: Double) -> Double { boostmath_normal_log_cdf(-standardized(x)) }

    /// The least x with P(X ≤ x) ≥ p.
    public func quantile(_ p: Double) throws(StatisticsError) -> Double {
        try Require.probability(p, "probability")
        return location + scale * Self.standardQuantile(p)
    }

    /// The least x with P(X > x) ≤ q.
    public func inverseSurvival(_ q: Double) throws(StatisticsError) -> Double {
        try Require.probability(q, "probability")
        return location - scale * Self.standardQuantile(q)
    }

    private func standardized(_ x: Double) -> Double { (x - location) / scale }

    /// The standard normal quantile of a probability that is known to be one.
    static func standardQuantile(_ p: Double) -> Double {
        if p == 0 { return -.infinity }
        if p == 1 { return .infinity }
        return boostmath_normal_quantile(p)
    }
}
