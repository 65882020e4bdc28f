internal import CBoostMath
internal import Glibc

/// The noncentral chi-square distribution: the sum of ν squared normal variables of variance 1 whose squared means add up to λ.
///
/// It is a Poisson(λ/2) mixture of central chi-squares with ν + 2j degrees of freedom. Each tail is summed in the direction in
/// which the recurrence of the incomplete gamma function only adds (DLMF 8.8.5-6), so both keep their relative precision.
public struct NoncentralChiSquare: ContinuousDistribution {
    /// The degrees of freedom ν, a positive number.
    public let degreesOfFreedom: Double
    /// The noncentrality λ.
    public let noncentrality: Double

    /// A noncentral chi-square distribution; ν must be positive, λ not negative.
    public init(degreesOfFreedom: Double, noncentrality: Double) throws(StatisticsError) {
        try Require.positive(degreesOfFreedom, "degreesOfFreedom")
        try Require.nonNegative(noncentrality, "noncentrality")
        self.init(validated: degreesOfFreedom, noncentrality: noncentrality)
    }

    init(validated degreesOfFreedom: Double, noncentrality: Double) {
        self.degreesOfFreedom = degreesOfFreedom
        self.noncentrality = noncentrality
    }

    /// The smallest closed interval that holds all the probability.
    public var support: ClosedRange<Double> { 0 ... .infinity }
    /// The expectation; `nil` where it does not exist.
    public var mean: Double? { degreesOfFreedom + noncentrality }
    /// The variance; `nil` where it does not exist.
    public var variance: Double? { 2 * (degreesOfFreedom + 2 * noncentrality) }

    /// The probability density at x.
    public func density(_ x: Double) -> Double { exp(logDensity(x)) }

    /// The logarithm of the density at x.
    public func logDensity(_ x: Double) -> Double {
        guard x > 0, x < .infinity, noncentrality > 0 else {
            return ChiSquare(validated: degreesOfFreedom).logDensity(x) - noncentrality / 2
        }
        let (a, y, m) = (degreesOfFreedom / 2, x / 2, noncentrality / 2)
        let center = besselPeak(y)
        let top = boostmath_poisson_log_mass(m, center) + boostmath_gamma_log_density(a + center, y)
        var sum = 1.0
        var (term, j) = (1.0, center)
        while term > 1e-18 * sum {
            term *= m / (j + 1) * (y / (a + j))
            j += 1
            sum += term
        }
        (term, j) = (1, center)
        while j > 0, term > 1e-18 * sum {
            j -= 1
            term *= (j + 1) / m * ((a + j) / y)
            sum += term
        }
        return top + log(sum) - log(2)
    }

    /// P(X ≤ x).
    public func cdf(_ x: Double) -> Double { exp(logCDF(x)) }
    /// P(X > x).
    public func survival(_ x: Double) -> Double { exp(logSurvival(x)) }

    /// log P(X ≤ x).
    public func logCDF(_ x: Double) -> Double {
        guard x > 0, x < .infinity, noncentrality > 0 else { return ChiSquare(validated: degreesOfFreedom).logCDF(x) }
        let (a, y, m) = (degreesOfFreedom / 2, x / 2, noncentrality / 2)
        let center = min(besselPeak(y), m.rounded(.down))
        let logTerm = { j in boostmath_gamma_log_cdf(a + j, y) + boostmath_poisson_log_mass(m, j) }
        let scale = logTerm(center)
        var j = center + firstNegligible { logTerm(center + $0) - scale }
        // P(a + j, y) falls by y^(a+j-1) e^-y / Γ(a+j) from j - 1 to j.
        var tail = exp(logTerm(j) - scale)
        var step = exp(boostmath_gamma_log_density(a + j, y) + boostmath_poisson_log_mass(m, j) - scale)
        var sum = tail
        while j > 0 {
            // `tail` and `step` carry the weight of term j along, so that neither overflows.
            let weight = j / m
            tail = (tail + step) * weight
            step *= weight * ((a + j - 1) / y)
            j -= 1
            sum += tail
            if j < center, tail <= 1e-18 * sum { break }
        }
        return min(0, scale + log(sum))
    }

    /// log P(X > x).
    public func logSurvival(_ x: Double) -> Double {
        guard x > 0, x < .infinity, noncentrality > 0 else { return ChiSquare(validated: degreesOfFreedom).logSurvival(x) }
        let (a, y, m) = (degreesOfFreedom / 2, x / 2, noncentrality / 2)
        let center = max(besselPeak(y), m.rounded(.down))
        let logTerm = { j in boostmath_gamma_log_survival(a + j, y) + boostmath_poisson_log_mass(m, j) }
        let scale = logTerm(center)
        var j = center - firstNegligible { $0 > center ? -.infinity : logTerm(center - $0) - scale }
        j = max(0, j)
        // Q(a + j, y) rises by y^(a+j) e^-y / Γ(a+j+1) from j to j + 1.
        var tail = exp(logTerm(j) - scale)
        var step = exp(boostmath_gamma_log_density(a + j + 1, y) + boostmath_poisson_log_mass(m, j) - scale)
        var sum = tail
        while true {
            let weight = m / (j + 1)
            tail = (tail + step) * weight
            step *= weight * (y / (a + j + 1))
            j += 1
            sum += tail
            if j > center, tail <= 1e-18 * sum { break }
        }
        return min(0, scale + log(sum))
    }

    /// The least x with P(X ≤ x) ≥ p.
    public func quantile(_ p: Double) throws(StatisticsError) -> Double {
        try solveQuantile(p, upperTail: false, start: degreesOfFreedom + noncentrality, step: spread)
    }

    /// The least x with P(X > x) ≤ q.
    public func inverseSurvival(_ q: Double) throws(StatisticsError) -> Double {
        try solveQuantile(q, upperTail: true, start: degreesOfFreedom + noncentrality, step: spread)
    }

    /// The least distance at which a falling logarithm of a ratio has dropped below 1e-19.
    private func firstNegligible(_ logRatio: (Double) -> Double) -> Double {
        var (near, far) = (0.0, 1.0)
        while logRatio(far) > -44 { (near, far) = (far, 2 * far) }
        while far - near > 1 {
            let middle = ((near + far) / 2).rounded(.down)
            if logRatio(middle) > -44 { near = middle } else { far = middle }
        }
        return far
    }

    private var spread: Double { (2 * (degreesOfFreedom + 2 * noncentrality)).squareRoot() }

    /// The j at which the terms of the density, m^j y^j / (j! Γ(a+j)), are greatest.
    private func besselPeak(_ y: Double) -> Double {
        let a = degreesOfFreedom / 2
        return max(0, ((1 - a + ((a - 1) * (a - 1) + 2 * noncentrality * y).squareRoot()) / 2).rounded(.down))
    }
}
