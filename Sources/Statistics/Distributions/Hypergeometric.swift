internal import CBoostMath
internal import Glibc

/// The hypergeometric distribution: marked items among those drawn from a population without replacement.
public struct Hypergeometric: DiscreteDistribution {
    /// How many items there are.
    public let population: Int
    /// How many of them are marked.
    public let marked: Int
    /// How many are drawn.
    public let draws: Int

    /// A hypergeometric distribution; neither the marked nor the drawn may outnumber the population.
    public init(population: Int, marked: Int, draws: Int) throws(StatisticsError) {
        try Require.nonNegative(population, "population")
        try Require.nonNegative(marked, "marked")
        try Require.nonNegative(draws, "draws")
        let limit = "at most the population of \(population)"
        guard marked <= population else { throw .outOfRange(argument: "marked", value: Double(marked), expected: limit) }
        guard draws <= population else { throw .outOfRange(argument: "draws", value: Double(draws), expected: limit) }
        self.init(validatedPopulation: population, marked: marked, draws: draws)
    }

    init(validatedPopulation population: Int, marked: Int, draws: Int) {
        self.population = population
        self.marked = marked
        self.draws = draws
    }

    /// The smallest closed interval that holds all the probability.
    public var support: ClosedRange<Int> { max(0, draws + marked - population)...min(marked, draws) }

    /// The expectation; `nil` where it does not exist.
    public var mean: Double? {
        population == 0 ? 0 : Double(draws) * (Double(marked) / Double(population))
    }

    /// The variance; `nil` where it does not exist.
    public var variance: Double? {
        guard population > 1 else { return 0 }
        let (total, hits, taken) = (Double(population), Double(marked), Double(draws))
        return taken * (hits / total) * ((total - hits) / total) * ((total - taken) / (total - 1))
    }

    /// P(X = k).
    public func mass(_ k: Int) -> Double { exp(logMass(k)) }

    /// log P(X = k).
    public func logMass(_ k: Int) -> Double {
        guard support.contains(k) else { return -.infinity }
        return boostmath_hypergeometric_log_mass(Double(population), Double(marked), Double(draws), Double(k))
    }

    /// P(X ≤ k).
    public func cdf(_ k: Int) -> Double {
        boostmath_hypergeometric_cdf(Double(population), Double(marked), Double(draws), Double(k))
    }

    /// P(X > k).
    public func survival(_ k: Int) -> Double {
        boostmath_hypergeometric_survival(Double(population), Double(marked), Double(draws), Double(k))
    }

    /// log P(X ≤ k).
    public func logCDF(_ k: Int) -> Double {
        boostmath_hypergeometric_log_cdf(Double(population), Double(marked), Double(draws), Double(k))
    }

    /// log P(X > k).
    public func logSurvival(_ k: Int) -> Double {
        boostmath_hypergeometric_log_survival(Double(population), Double(marked), Double(draws), Double(k))
    }
}
