internal import Glibc

/// The score statistics of two proportions whose difference, ratio or odds ratio is held at a given value, and the intervals that invert them.
///
/// O. Miettinen and M. Nurminen, "Comparative analysis of two rates", Statistics in Medicine 4 (1985), doi:10.1002/sim.4780040211, appendix. Their
/// variances are (n + m) / (n + m - 1) times as large as those of the z test; without that, the statistic at no difference is the z test's own.
struct ProportionScore {
    private let x: Double, n: Double, y: Double, m: Double
    /// What variances are multiplied by.
    private let correction: Double

    /// - Parameter isCorrected: whether variances are Miettinen's and Nurminen's; else they are the z test's.
    init(_ first: Proportion, _ second: Proportion, isCorrected: Bool = true) {
        (x, n) = (Double(first.successes), Double(first.trials))
        (y, m) = (Double(second.successes), Double(second.trials))
        correction = isCorrected ? (n + m) / (n + m - 1) : 1
    }

    /// The statistic under p₁ - p₂ = delta; it falls as delta rises.
    func difference(_ delta: Double) -> Double {
        let q = likeliestSecond(difference: delta)
        let p = min(1, max(0, q + delta))
        return standardized(x / n - y / m - delta, p * (1 - p) / n + q * (1 - q) / m)
    }

    /// The statistic under p₁ / p₂ = ratio; it falls as the ratio rises.
    func ratio(_ ratio: Double) -> Double {
        let a = (n + m) * ratio
        let b = n * ratio + x + m + y * ratio
        let discriminant = max(0, b * b - 4 * a * (x + y))
        let q = min(1, 2 * (x + y) / (b + discriminant.squareRoot()))
        let p = min(1, ratio * q)
        return standardized(x / n - ratio * (y / m), p * (1 - p) / n + ratio * ratio * (q * (1 - q) / m))
    }

    /// The statistic under an odds ratio of exp(w); it falls as w rises.
    ///
    /// Given the odds ratio the successes of both add up to what was observed, which leaves a quadratic equation for each probability.
    func logOddsRatio(_ w: Double) -> Double {
        let (successes, failures) = (x + y, n + m - x - y)
        // Each probability and its complement by themselves, so that neither is lost beside the other.
        let first = Self.constrained(n, m, successes, w)
        let firstVariance = first * Self.constrained(n, m, failures, -w)
        let secondVariance = Self.constrained(m, n, successes, -w) * Self.constrained(m, n, failures, w)
        let weight = 1 / (n * firstVariance) + 1 / (m * secondVariance)
        return (x - n * first) * (weight / correction).squareRoot()
    }

    /// The bounds for the difference that leave out a tail of this probability at each end.
    func differenceBounds(tail: Double) throws(StatisticsError) -> (Double, Double) {
        let z = -Normal.standardQuantile(tail)
        let estimate = x / n - y / m
        let edge = 1 - 1e-15
        let low = estimate == -1 ? -1 : Root.increasing(from: estimate, step: 0.01, within: -edge...edge) { z - difference($0) }
        let high = estimate == 1 ? 1 : Root.increasing(from: estimate, step: 0.01, within: -edge...edge) { -z - difference($0) }
        guard let low, let high else { throw .noConvergence(computation: "score interval") }
        return (low, high)
    }

    /// The bounds for the ratio.
    func ratioBounds(tail: Double) throws(StatisticsError) -> (Double, Double) {
        let start = log(max(0.5, x) / n / (max(0.5, y) / m))
        return try positiveBounds(tail, start, isZero: x == 0, isInfinite: y == 0) { ratio(exp($0)) }
    }

    /// The bounds for the odds ratio.
    func oddsRatioBounds(tail: Double) throws(StatisticsError) -> (Double, Double) {
        let start = log((x + 0.5) / (n - x + 0.5)) - log((y + 0.5) / (m - y + 0.5))
        return try positiveBounds(tail, start, isZero: x == 0 || y == m, isInfinite: y == 0 || x == n) { logOddsRatio($0) }
    }

    /// On a logarithmic scale the statistics of ratios fall from plus to minus infinity.
    private func positiveBounds(
        _ tail: Double, _ start: Double, isZero: Bool, isInfinite: Bool, _ statistic: (Double) -> Double
    ) throws(StatisticsError) -> (Double, Double) {
        let z = -Normal.standardQuantile(tail)
        let low = isZero ? 0 : Root.increasing(from: start, step: 0.5, within: -300...300) { z - statistic($0) }.map { exp($0) }
        let high =
            isInfinite ? .infinity : Root.increasing(from: start, step: 0.5, within: -300...300) { -z - statistic($0) }.map { exp($0) }
        guard let low, let high else { throw .noConvergence(computation: "score interval of a ratio") }
        return (low, high)
    }

    private func standardized(_ deviation: Double, _ variance: Double) -> Double {
        if deviation == 0 { return 0 }
        return deviation / (variance * correction).squareRoot()
    }

    /// The probability of the arm of size `own` when its odds are exp(w) times the other's and the successes add up to `total`.
    private static func constrained(_ own: Double, _ other: Double, _ total: Double, _ w: Double) -> Double {
        // With r = e⁻ʷ the other's probability is p r / (1 - p + p r).
        let r = exp(-w)
        let b = own + other * r - total * (r - 1)
        let root = max(0, b * b + 4 * own * (r - 1) * total).squareRoot()
        return min(1, max(0, b > 0 ? 2 * total / (b + root) : (root - b) / (2 * own * (r - 1))))
    }

    /// The second probability that is likeliest when the first is larger by `delta`: a root of a cubic, in closed form.
    private func likeliestSecond(difference delta: Double) -> Double {
        let total = n + m
        let l2 = ((n + 2 * m) * delta - total - x - y) / total
        let l1 = ((m * delta - total - 2 * y) * delta + x + y) / total
        let l0 = y * delta * (1 - delta) / total
        let q = l2 * l2 * l2 / 27 - l1 * l2 / 6 + l0 / 2
        let r = max(0, l2 * l2 / 9 - l1 / 3).squareRoot()
        let p = q < 0 ? -r : r
        let angle = p == 0 ? 0 : (Double.pi + acos(min(1, max(-1, q / (p * p * p))))) / 3
        return min(min(1, 1 - delta), max(max(0, -delta), 2 * p * cos(angle) - l2 / 3))
    }
}
