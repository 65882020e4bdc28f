internal import CBoostMath
internal import Glibc

/// The gamma distribution.
public struct Gamma: ContinuousDistribution {
    /// The shape k.
    public let shape: Double
    /// The scale θ: the mean is kθ.
    public let scale: Double

    /// A gamma distribution; both parameters must be positive.
    public init(shape: Double, scale: Double = 1) throws(StatisticsError) {
        try Require.positive(shape, "shape")
        try Require.positive(scale, "scale")
        self.init(validatedShape: shape, scale: scale)
    }

    init(validatedShape shape: Double, scale: Double) {
        self.shape = shape
        self.scale = scale
    }

    /// The smallest closed interval that holds all the probability.
    public var support: ClosedRange<Double> { 0 ... .infinity }
    /// The expectation; `nil` where it does not exist.
    public var mean: Double? { shape * scale }
    /// The variance; `nil` where it does not exist.
    public var variance: Double? { shape * scale * scale }

    /// The probability density at x.
    public func density(_ x: Double) -> Double {
        if x < 0 || x == .infinity { return 0 }
        if x == 0 { return densityAtZero }
        return boostmath_gamma_density(shape, x / scale) / scale
    }

    /// The logarithm of the density at x.
    public func logDensity(_ x: Double) -> Double {
        if x < 0 || x == .infinity { return -.infinity }
        if x == 0 { return log(densityAtZero) }
        return boostmath_gamma_log_density(shape, x / scale) - log(scale)
    }

    /// P(X ≤ x).
    public func cdf(_ x: Double) -> Double {
        if x <= 0 { return 0 }
        return x == .infinity ? 1 : boostmath_gamma_cdf(shape, x / scale)
    }

    /// P(X > x).
    public func survival(_ x: Double) -> Double {
        if x <= 0 { return 1 }
        return x == .infinity ? 0 : boostmath_gamma_survival(shape, x / scale)
    }

    /// log P(X ≤ x).
    public func logCDF(_ x: Double) -> Double {
        if x <= 0 { return -.infinity }
        return x == .infinity ? 0 : boostmath_gamma_log_cdf(shape, x / scale)
    }

    /// log P(X > x).
    public func logSurvival(_ x: Double) -> Double {
        if x <= 0 { return 0 }
        return x == .infinity ? -.infinity : boostmath_gamma_log_survival(shape, x / scale)
    }

    /// The least x with P(X ≤ x) ≥ p.
    public func quantile(_ p: Double) throws(StatisticsError) -> Double {
        try Require.probability(p, "probability")
        if p == 0 { return 0 }
        return p == 1 ? .infinity : scale * boostmath_gamma_quantile(shape, p)
    }

    /// The least x with P(X > x) ≤ q.
    public func inverseSurvival(_ q: Double) throws(StatisticsError) -> Double {
        try Require.probability(q, "probability")
        if q == 1 { return 0 }
        return q == 0 ? .infinity : scale * boostmath_gamma_inverse_survival(shape, q)
    }

    private var densityAtZero: Double {
        if shape == 1 { return 1 / scale }
        return shape < 1 ? .infinity : 0
    }
}
