/// By how much the first sample lies above the second.
extension MannWhitneyTest {
    /// The Hodges-Lehmann estimate of the shift: the median of all differences, first less second.
    ///
    /// J. L. Hodges and E. L. Lehmann, Annals of Mathematical Statistics 34 (1963), doi:10.1214/aoms/1177704172. Takes O(n log n) time a step, not O(n²) memory.
    public var shift: Double {
        let pairs = firstCount * secondCount
        let low = difference(rank: (pairs - 1) / 2)
        return pairs % 2 == 1 ? low : 0.5 * low + 0.5 * difference(rank: pairs / 2)
    }

    /// The shifts that this test at one minus `level` would not reject: it ends at differences, of such ranks as the p-value leaves.
    ///
    /// It has no end where the samples are too small for the level: of two and two values no p-value is below 1/3. Where p-values are exact
    /// so are the ranks, by the distribution without ties, as a shift takes ties apart; zero is judged by the p-value itself, given the ties.
    /// E. L. Lehmann, "Nonparametrics" (1975), section 2.6.
    public func shiftInterval(
        level: Double = 0.95, alternative: Alternative = .twoSided
    ) throws(StatisticsError) -> ConfidenceInterval {
        try Require.properProbability(level, "level")
        let significance = alternative == .twoSided ? (1 - level) / 2 : 1 - level
        let pairs = firstCount * secondCount
        let plain: (any RankLaw)? = law == nil || ties == 0 ? law : MannWhitneyDistribution(firstCount, secondCount)
        let outside = RankInterval.outside(of: pairs, significance: significance) { plain?.cdf($0) ?? pValue(of: $0, .less) }
        var low = outside.map { difference(rank: $0) } ?? -.infinity
        var high = outside.map { difference(rank: pairs - 1 - $0) } ?? .infinity
        if law != nil, ties > 0 {
            low = RankInterval.agreeing(low: low, pValue(.greater), significance)
            high = -RankInterval.agreeing(low: -high, pValue(.less), significance)
        }
        return ConfidenceInterval(
            low: alternative == .less ? -.infinity : low, high: alternative == .greater ? .infinity : high, level: level)
    }

    /// The difference of this rank, from 0, among all pairs.
    private func difference(rank: Int) -> Double {
        let first = samples.first.map(SortKeys.value)
        let second = samples.second.map(SortKeys.value)
        return SortKeys.bisect(from: first[0] - second[second.count - 1], to: first[first.count - 1] - second[0]) { limit in
            // How many differences do not exceed the limit, by a merge.
            var (count, j) = (0, 0)
            for x in first {
                while j < second.count, x - second[j] > limit { j += 1 }
                count += second.count - j
            }
            return count > rank
        }
    }
}
