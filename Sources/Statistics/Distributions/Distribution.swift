/// A probability distribution that can be asked for both of its tails.
///
/// Neither tail is ever computed as one minus the other, so each keeps its relative precision down to the smallest double;
/// the logarithms go on below that. A value that is NaN gives NaN; a probability outside 0...1 is an error.
public protocol Distribution: Equatable, Sendable {
    /// `Double` for a continuous distribution, `Int` for a discrete one.
    associatedtype Value: Comparable & Sendable

    /// The smallest closed interval that holds all the probability; its ends may be infinite.
    var support: ClosedRange<Value> { get }
    /// The expectation; `nil` where the integral does not exist.
    var mean: Double? { get }
    /// The variance: `nil` where it does not exist, infinite where it diverges.
    var variance: Double? { get }

    /// P(X ≤ x).
    func cdf(_ x: Value) -> Double
    /// P(X > x).
    func survival(_ x: Value) -> Double
    /// log P(X ≤ x).
    func logCDF(_ x: Value) -> Double
    /// log P(X > x).
    func logSurvival(_ x: Value) -> Double
    /// The least x with P(X ≤ x) ≥ p.
    func quantile(_ p: Double) throws(StatisticsError) -> Value
    /// The least x with P(X > x) ≤ q: the quantile of 1 - q, precise where q is tiny.
    func inverseSurvival(_ q: Double) throws(StatisticsError) -> Value
}

/// A distribution over real numbers.
public protocol ContinuousDistribution: Distribution where Value == Double {
    /// The probability density at x.
    func density(_ x: Double) -> Double
    /// The logarithm of the density at x.
    func logDensity(_ x: Double) -> Double
}

/// A distribution over integers.
public protocol DiscreteDistribution: Distribution where Value == Int {
    /// P(X = k).
    func mass(_ k: Int) -> Double
    /// log P(X = k).
    func logMass(_ k: Int) -> Double
}

extension Distribution {
    /// The square root of the variance.
    public var standardDeviation: Double? {
        variance.map { $0.squareRoot() }
    }
}
