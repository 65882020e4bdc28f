internal import Glibc

/// The noncentral t distribution: (Z + δ) / √(χ²/ν), what a t statistic follows when the null hypothesis is false.
///
/// Both tails are expectations of a normal tail over the chi distribution, computed by quadrature of a positive integrand.
public struct NoncentralT: ContinuousDistribution {
    /// The degrees of freedom ν, a positive number.
    public let degreesOfFreedom: Double
    /// The noncentrality δ: the true effect in standard errors.
    public let noncentrality: Double
    private let mixture: ChiMixture

    /// A noncentral t distribution with ν > 0 degrees of freedom.
    public init(degreesOfFreedom: Double, noncentrality: Double) throws(StatisticsError) {
        try Require.positive(degreesOfFreedom, "degreesOfFreedom")
        try Require.finite(noncentrality, "noncentrality")
        self.init(validated: degreesOfFreedom, noncentrality: noncentrality)
    }

    init(validated degreesOfFreedom: Double, noncentrality: Double) {
        self.degreesOfFreedom = degreesOfFreedom
        self.noncentrality = noncentrality
        mixture = ChiMixture(degreesOfFreedom: degreesOfFreedom)
    }

    /// Equal when the parameters are.
    public static func == (a: NoncentralT, b: NoncentralT) -> Bool {
        a.degreesOfFreedom == b.degreesOfFreedom && a.noncentrality == b.noncentrality
    }

    /// The smallest closed interval that holds all the probability.
    public var support: ClosedRange<Double> { -.infinity ... .infinity }

    /// The expectation; `nil` where it does not exist.
    public var mean: Double? {
        guard degreesOfFreedom > 1 else { return nil }
        return noncentrality * meanFactor
    }

    /// The variance; `nil` where it does not exist.
    public var variance: Double? {
        guard degreesOfFreedom > 1 else { return nil }
        guard degreesOfFreedom > 2 else { return .infinity }
        let (n, shift) = (degreesOfFreedom, noncentrality * noncentrality)
        return n * (1 + shift) / (n - 2) - shift * meanFactor * meanFactor
    }

    /// The probability density at x.
    public func density(_ x: Double) -> Double { exp(logDensity(x)) }

    /// The logarithm of the density at x.
    public func logDensity(_ x: Double) -> Double {
        if x.isNaN { return x }
        if x.isInfinite { return -.infinity }
        return mixture.logExpectation { s in
            let z = x * s - noncentrality
            return log(s) - 0.5 * z * z - NormalKernel.logRootTwoPi
        }
    }

    /// P(X ≤ x).
    public func cdf(_ x: Double) -> Double { exp(logCDF(x)) }
    /// P(X > x).
    public func survival(_ x: Double) -> Double { exp(logSurvival(x)) }

    /// log P(X ≤ x).
    public func logCDF(_ x: Double) -> Double {
        if x.isNaN { return x }
        if x.isInfinite { return x < 0 ? -.infinity : 0 }
        return min(0, mixture.logExpectation { s in NormalKernel.logCDF(x * s - noncentrality) })
    }

    /// log P(X > x).
    public func logSurvival(_ x: Double) -> Double {
        if x.isNaN { return x }
        if x.isInfinite { return x < 0 ? 0 : -.infinity }
        return min(0, mixture.logExpectation { s in NormalKernel.logCDF(noncentrality - x * s) })
    }

    /// The least x with P(X ≤ x) ≥ p.
    public func quantile(_ p: Double) throws(StatisticsError) -> Double {
        try solveQuantile(p, upperTail: false, start: noncentrality, step: 1)
    }

    /// The least x with P(X > x) ≤ q.
    public func inverseSurvival(_ q: Double) throws(StatisticsError) -> Double {
        try solveQuantile(q, upperTail: true, start: noncentrality, step: 1)
    }

    /// E[1/s], by which the noncentrality is multiplied in the mean.
    private var meanFactor: Double {
        exp(mixture.logExpectation { s in -log(s) })
    }
}
