/// What rank tests of two samples need, from one merge of the two sorted samples.
struct TwoSampleRanks {
    /// How many pairs have the first value above the second, ties counted as halves: the Mann-Whitney statistic.
    let u: Double
    /// Σ t³ - t over the groups of equal values.
    let ties: Double
    /// The largest of F₁ - F₂ and of F₂ - F₁ between the empirical distributions, each with its place.
    let above: Double, below: Double
    /// Where those two occur.
    let aboveLocation: Double, belowLocation: Double

    init(_ first: [UInt64], _ second: [UInt64]) {
        let (n, m) = (first.count, second.count)
        // Twice the statistic, so that halves stay whole.
        var (twiceU, cubes) = (0, 0.0)
        var (i, j) = (0, 0)
        // The gaps, times nm, in whole numbers.
        var (high, low) = (0, 0)
        var (highKey, lowKey) = (first[0], first[0])
        first.withUnsafeBufferPointer { first in
            second.withUnsafeBufferPointer { second in
                while i < n || j < m {
                    let key = j == m || (i < n && first[i] <= second[j]) ? first[i] : second[j]
                    let (fromI, fromJ) = (i, j)
                    while i < n, first[i] == key { i += 1 }
                    while j < m, second[j] == key { j += 1 }
                    let (a, b) = (i - fromI, j - fromJ)
                    twiceU += a * (2 * fromJ + b)
                    if a + b > 1 {
                        let t = Double(a + b)
                        cubes += t * (t * t - 1)
                    }
                    let gap = i * m - j * n
                    if gap > high { (high, highKey) = (gap, key) }
                    if gap < low { (low, lowKey) = (gap, key) }
                }
            }
        }
        u = Double(twiceU) / 2
        ties = cubes
        let scale = Double(n) * Double(m)
        (above, below) = (Double(high) / scale, Double(-low) / scale)
        (aboveLocation, belowLocation) = (SortKeys.value(highKey), SortKeys.value(lowKey))
    }
}
