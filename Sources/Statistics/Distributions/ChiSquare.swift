/// The chi-square distribution: the sum of ν squared standard normal variables.
public struct ChiSquare: ContinuousDistribution {
    /// The degrees of freedom ν, a positive number.
    public let degreesOfFreedom: Double

    /// A chi-square distribution with ν > 0 degrees of freedom, whole or not.
    public init(degreesOfFreedom: Double) throws(StatisticsError) {
        try Require.positive(degreesOfFreedom, "degreesOfFreedom")
        self.init(validated: degreesOfFreedom)
    }

    init(validated degreesOfFreedom: Double) {
        self.degreesOfFreedom = degreesOfFreedom
    }

    /// It is a gamma distribution of shape ν/2 and scale 2.
    private var gamma: Gamma { Gamma(validatedShape: degreesOfFreedom / 2, scale: 2) }

    /// The smallest closed interval that holds all the probability.
    public var support: ClosedRange<Double> { 0 ... .infinity }
    /// The expectation; `nil` where it does not exist.
    public var mean: Double? { degreesOfFreedom }
    /// The variance; `nil` where it does not exist.
    public var variance: Double? { 2 * degreesOfFreedom }

    /// The probability density at x.
    public func density(_ x: Double) -> Double { gamma.density(x) }
    /// The logarithm of the density at x.
    public func logDensity(_ x: Double) -> Double { gamma.logDensity(x) }
    /// P(X ≤ x).
    public func cdf(_ x: Double) -> Double { gamma.cdf(x) }
    /// P(X > x).
    public func survival(_ x: Double) -> Double { gamma.survival(x) }
    /// log P(X ≤ x).
    public func logCDF(_ x: Double) -> Double { gamma.logCDF(x) }
    /// log P(X > x).
    public func logSurvival(_ x: Double) -> Double { gamma.logSurvival(x) }
    /// The least x with P(X ≤ x) ≥ p.
    public func quantile(_ p: Double) throws(StatisticsError) -> Double { try gamma.quantile(p) }
    /// The least x with P(X > x) ≤ q.
    public func inverseSurvival(_ q: Double) throws(StatisticsError) -> Double { try gamma.inverseSurvival(q) }
}
