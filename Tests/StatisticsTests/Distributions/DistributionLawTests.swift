import Statistics
import Testing

/// What holds for every distribution.
@Suite struct DistributionLawTests {
    static let continuous: [any ContinuousDistribution] = {
        let laws: [(any ContinuousDistribution)?] = [
            Normal.standard, try? Normal(mean: -3, standardDeviation: 0.2),
            try? StudentT(degreesOfFreedom: 1), try? StudentT(degreesOfFreedom: 7.3), try? StudentT(degreesOfFreedom: 2e5),
            try? ChiSquare(degreesOfFreedom: 1), try? ChiSquare(degreesOfFreedom: 12),
            try? FisherF(numerator: 2, denominator: 9), try? FisherF(numerator: 30, denominator: 30),
            try? Beta(alpha: 0.4, beta: 2), try? Beta(alpha: 40, beta: 60),
            try? Gamma(shape: 0.7, scale: 3), try? Gamma(shape: 25, scale: 1),
            try? NoncentralT(degreesOfFreedom: 12, noncentrality: 1.5), try? NoncentralChiSquare(degreesOfFreedom: 4, noncentrality: 9),
            try? NoncentralF(numerator: 3, denominator: 20, noncentrality: 4),
            try? StudentizedRange(groups: 2, degreesOfFreedom: .infinity), try? StudentizedRange(groups: 4, degreesOfFreedom: .infinity),
        ]
        return laws.compactMap { $0 }
    }()

    static let discrete: [any DiscreteDistribution] = {
        let laws: [(any DiscreteDistribution)?] = [
            try? Binomial(trials: 0, probability: 0.5), try? Binomial(trials: 12, probability: 0),
            try? Binomial(trials: 12, probability: 1),
            try? Binomial(trials: 30, probability: 0.2), try? Binomial(trials: 100_000, probability: 0.02),
            try? Poisson(mean: 0), try? Poisson(mean: 0.4), try? Poisson(mean: 900),
            try? Hypergeometric(population: 0, marked: 0, draws: 0), try? Hypergeometric(population: 20, marked: 7, draws: 20),
            try? Hypergeometric(population: 60, marked: 25, draws: 30),
            try? Hypergeometric(population: 1_000_000, marked: 300_000, draws: 400_000),
        ]
        return laws.compactMap { $0 }
    }()

    static let probabilities = [1e-12, 1e-6, 0.001, 0.02, 0.2, 0.4, 0.5, 0.7, 0.93, 0.999]

    @Test func allAreThere() {
        #expect(Self.continuous.count == 18 && Self.discrete.count == 12)
    }

