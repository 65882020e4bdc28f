internal import Glibc

/// The score statistics of two proportions whose difference or ratio is held at a given value.
///
/// O. Miettinen and M. Nurminen, "Comparative analysis of two rates", Statistics in Medicine 4 (1985), doi:10.1002/sim.4780040211, appendix.
struct ProportionScore {
    private let x: Double, n: Double, y: Double, m: Double

    init(_ first: Proportion, _ second: Proportion) {
        (x, n) = (Double(first.successes), Double(first.trials))
        (y, m) = (Double(second.successes), Double(second.trials))
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

    private func standardized(_ deviation: Double, _ variance: Double) -> Double {
        if deviation == 0 { return 0 }
        return deviation / (variance * ((n + m) / (n + m - 1))).squareRoot()
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
