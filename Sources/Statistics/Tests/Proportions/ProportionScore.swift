internal import Glibc

/// The score statistics of two proportions whose difference, ratio or odds ratio is held at a given value, and the intervals that invert them.
///
/// O. Miettinen and M. Nurminen, "Comparative analysis of two rates", Statistics in Medicine 4 (1985), doi:10.1002/sim.4780040211, appendix. Their
/// variances are (n + m) / (n + m - 1) times as large as those of the z test; without that, the statistic at no difference is the z test's own,
/// and that at a difference or ratio the one of C. P. Farrington and G. Manning, Statistics in Medicine 9 (1990), doi:10.1002/sim.4780091208.
///
/// Whatever is rarer, successes or failures, is what is counted, and probabilities and their complements are worked out each by itself: some
/// events among billions keep all their digits.
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

    private init(_ x: Double, _ n: Double, _ y: Double, _ m: Double, correction: Double) {
        (self.x, self.n, self.y, self.m, self.correction) = (x, n, y, m, correction)
    }

    /// Of the failures.
    private var failures: ProportionScore { ProportionScore(n - x, n, m - y, m, correction: correction) }
    private var isRare: Bool { 2 * (x + y) <= n + m }
    /// The first share less the second.
    private var estimate: Double { isRare ? x / n - y / m : (m - y) / m - (n - x) / n }

    // MARK: Statistics

    /// The statistic under p₁ - p₂ = delta; it falls as delta rises.
    func difference(_ delta: Double) -> Double { standardized(deviation(difference: delta)) }

    /// How far the observed difference is from `delta`, and the variance of that under p₁ - p₂ = delta.
    func deviation(difference delta: Double) -> (value: Double, variance: Double) {
        // Taken from zero, as the opposite of no deviation is none, and not -0.
        guard isRare else {
            let (value, variance) = failures.deviation(difference: -delta)
            return (0 - value, variance)
        }
        // The second is the smaller probability, of which all digits are needed.
        guard delta >= 0 else {
            let (value, variance) = ProportionScore(y, m, x, n, correction: correction).deviation(difference: -delta)
            return (0 - value, variance)
        }
        let q = likeliestSecond(difference: delta)
        let (p, rest) = (q + delta, max(0, 1 - delta - q))
        return (x / n - y / m - delta, (p * rest / n + q * (1 - q) / m) * correction)
    }

    /// The statistic under p₁ / p₂ = 1 + lift; it falls as the lift rises, which is not below -1.
    func lift(_ lift: Double) -> Double { ratio(1 + lift, less1: lift) }

    /// The statistic under p₁ / p₂ = ratio, given with what it is less one, as either may be small.
    private func ratio(_ ratio: Double, less1 lift: Double) -> Double { standardized(deviation(ratio: ratio, less1: lift)) }

    /// How far the first share is from `ratio` times the second, and the variance of that under p₁ / p₂ = ratio.
    func deviation(ratio: Double, less1 lift: Double) -> (value: Double, variance: Double) {
        let (u, v) = (n - x, m - y)
        // q is the lesser root of (n + m) ρ q² - b q + x + y; the discriminant as a sum of what is not negative.
        let b = (n + y) * ratio + m + x
        // Two ways to write one number, of which that with the smaller terms keeps more digits.
        let isPlain = max(m + x, ratio * (n + y)) < max((n + m) * abs(lift), u, ratio * v)
        let d = isPlain ? m + x - ratio * (n + y) : ratio * v - u - (n + m) * lift
        let mixed = 4 * ratio * u * v
        let root = (d * d + mixed).squareRoot()
        let sum = b + root
        let q = 2 * (x + y) / sum
        // 1 - ρ q and 1 - q without taking anything from one.
        let above = (d > 0 ? mixed / (root + d) : root - d) + 2 * v
        let below = (d < 0 ? mixed / (root - d) : root + d) + 2 * ratio * u
        let isDirect = max(x / n, ratio * (y / m)) < max(u / n, abs(lift), ratio * (v / m))
        let deviation = isDirect ? x / n - ratio * (y / m) : ratio * (v / m) - u / n - lift
        return (deviation, (ratio * q * (below / sum) / n + ratio * ratio * (q * (above / sum) / m)) * correction)
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

    // MARK: Intervals

    /// The bounds for the difference: the differences at which the statistic is at most `reach` away from zero.
    func differenceBounds(reach: Double) throws(StatisticsError) -> (Double, Double) {
        guard isRare else {
            let (low, high) = try failures.differenceBounds(reach: reach)
            return (-high, -low)
        }
        let edge = 1 - 1e-15
        let step = min(0.01, reach * ((x + 1) / n / n + (y + 1) / m / m).squareRoot())
        let low = estimate == -1 ? -1 : Root.increasing(from: estimate, step: step, within: -edge...edge) { reach - difference($0) }
        let high = estimate == 1 ? 1 : Root.increasing(from: estimate, step: step, within: -edge...edge) { -reach - difference($0) }
        guard let low, let high else { throw .noConvergence(computation: "score interval") }
        return (low, high)
    }

    /// The natural logarithms of the bounds for the ratio.
    func logRatioBounds(reach: Double) throws(StatisticsError) -> (Double, Double) {
        let (a, b) = (max(0.5, x), max(0.5, y))
        let start = isRare ? log(a / n / (b / m)) : log1p(-min(n - x, n - 0.5) / n) - log1p(-min(m - y, m - 0.5) / m)
        let step = min(0.5, reach * ((n - x + 0.5) / n / a + (m - y + 0.5) / m / b).squareRoot())
        return try bounds(reach, start, step, isZero: x == 0, isInfinite: y == 0) { ratio(exp($0), less1: expm1($0)) }
    }

    /// The natural logarithms of the bounds for the odds ratio.
    func logOddsRatioBounds(reach: Double) throws(StatisticsError) -> (Double, Double) {
        let start = log((x + 0.5) / (n - x + 0.5)) - log((y + 0.5) / (m - y + 0.5))
        return try bounds(reach, start, 0.5, isZero: x == 0 || y == m, isInfinite: y == 0 || x == n) { logOddsRatio($0) }
    }

    /// On a logarithmic scale the statistics of ratios fall from plus to minus infinity.
    private func bounds(
        _ reach: Double, _ start: Double, _ step: Double, isZero: Bool, isInfinite: Bool, _ statistic: (Double) -> Double
    ) throws(StatisticsError) -> (Double, Double) {
        let low = isZero ? -.infinity : Root.increasing(from: start, step: step, within: -300...300) { reach - statistic($0) }
        let high = isInfinite ? .infinity : Root.increasing(from: start, step: step, within: -300...300) { -reach - statistic($0) }
        guard let low, let high else { throw .noConvergence(computation: "score interval of a ratio") }
        return (low, high)
    }

    // MARK: Likeliest probabilities

    private func standardized(_ deviation: (value: Double, variance: Double)) -> Double {
        deviation.value == 0 ? 0 : deviation.value / deviation.variance.squareRoot()
    }

    /// The probability of the arm of size `own` when its odds are exp(w) times the other's and the successes add up to `total`.
    private static func constrained(_ own: Double, _ other: Double, _ total: Double, _ w: Double) -> Double {
        // With r = e⁻ʷ the other's probability is p r / (1 - p + p r).
        let r = exp(-w)
        let b = own + other * r - total * (r - 1)
        let root = max(0, b * b + 4 * own * (r - 1) * total).squareRoot()
        return min(1, max(0, b > 0 ? 2 * total / (b + root) : (root - b) / (2 * own * (r - 1))))
    }

    /// The second probability that is likeliest when the first is larger by `delta`, which is not negative: the root of a cubic between 0 and
    /// 1 - delta.
    ///
    /// Where that is small beside one, the closed form leaves few of its digits; Newton's steps from there give all.
    private func likeliestSecond(difference delta: Double) -> Double {
        let total = n + m
        if delta == 0 { return (x + y) / total }
        let l2 = ((n + 2 * m) * delta - total - x - y) / total
        let l1 = ((m * delta - total - 2 * y) * delta + x + y) / total
        let l0 = y * delta * (1 - delta) / total
        // Of no events in the second one root is zero, and where it is not the likeliest, it is a root of what is left.
        if y == 0 { return l1 > 0 ? min(1 - delta, 2 * l1 / ((l2 * l2 - 4 * l1).squareRoot() - l2)) : 0 }
        var (low, high) = (0.0, 1 - delta)
        var q = closedForm(l2, l1, l0)
        for _ in 0..<200 {
            // Far from the root, by its order of magnitude.
            if !(q > low && q < high) { q = low > 0 ? (low * high).squareRoot() : high / 1024 }
            let value = ((q + l2) * q + l1) * q + l0
            if value == 0 { return q }
            if value > 0 { low = q } else { high = q }
            let step = value / ((3 * q + 2 * l2) * q + l1)
            guard abs(step) > 4 * Double.ulpOfOne * q, high > low.nextUp else { return q }
            q -= step
        }
        return q
    }

    private func closedForm(_ l2: Double, _ l1: Double, _ l0: Double) -> Double {
        let q = l2 * l2 * l2 / 27 - l1 * l2 / 6 + l0 / 2
        let r = max(0, l2 * l2 / 9 - l1 / 3).squareRoot()
        let p = q < 0 ? -r : r
        let angle = p == 0 ? 0 : (Double.pi + acos(min(1, max(-1, q / (p * p * p))))) / 3
        return 2 * p * cos(angle) - l2 / 3
    }
}
