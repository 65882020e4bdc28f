internal import CBoostMath

/// Student's t distribution.
///
/// "Student" [W. S. Gosset], "The probable error of a mean", Biometrika 6 (1908), doi:10.1093/biomet/6.1.1.
public struct StudentT: ContinuousDistribution {
    /// The degrees of freedom ν, a positive number.
    public let degreesOfFreedom: Double

    /// Student's t with ν > 0 degrees of freedom, whole or not.
    public init(degreesOfFreedom: Double) throws(StatisticsError) {
        try Require.positive(degreesOfFreedom, "degreesOfFreedom")
        self.init(validated: degreesOfFreedom)
    }

    init(validated degreesOfFreedom: Double) {
        self.degreesOfFreedom = degreesOfFreedom
    }

    /// The smallest closed interval that holds all the probability.
    public var support: ClosedRange<Double> { -.infinity ... .infinity }
    /// The expectation; `nil` where it does not exist.
    public var mean: Double? { degreesOfFreedom > 1 ? 0 : nil }

    /// The variance; `nil` where it does not exist.
    public var variance: Double? {
        if degreesOfFreedom > 2 { return degreesOfFreedom / (degreesOfFreedom - 2) }
        return degreesOfFreedom > 1 ? .infinity : nil
    }

    /// The probability density at x.
    public func density(_ x: Double) -> Double { x.isInfinite ? 0 : boostmath_student_t_density(degreesOfFreedom, x) }
    /// The logarithm of the density at x.
    public func logDensity(_ x: Double) -> Double { x.isInfinite ? -.infinity : boostmath_student_t_log_density(degreesOfFreedom, x) }
    /// P(X ≤ x).
    public func cdf(_ x: Double) -> Double { boostmath_student_t_cdf(degreesOfFreedom, x) }
    /// P(X > x).
    public func survival(_ x: Double) -> Double { boostmath_student_t_survival(degreesOfFreedom, x) }
    /// log P(X ≤ x).
    public func logCDF(_ x: Double) -> Double { boostmath_student_t_log_cdf(degreesOfFreedom, x) }
    /// log P(X > x).
    public func logSurvival(_ x: Double) -> Double { boostmath_student_t_log_survival(degreesOfFreedom, x) }

    /// The least x with P(X ≤ x) ≥ p.
    public func quantile(_ p: Double) throws(StatisticsError) -> Double {
        try Require.probability(p, "probability")
        return unguardedQuantile(p)
    }

    /// The least x with P(X > x) ≤ q.
    public func inverseSurvival(_ q: Double) throws(StatisticsError) -> Double {
        try Require.probability(q, "probability")
        return -unguardedQuantile(q)
    }

    /// The quantile of a probability that is known to be one.
    func unguardedQuantile(_ p: Double) -> Double {
        if p == 0 { return -.infinity }
        if p == 1 { return .infinity }
        if p == 0.5 { return 0 }
        if degreesOfFreedom == .infinity { return Normal.standardQuantile(p) }
        return boostmath_student_t_quantile(degreesOfFreedom, p)
    }
}
