internal import Glibc

/// The noncentral F distribution: what an F statistic follows when the null hypothesis is false.
///
/// It is a noncentral chi-square over its degrees of freedom, divided by a central one over its own. Both tails are expectations of the
/// noncentral chi-square's over the denominator's law, by quadrature of a positive integrand.
public struct NoncentralF: ContinuousDistribution {
    /// The degrees of freedom above the line.
    public let numerator: Double
    /// The degrees of freedom below the line.
    public let denominator: Double
    /// The noncentrality λ of what is above the line.
    public let noncentrality: Double
    private let mixture: ChiMixture
    private let above: NoncentralChiSquare

    /// A noncentral F distribution; both degrees of freedom must be positive, λ not negative.
    public init(numerator: Double, denominator: Double, noncentrality: Double) throws(StatisticsError) {
        try Require.positive(numerator, "numerator")
        try Require.positive(denominator, "denominator")
        try Require.nonNegative(noncentrality, "noncentrality")
        self.init(validatedNumerator: numerator, denominator: denominator, noncentrality: noncentrality)
    }

    init(validatedNumerator numerator: Double, denominator: Double, noncentrality: Double) {
        (self.numerator, self.denominator, self.noncentrality) = (numerator, denominator, noncentrality)
        mixture = ChiMixture(degreesOfFreedom: denominator)
        above = NoncentralChiSquare(validated: numerator, noncentrality: noncentrality)
    }

    /// Equal when the parameters are.
    public static func == (a: NoncentralF, b: NoncentralF) -> Bool {
        a.numerator == b.numerator && a.denominator == b.denominator && a.noncentrality == b.noncentrality
    }

    /// The smallest closed interval that holds all the probability.
    public var support: ClosedRange<Double> { 0 ... .infinity }

    /// The expectation; infinite where it diverges.
    public var mean: Double? {
        denominator > 2 ? denominator * (numerator + noncentrality) / (numerator * (denominator - 2)) : .infinity
    }

    /// The variance; `nil` where it does not exist.
    public var variance: Double? {
        guard denominator > 2 else { return nil }
        guard denominator > 4 else { return .infinity }
        let (m, n, shifted) = (numerator, denominator, numerator + noncentrality)
        let scale = n / (m * (n - 2))
        return 2 * scale * scale * (shifted * shifted + (m + 2 * noncentrality) * (n - 2)) / (n - 4)
    }

    /// The probability density at x.
    public func density(_ x: Double) -> Double { exp(logDensity(x)) }

    /// The logarithm of the density at x.
    public func logDensity(_ x: Double) -> Double {
        if x.isNaN { return x }
        guard x > 0, x < .infinity else {
            let edge = FisherF(validatedNumerator: numerator, denominator: denominator).logDensity(x)
            return x == 0 ? edge - noncentrality / 2 : edge
        }
        return mixture.logExpectation { s in log(numerator) + 2 * log(s) + above.logDensity(numerator * x * s * s) }
    }

    /// P(X ≤ x).
    public func cdf(_ x: Double) -> Double { exp(logCDF(x)) }
    /// P(X > x).
    public func survival(_ x: Double) -> Double { exp(logSurvival(x)) }

    /// log P(X ≤ x).
    public func logCDF(_ x: Double) -> Double {
        if x.isNaN { return x }
        guard x > 0, x < .infinity else { return x > 0 ? 0 : -.infinity }
        return min(0, mixture.logExpectation { s in above.logCDF(numerator * x * s * s) })
    }

    /// log P(X > x).
    public func logSurvival(_ x: Double) -> Double {
        if x.isNaN { return x }
        guard x > 0, x < .infinity else { return x > 0 ? -.infinity : 0 }
        return min(0, mixture.logExpectation { s in above.logSurvival(numerator * x * s * s) })
    }

    /// The least x with P(X ≤ x) ≥ p.
    public func quantile(_ p: Double) throws(StatisticsError) -> Double {
        try solveQuantile(p, upperTail: false, start: 1 + noncentrality / numerator, step: 1)
    }

    /// The least x with P(X > x) ≤ q.
    public func inverseSurvival(_ q: Double) throws(StatisticsError) -> Double {
        try solveQuantile(q, upperTail: true, start: 1 + noncentrality / numerator, step: 1)
    }
}