    @Test(arguments: continuous)
    func tailsAreMonotoneAndAddUpToOne(_ law: any ContinuousDistribution) throws {
        let xs = try Self.probabilities.map { try law.quantile($0) }
        for (x, next) in zip(xs, xs.dropFirst()) {
            #expect(x < next)
            #expect(law.cdf(x) < law.cdf(next))
            #expect(law.survival(x) > law.survival(next))
        }
        for x in xs { #expect(abs(law.cdf(x) + law.survival(x) - 1) < 1e-14) }
    }

    @Test(arguments: continuous)
    func quantilesInvertBothTails(_ law: any ContinuousDistribution) throws {
        for p in Self.probabilities {
            #expect(relativeError(law.cdf(try law.quantile(p)), p) < 3e-13)
            // Near an end where the density is infinite even the next double is another probability.
            let x = try law.inverseSurvival(p)
            #expect(abs(law.survival(x) - p) < 3e-13 * p + 2 * x.ulp * law.density(x))
        }
        #expect(try law.quantile(0) == law.support.lowerBound && law.quantile(1) == law.support.upperBound)
        #expect(try law.inverseSurvival(1) == law.support.lowerBound && law.inverseSurvival(0) == law.support.upperBound)
    }

    @Test(arguments: continuous)
    func theDensityIsTheSlopeOfTheDistribution(_ law: any ContinuousDistribution) throws {
        for p in [0.02, 0.2, 0.5, 0.8, 0.99] {
            let x = try law.quantile(p)
            let h = 1e-4 * min(p, 1 - p) / law.density(x)
            let slope = (law.cdf(x + h) - law.cdf(x - h)) / (2 * h)
            #expect(close(law.density(x), slope, 1e-6))
        }
    }

    @Test(arguments: continuous)
    func logarithmsAgreeWithWhatTheyAreTheLogarithmOf(_ law: any ContinuousDistribution) throws {
        for p in Self.probabilities {
            let x = try law.quantile(p)
            #expect(close(law.logDensity(x).exponential, law.density(x), 1e-12))
            #expect(close(law.logCDF(x).exponential, law.cdf(x), 1e-12))
            #expect(close(law.logSurvival(x).exponential, law.survival(x), 1e-12))
        }
    }

    @Test(arguments: continuous)
    func nothingLiesOutsideTheSupport(_ law: any ContinuousDistribution) {
        let (low, high) = (law.support.lowerBound, law.support.upperBound)
        #expect(law.cdf(-.infinity) == 0 && law.survival(-.infinity) == 1 && law.cdf(.infinity) == 1 && law.survival(.infinity) == 0)
        #expect(law.logCDF(.infinity) == 0 && law.logSurvival(-.infinity) == 0)
        if low.isFinite { #expect(law.density(low - 1) == 0 && law.cdf(low - 1) == 0 && law.survival(low - 1) == 1) }
        if high.isFinite { #expect(law.density(high + 1) == 0 && law.cdf(high + 1) == 1 && law.survival(high + 1) == 0) }
        #expect(law.density(.infinity) == 0)
    }

    @Test(arguments: continuous)
    func momentsAgreeWithTheQuantiles(_ law: any ContinuousDistribution) throws {
        guard let mean = law.mean, let variance = law.variance, variance.isFinite else { return }
        // The mean and the variance as integrals of the quantile over the probability, by the midpoint rule.
        let steps = 200
        let quantiles = try (0..<steps).map { try law.quantile((Double($0) + 0.5) / Double(steps)) }
        let average = quantiles.reduce(0, +) / Double(steps)
        #expect(abs(average - mean) < 0.05 * variance.squareRoot())
        let spread = quantiles.reduce(0) { $0 + ($1 - average) * ($1 - average) } / Double(steps)
        #expect(close(spread, variance, 0.25))
    }

    @Test(arguments: continuous)
    func notANumberStaysNotANumber(_ law: any ContinuousDistribution) {
        #expect(law.cdf(.nan).isNaN && law.survival(.nan).isNaN)
    }

    @Test(arguments: continuous)
    func aProbabilityOutsideItsRangeIsAnError(_ law: any ContinuousDistribution) {
        #expect(throws: StatisticsError.outOfRange(argument: "probability", value: 1.5, expected: "a probability from 0 to 1")) {
            try law.quantile(1.5)
        }
        #expect(throws: StatisticsError.notANumber(argument: "probability", index: nil)) { try law.inverseSurvival(.nan) }
    }

    @Test(arguments: discrete)
    func massesAddUpToTheTails(_ law: any DiscreteDistribution) throws {
        let low = try law.quantile(1e-9)
        let high = try law.inverseSurvival(1e-9)
        var below = low > law.support.lowerBound ? law.cdf(low - 1) : 0
        for k in low...high {
            below += law.mass(k)
            #expect(close(law.cdf(k), below, 1e-11))
            #expect(abs(law.cdf(k) + law.survival(k) - 1) < 1e-14)
            #expect(close(law.logMass(k).exponential, law.mass(k), 1e-12))
        }
    }

    @Test(arguments: discrete)
    func quantilesAreTheLeastValuesThatSuffice(_ law: any DiscreteDistribution) throws {
        for p in Self.probabilities {
            let k = try law.quantile(p)
            #expect(law.cdf(k) >= p)
            if k > law.support.lowerBound { #expect(law.cdf(k - 1) < p) }
            let m = try law.inverseSurvival(p)
            #expect(law.survival(m) <= p)
            if m > law.support.lowerBound { #expect(law.survival(m - 1) > p) }
        }
        #expect(try law.quantile(0) == law.support.lowerBound)
        #expect(try law.inverseSurvival(1) == law.support.lowerBound)
    }

    @Test(arguments: discrete)
    func nothingLiesOutsideTheDiscreteSupport(_ law: any DiscreteDistribution) {
        let below = law.support.lowerBound - 1
        #expect(law.mass(below) == 0 && law.cdf(below) == 0 && law.survival(below) == 1 && law.logCDF(below) == -.infinity)
        if law.support.upperBound < .max {
            let above = law.support.upperBound + 1
            #expect(law.mass(above) == 0 && law.cdf(above) == 1 && law.survival(above) == 0 && law.logSurvival(above) == -.infinity)
        }
    }
}
