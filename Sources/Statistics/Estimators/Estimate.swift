/// A number that was estimated, and how far it may be off: what one variant of an experiment has to say.
public struct Estimate: Estimating, Equatable {
    /// The number.
    public let value: Double
    /// Its standard error; 0 where nothing varied.
    public let standardError: Double
    /// The degrees of freedom of the standard error; infinite where it is taken to be known.
    public let degreesOfFreedom: Double

    /// An estimate from its published numbers.
    public init(value: Double, standardError: Double, degreesOfFreedom: Double = .infinity) throws(StatisticsError) {
        try Require.finite(value, "value")
        try Require.nonNegative(standardError, "standardError")
        guard standardError < 1e150 else {
            throw .outOfRange(argument: "standardError", value: standardError, expected: "a number that can be squared")
        }
        guard degreesOfFreedom > 0 else {
            throw .outOfRange(argument: "degreesOfFreedom", value: degreesOfFreedom, expected: "a positive number")
        }
        self.init(validated: value, variance: standardError * standardError, degreesOfFreedom: degreesOfFreedom)
    }

    /// The mean of a sample of at least two values.
    public init(_ sample: Summary) throws(StatisticsError) {
        try self.init(sample, "sample")
    }

    /// A share of units, with the variance p (1 - p) / n.
    public init(_ proportion: Proportion) {
        self.init(validated: proportion.estimate, variance: proportion.variance, degreesOfFreedom: .infinity)
    }

    init(_ sample: Summary, _ argument: String) throws(StatisticsError) {
        try Require.count(sample.count, argument, atLeast: 2)
        self.init(
            validated: sample.mean, variance: sample.variance / Double(sample.count), degreesOfFreedom: Double(sample.count - 1))
    }

    /// A number put together from parts that were estimated apart; known exactly where none of them varies.
    init(validated value: Double, parts: [(variance: Double, freedom: Double)]) {
        let variance = parts.reduce(0) { $0 + $1.variance }
        self.init(
            validated: value, variance: variance, degreesOfFreedom: variance > 0 ? Satterthwaite.degreesOfFreedom(parts) : .infinity)
    }

    init(validated value: Double, variance: Double, degreesOfFreedom: Double) {
        self.value = value
        standardError = max(0, variance).squareRoot()
        self.degreesOfFreedom = degreesOfFreedom
    }

    /// The square of the standard error.
    public var variance: Double { standardError * standardError }

    /// The number, as everything that is estimated has it.
    public var estimate: Double { value }

    /// The values that a test of this estimate would not reject.
    public func confidenceInterval(level: Double, alternative: Alternative) throws(StatisticsError) -> ConfidenceInterval {
        let law = StudentT(validated: degreesOfFreedom)
        return try .symmetric(value, standardError, level, alternative) { law.unguardedQuantile($0) }
    }
}

/// Degrees of freedom of a sum of variances that were estimated apart.
enum Satterthwaite {
    /// (a + b)² / (a²/ν + b²/μ), in shares so that nothing overflows.
    ///
    /// F. E. Satterthwaite, "An approximate distribution of estimates of variance components", Biometrics Bulletin 2 (1946),
    /// doi:10.2307/3002019.
    static func degreesOfFreedom(_ a: Double, _ first: Double, _ b: Double, _ second: Double) -> Double {
        degreesOfFreedom([(a, first), (b, second)])
    }

    /// The same of any number of variances, each with its own degrees of freedom, of which one at least is above zero.
    static func degreesOfFreedom(_ parts: [(variance: Double, freedom: Double)]) -> Double {
        let total = parts.reduce(0) { $0 + $1.variance }
        return 1 / parts.reduce(0) { $0 + ($1.variance / total) * ($1.variance / total) / $1.freedom }
    }
}
