internal import CBoostMath

/// The binomial distribution: successes in independent trials of one probability.
public struct Binomial: DiscreteDistribution {
    /// How many trials.
    public let trials: Int
    /// The probability of success in each.
    public let probability: Double

    /// A binomial distribution; the trials must not be negative.
    public init(trials: Int, probability: Double) throws(StatisticsError) {
        try Require.nonNegative(trials, "trials")
        try Require.probability(probability, "probability")
        self.init(validatedTrials: trials, probability: probability)
    }

    init(validatedTrials trials: Int, probability: Double) {
        self.trials = trials
        self.probability = probability
    }

    /// The smallest closed interval that holds all the probability.
    public var support: ClosedRange<Int> { (probability == 1 ? trials : 0)...(probability == 0 ? 0 : trials) }
    /// The expectation; `nil` where it does not exist.
    public var mean: Double? { Double(trials) * probability }
    /// The variance; `nil` where it does not exist.
    public var variance: Double? { Double(trials) * probability * (1 - probability) }

    /// P(X = k).
    public func mass(_ k: Int) -> Double {
        guard support.contains(k) else { return 0 }
        return isCertain ? 1 : boostmath_binomial_mass(Double(trials), probability, Double(k))
    }

    /// log P(X = k).
    public func logMass(_ k: Int) -> Double {
        guard support.contains(k) else { return -.infinity }
        return isCertain ? 0 : boostmath_binomial_log_mass(Double(trials), probability, Double(k))
    }

    /// P(X ≤ k).
    public func cdf(_ k: Int) -> Double {
        guard k >= support.lowerBound else { return 0 }
        return k >= support.upperBound ? 1 : boostmath_binomial_cdf(Double(trials), probability, Double(k))
    }

    /// P(X > k).
    public func survival(_ k: Int) -> Double {
        guard k >= support.lowerBound else { return 1 }
        return k >= support.upperBound ? 0 : boostmath_binomial_survival(Double(trials), probability, Double(k))
    }

    /// log P(X ≤ k).
    public func logCDF(_ k: Int) -> Double {
        guard k >= support.lowerBound else { return -.infinity }
        return k >= support.upperBound ? 0 : boostmath_binomial_log_cdf(Double(trials), probability, Double(k))
    }

    /// log P(X > k).
    public func logSurvival(_ k: Int) -> Double {
        guard k >= support.lowerBound else { return 0 }
        return k >= support.upperBound ? -.infinity : boostmath_binomial_log_survival(Double(trials), probability, Double(k))
    }

    private var isCertain: Bool { support.lowerBound == support.upperBound }
}
