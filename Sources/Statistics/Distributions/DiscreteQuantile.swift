/// Exact inversion of a discrete distribution's own tails: the answer is right whenever the tails are.
extension DiscreteDistribution {
    /// The least x with P(X ≤ x) ≥ p.
    ///
    /// Takes O(log(spread)) evaluations of `cdf`.
    public func quantile(_ p: Double) throws(StatisticsError) -> Int {
        try Require.probability(p, "probability")
        if p == 0 { return support.lowerBound }
        return least { cdf($0) >= p }
    }

    /// The least x with P(X > x) ≤ q.
    ///
    /// Takes O(log(spread)) evaluations of `survival`.
    public func inverseSurvival(_ q: Double) throws(StatisticsError) -> Int {
        try Require.probability(q, "probability")
        if q == 1 { return support.lowerBound }
        return least { survival($0) <= q }
    }

    /// The least value of the support that satisfies a condition which, once true, stays true upward.
    private func least(where holds: (Int) -> Bool) -> Int {
        let support = self.support
        let center = Int(mean ?? 0)
        var step = max(1, Int(standardDeviation ?? 1))
        var high = min(max(center, support.lowerBound), support.upperBound)
        while high < support.upperBound, !holds(high) {
            high = high > support.upperBound - step ? support.upperBound : high + step
            step *= 2
        }
        step = max(1, Int(standardDeviation ?? 1))
        var low = high
        while low > support.lowerBound, holds(low) {
            high = low
            low = low < support.lowerBound + step ? support.lowerBound : low - step
            step *= 2
        }
        if low == support.lowerBound, holds(low) { return low }
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if holds(middle) { high = middle } else { low = middle }
        }
        return high
    }
}
