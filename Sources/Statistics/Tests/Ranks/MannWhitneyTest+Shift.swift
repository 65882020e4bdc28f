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

    /// An interval for the shift, by the normal approximation to the statistic's distribution: differences of symmetric ranks.
    public func shiftInterval(level: Double = 0.95) throws(StatisticsError) -> ConfidenceInterval {
        try Require.properProbability(level, "level")
        let reach = -Normal.standardQuantile((1 - level) / 2) * nullDeviation
        let rank = max(0, Int((Double(firstCount) * Double(secondCount) / 2 - reach).rounded(.down)))
        return ConfidenceInterval(low: difference(rank: rank), high: difference(rank: firstCount * secondCount - 1 - rank), level: level)
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
