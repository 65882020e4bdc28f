/// The exact distribution of Wilcoxon's signed-rank statistic given the ties: every choice of signs is equally likely.
struct SignedRankDistribution: RankLaw {
    /// P(2 W = k); symmetric.
    private let masses: [Double]

    /// By the ranks of the distances from zero, whose doubles are whole numbers.
    ///
    /// Takes n²(n + 1) steps for n values.
    init(ranks: [Double]) {
        let steps = ranks.map { Int((2 * $0).rounded()) }
        var masses = [Double](repeating: 0, count: steps.reduce(0, +) + 1)
        masses[0] = 1
        for step in steps {
            // Each rank is positive or not, with equal chance.
            for w in stride(from: masses.count - 1, through: 0, by: -1) {
                masses[w] = 0.5 * (masses[w] + (w >= step ? masses[w - step] : 0))
            }
        }
        self.masses = masses
    }

    func cdf(_ w: Double) -> Double { min(1, masses[...Int((2 * w).rounded())].reduce(0, +)) }
    func upper(_ w: Double) -> Double { cdf(Double(masses.count - 1) / 2 - w) }
}
