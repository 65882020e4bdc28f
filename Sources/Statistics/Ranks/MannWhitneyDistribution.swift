/// The exact distribution of the Mann-Whitney statistic without ties.
struct MannWhitneyDistribution: RankLaw {
    private let top: Int
    /// P(U ≤ u) for the lower half; the law is symmetric.
    private let cumulative: [Double]

    /// By the recurrence of the Gaussian binomial coefficient, in probabilities.
    ///
    /// Takes O(n m min(n, m)) time.
    init(_ n: Int, _ m: Int) {
        let (small, large) = (min(n, m), max(n, m))
        top = n * m
        var masses = [Double](repeating: 0, count: top / 2 + 1)
        masses[0] = 1
        // Multiply by (1 - q^(large+i)) and divide by (1 - q^i) for i = 1…small, scaled to total mass one at each step.
        for i in 1...small {
            for k in stride(from: masses.count - 1, through: large + i, by: -1) { masses[k] -= masses[k - large - i] }
            for k in stride(from: i, to: masses.count, by: 1) { masses[k] += masses[k - i] }
            let scale = Double(i) / Double(large + i)
            for k in masses.indices { masses[k] *= scale }
        }
        var sum = 0.0
        cumulative = masses.map {
            sum += $0
            return sum
        }
    }

    /// P(U ≥ u).
    func upper(_ u: Double) -> Double { cdf(Double(top) - u) }

    /// P(U ≤ u).
    func cdf(_ u: Double) -> Double {
        let index = Int(u.rounded(.down))
        if index < 0 { return 0 }
        if index >= top { return 1 }
        return index < cumulative.count ? cumulative[index] : 1 - cumulative[top - index - 1]
    }
}
