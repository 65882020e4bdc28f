/// The exact law of a rank statistic where there is no difference, given the ties.
protocol RankLaw: Sendable {
    /// P(U ≤ u), for a multiple of a half.
    func cdf(_ u: Double) -> Double
    /// P(U ≥ u).
    func upper(_ u: Double) -> Double
}

/// An interval that inverts a rank test: it ends at order statistics, of differences or of means of pairs.
enum RankInterval {
    /// Whether a tail rejects; one that is as large as the significance, but for rounding, does not.
    static func rejects(_ tail: Double, _ significance: Double) -> Bool { tail < significance * (1 - 1e-12) }

    /// How many order statistics lie outside at either end; `nil` where no statistic is so extreme that the test rejects.
    ///
    /// - Parameters:
    ///   - count: how many order statistics there are, which is the greatest value of the statistic.
    ///   - tail: the chance of a statistic of at most so much, in a symmetric law.
    static func outside(of count: Int, significance: Double, _ tail: (Double) -> Double) -> Int? {
        guard rejects(tail(0), significance) else { return nil }
        var (low, high) = (0, count)
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if rejects(tail(Double(middle)), significance) { low = middle } else { high = middle }
        }
        return low
    }

    /// An end that agrees with the p-value about zero: with ties that is another than the ranks of untied values say.
    static func agreeing(low: Double, _ tail: Double, _ significance: Double) -> Double {
        rejects(tail, significance) ? max(low, 0) : min(low, 0)
    }
}
