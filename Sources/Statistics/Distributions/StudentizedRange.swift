internal import Glibc

/// The studentised range: the range of k standard normal variables over an independent √(χ²/ν).
///
/// Tukey's test rests on it.
///
/// Both tails are double integrals of positive functions (R. E. Lund and J. R. Lund, "Algorithm AS 190", Applied Statistics 32 (1983),
/// doi:10.2307/2347300, with the exponentially convergent trapezoidal rule in place of its quadrature), so the upper one
/// is not one minus the lower.
public struct StudentizedRange: ContinuousDistribution {
    /// How many variables the range is taken over, at least 2.
    public let groups: Int
    /// The degrees of freedom ν of the scale; infinite where the scale is known.
    public let degreesOfFreedom: Double
    private let mixture: ChiMixture

    /// The studentised range of at least two groups with ν > 0 degrees of freedom, which may be infinite.
    public init(groups: Int, degreesOfFreedom: Double) throws(StatisticsError) {
        guard groups >= 2 else { throw .outOfRange(argument: "groups", value: Double(groups), expected: "at least 2 groups") }
        if degreesOfFreedom != .infinity { try Require.positive(degreesOfFreedom, "degreesOfFreedom") }
        self.groups = groups
        self.degreesOfFreedom = degreesOfFreedom
        mixture = ChiMixture(degreesOfFreedom: degreesOfFreedom)
    }

    /// Equal when the parameters are.
    public static func == (a: StudentizedRange, b: StudentizedRange) -> Bool {
        a.groups == b.groups && a.degreesOfFreedom == b.degreesOfFreedom
    }

    /// The smallest closed interval that holds all the probability.
    public var support: ClosedRange<Double> { 0 ... .infinity }

    /// The expectation; `nil` where it does not exist.
    ///
    /// The range of the normal variables and the scale are independent, so their moments multiply.
    public var mean: Double? {
        guard degreesOfFreedom > 1 else { return nil }
        return rangeMoment(1) * scaleMoment(1)
    }

    /// The variance; `nil` where it does not exist.
    public var variance: Double? {
        guard degreesOfFreedom > 1 else { return nil }
        guard degreesOfFreedom > 2 else { return .infinity }
        let first = rangeMoment(1) * scaleMoment(1)
        return rangeMoment(2) * scaleMoment(2) - first * first
    }

    /// The probability density at x.
    public func density(_ x: Double) -> Double { exp(logDensity(x)) }

    /// The logarithm of the density at x.
    public func logDensity(_ x: Double) -> Double {
        if x.isNaN { return x }
        guard x > 0, x < .infinity else { return x == 0 && groups == 2 ? log(densityAtZero) : -.infinity }
        return overScale { s in logRangeDensity(x * s) + log(s) }
    }

    /// P(X ≤ x).
    public func cdf(_ x: Double) -> Double { exp(logCDF(x)) }
    /// P(X > x).
    public func survival(_ x: Double) -> Double { exp(logSurvival(x)) }

    /// log P(X ≤ x).
    public func logCDF(_ x: Double) -> Double {
        if x.isNaN { return x }
        guard x > 0, x < .infinity else { return x <= 0 ? -.infinity : 0 }
        return min(0, overScale { s in logRangeCDF(x * s) })
    }

    /// log P(X > x).
    public func logSurvival(_ x: Double) -> Double {
        if x.isNaN { return x }
        guard x > 0, x < .infinity else { return x <= 0 ? 0 : -.infinity }
        return min(0, overScale { s in logRangeSurvival(x * s) })
    }

    /// The least x with P(X ≤ x) ≥ p.
    public func quantile(_ p: Double) throws(StatisticsError) -> Double {
        try solveQuantile(p, upperTail: false, start: 3, step: 1)
    }

    /// The least x with P(X > x) ≤ q.
    public func inverseSurvival(_ q: Double) throws(StatisticsError) -> Double {
        try solveQuantile(q, upperTail: true, start: 3, step: 1)
    }

    private func overScale(_ conditional: (Double) -> Double) -> Double {
        degreesOfFreedom == .infinity ? conditional(1) : mixture.logExpectation(conditional)
    }

    private func scaleMoment(_ order: Double) -> Double {
        exp(overScale { s in -order * log(s) })
    }

    /// E[Rʳ] for the range R of the normal variables.
    private func rangeMoment(_ order: Double) -> Double {
        exp(PositiveIntegral.log(from: 1, scale: 0.5) { w in (order + 1) * w + logRangeDensity(exp(w)) })
    }

    /// The density at 0 for two groups, where it does not vanish: that of √2 |t|.
    private var densityAtZero: Double {
        2.0.squareRoot() * (degreesOfFreedom == .infinity ? NormalKernel.density(0) : StudentT(validated: degreesOfFreedom).density(0))
    }

    // The largest of the k variables lies at z, the others within x below it.

    private func logRangeCDF(_ x: Double) -> Double {
        let others = Double(groups - 1)
        let integral = PositiveIntegral.log(from: 0.5 * min(x, 4), scale: 0.5) { z in
            -0.5 * z * z + others * NormalInterval.log(width: x, below: z)
        }
        return log(Double(groups)) - NormalKernel.logRootTwoPi + integral
    }

    private func logRangeSurvival(_ x: Double) -> Double {
        let others = Double(groups - 1)
        let integral = PositiveIntegral.log(from: 0.5 * x, scale: 0.5) { z in
            let all = NormalKernel.logCDF(z)
            let logBelow = NormalKernel.logCDF(z - x) - all
            let someBelow = logBelow < -40 ? log(others) + logBelow : log(-expm1(others * log1p(-exp(logBelow))))
            return -0.5 * z * z + others * all + someBelow
        }
        return log(Double(groups)) - NormalKernel.logRootTwoPi + integral
    }

    private func logRangeDensity(_ x: Double) -> Double {
        let others = Double(groups - 2)
        let integral = PositiveIntegral.log(from: 0.5 * x, scale: 0.5) { z in
            let between = groups == 2 ? 0 : others * NormalInterval.log(width: x, below: z)
            return -0.5 * z * z - 0.5 * (z - x) * (z - x) + between
        }
        return log(Double(groups)) + log(Double(groups - 1)) - 2 * NormalKernel.logRootTwoPi + integral
    }
}
