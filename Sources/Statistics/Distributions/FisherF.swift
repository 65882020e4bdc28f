internal import CBoostMath
internal import Glibc

/// Fisher's F distribution: the ratio of two independent chi-square variables, each over its degrees of freedom.
public struct FisherF: ContinuousDistribution {
    /// The degrees of freedom above the line.
    public let numerator: Double
    /// The degrees of freedom below the line.
    public let denominator: Double

    /// An F distribution; both degrees of freedom must be positive.
    public init(numerator: Double, denominator: Double) throws(StatisticsError) {
        try Require.positive(numerator, "numerator")
        try Require.positive(denominator, "denominator")
        self.init(validatedNumerator: numerator, denominator: denominator)
    }

    init(validatedNumerator numerator: Double, denominator: Double) {
        self.numerator = numerator
        self.denominator = denominator
    }

    /// The smallest closed interval that holds all the probability.
    public var support: ClosedRange<Double> { 0 ... .infinity }
    /// The expectation; `nil` where it does not exist.
    public var mean: Double? { denominator > 2 ? denominator / (denominator - 2) : .infinity }

    /// The variance; `nil` where it does not exist.
    public var variance: Double? {
        guard denominator > 2 else { return nil }
        guard denominator > 4 else { return .infinity }
        let (m, n) = (numerator, denominator)
        let mean = n / (n - 2)
        return 2 * mean * mean * (m + n - 2) / (m * (n - 4))
    }

    /// The probability density at x.
    public func density(_ x: Double) -> Double {
        if x < 0 || x == .infinity { return 0 }
        return x == 0 ? densityAtZero : boostmath_f_density(numerator, denominator, x)
    }

    /// The logarithm of the density at x.
    public func logDensity(_ x: Double) -> Double {
        if x < 0 || x == .infinity { return -.infinity }
        return x == 0 ? log(densityAtZero) : boostmath_f_log_density(numerator, denominator, x)
    }

    /// P(X ≤ x).
    public func cdf(_ x: Double) -> Double {
        if x <= 0 { return 0 }
        return x == .infinity ? 1 : boostmath_f_cdf(numerator, denominator, x)
    }

    /// P(X > x).
    public func survival(_ x: Double) -> Double {
        if x <= 0 { return 1 }
        return x == .infinity ? 0 : boostmath_f_survival(numerator, denominator, x)
    }

    /// log P(X ≤ x).
    public func logCDF(_ x: Double) -> Double {
        if x <= 0 { return -.infinity }
        return x == .infinity ? 0 : boostmath_f_log_cdf(numerator, denominator, x)
    }

    /// log P(X > x).
    public func logSurvival(_ x: Double) -> Double {
        if x <= 0 { return 0 }
        return x == .infinity ? -.infinity : boostmath_f_log_survival(numerator, denominator, x)
    }

    /// The least x with P(X ≤ x) ≥ p.
    public func quantile(_ p: Double) throws(StatisticsError) -> Double {
        try Require.probability(p, "probability")
        if p == 0 { return 0 }
        return p == 1 ? .infinity : boostmath_f_quantile(numerator, denominator, p)
    }

    /// The least x with P(X > x) ≤ q.
    public func inverseSurvival(_ q: Double) throws(StatisticsError) -> Double {
        try Require.probability(q, "probability")
        if q == 1 { return 0 }
        return q == 0 ? .infinity : boostmath_f_inverse_survival(numerator, denominator, q)
    }

    private var densityAtZero: Double {
        if numerator == 2 { return 1 }
        return numerator < 2 ? .infinity : 0
    }
}
