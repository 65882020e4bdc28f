internal import CBoostMath
internal import Glibc

/// The distribution of the distance between a continuous distribution function and that of a sample from it.
struct KolmogorovDistribution {
    let count: Int

    /// P(D⁺ ≥ d), the distance in one direction.
    ///
    /// Each term of the sum is a binomial mass, so nothing cancels: Z. W. Birnbaum and F. H. Tingey, Annals of Mathematical Statistics 22
    /// (1951), doi:10.1214/aoms/1177729550; for long samples, U. R. Maag and G. Dicaire, Biometrika 58 (1971), doi:10.1093/biomet/58.3.653.
    func oneSidedSurvival(_ d: Double) -> Double {
        if d <= 0 { return 1 }
        if d >= 1 { return 0 }
        let n = Double(count)
        guard count <= 100_000 else { return exp(-(6 * n * d + 1) * (6 * n * d + 1) / (18 * n)) }
        var sum = 0.0
        for j in 0...count {
            let p = d + Double(j) / n
            if p >= 1 { break }
            sum += boostmath_binomial_mass(n, p, Double(j)) / p
        }
        return min(1, d * sum)
    }

    /// P(D ≥ d), the distance in either direction.
    func survival(_ d: Double) -> Double {
        let n = Double(count)
        if 2 * n * d <= 1 { return 1 }
        // Both directions at once are impossible here, or rarer by a factor of 1e15.
        if d >= 0.5 || n * d * d >= 6 { return min(1, 2 * oneSidedSurvival(d)) }
        let x = n.squareRoot() * d
        if count <= 2_000 || (x < 1 && count <= 5_000) { return max(0, 1 - durbin(d)) }
        // J. Vrbik, "Small-sample corrections to Kolmogorov-Smirnov test statistic", Pioneer Journal of Theoretical and Applied
        // Statistics 15 (2018).
        let y = x + 1 / (6 * n.squareRoot()) + (x - 1) / (4 * n)
        // Further out only the small chance of both directions needs the limit.
        return x < 1 ? Self.limitingSurvival(y) : 2 * oneSidedSurvival(d) - 2 * (exp(-8 * y * y) - exp(-18 * y * y) + exp(-32 * y * y))
    }

    /// Kolmogorov's limiting law: P(√n D > x).
    static func limitingSurvival(_ x: Double) -> Double {
        if x < 0.1 { return 1 }
        if x < 1 {
            // The theta function's other series converges at once where this tail is large.
            let scale = Double.pi * Double.pi / (8 * x * x)
            let sum = [1.0, 3, 5, 7].reduce(0) { $0 + exp(-$1 * $1 * scale) }
            return 1 - (2 * Double.pi).squareRoot() / x * sum
        }
        return 2 * (exp(-2 * x * x) - exp(-8 * x * x) + exp(-18 * x * x) - exp(-32 * x * x))
    }

    /// P(D < d) by Durbin's matrix, applied n times to a unit vector.
    ///
    /// G. Marsaglia, W. W. Tsang and J. Wang, "Evaluating Kolmogorov's distribution", Journal of Statistical Software 8 (2003),
    /// doi:10.18637/jss.v008.i18. O(n² d n d) time.
    private func durbin(_ d: Double) -> Double {
        let n = Double(count)
        let k = Int(n * d) + 1
        let (size, h) = (2 * k - 1, Double(k) - n * d)
        // Below the first superdiagonal of ones stand reciprocal factorials; the first column and the last row bend at the edges.
        let reciprocals = (0...size + 1).reduce(into: [1.0]) { list, i in list.append(list[i] / Double(i + 1)) }
        let powers = (0...size).reduce(into: [1.0]) { list, _ in list.append(list[list.count - 1] * h) }
        var edge = (0..<size).map { (1 - powers[$0 + 1]) * reciprocals[$0 + 1] }
        edge[size - 1] = (1 - 2 * powers[size] + (2 * h > 1 ? pow(2 * h - 1, Double(size)) : 0)) * reciprocals[size]
        var vector = [Double](repeating: 0, count: size)
        vector[k - 1] = 1
        var next = vector
        // n! / nⁿ in equal parts, one a step: the vector stays within range, as the matrix makes it grow by e.
        let factor = exp(-1 + (0.5 * log(2 * Double.pi * n) + boostmath_stirling_error(n)) / n)
        for _ in 0..<count {
            for i in 0..<size {
                var sum = edge[i] * vector[0] + (i + 1 < size ? vector[i + 1] : 0)
                if i == size - 1 {
                    for j in 1..<max(1, size) { sum += edge[size - 1 - j] * vector[j] }
                } else {
                    for j in 1..<max(1, i + 1) { sum += reciprocals[i - j + 1] * vector[j] }
                }
                next[i] = sum
            }
            for i in 0..<size { vector[i] = next[i] * factor }
        }
        return min(1, vector[k - 1])
    }
}
