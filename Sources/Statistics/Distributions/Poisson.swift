internal import CBoostMath

/// The Poisson distribution: events that come independently at a constant rate.
public struct Poisson: DiscreteDistribution {
    /// The expected number of events.
    public let rate: Double

    /// A Poisson distribution; the mean must not be negative.
    public init(mean: Double) throws(StatisticsError) {
        try Require.nonNegative(mean, "mean")
        rate = mean
    }

    /// The smallest closed interval that holds all the probability.
    public var support: ClosedRange<Int> { 0...(rate == 0 ? 0 : .max) }
    /// The expectation; `nil` where it does not exist.
    public var mean: Double? { rate }
    /// The variance; `nil` where it does not exist.
    public var variance: Double? { rate }

    /// P(X = k).
    public func mass(_ k: Int) -> Double {
        guard k >= 0 else { return 0 }
        if rate == 0 { return k == 0 ? 1 : 0 }
        return boostmath_poisson_mass(rate, Double(k))
    }

    /// log P(X = k).
    public func logMass(_ k: Int) -> Double {
        guard k >= 0 else { return -.infinity }
        if rate == 0 { return k == 0 ? 0 : -.infinity }
        return boostmath_poisson_log_mass(rate, Double(k))
    }

    /// P(X ≤ k).
    public func cdf(_ k: Int) -> Double {
        guard k >= 0 else { return 0 }
        return rate == 0 ? 1 : boostmath_poisson_cdf(rate, Double(k))
    }

    /// P(X > k).
    public func survival(_ k: Int) -> Double {
        guard k >= 0 else { return 1 }
        return rate == 0 ? 0 : boostmath_poisson_survival(rate, Double(k))
    }

    /// log P(X ≤ k).
    public func logCDF(_ k: Int) -> Double {
        guard k >= 0 else { return -.infinity }
        return rate == 0 ? 0 : boostmath_poisson_log_cdf(rate, Double(k))
    }

    /// log P(X > k).
    public func logSurvival(_ k: Int) -> Double {
        guard k >= 0 else { return 0 }
        return rate == 0 ? -.infinity : boostmath_poisson_log_survival(rate, Double(k))
    }
}
