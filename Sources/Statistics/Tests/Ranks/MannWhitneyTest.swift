internal import Glibc

/// The Mann-Whitney test: whether a value of the first sample tends to be larger than one of the second.
///
/// It is not a test of means or, in general, of medians: it tests P(X > Y) + ½ P(X = Y) = ½.
/// H. B. Mann and D. R. Whitney, Annals of Mathematical Statistics 18 (1947), doi:10.1214/aoms/1177730491.
public struct MannWhitneyTest: DirectionalTest {
    /// Where the p-value comes from.
    public enum Method: String, Sendable, CaseIterable {
        /// Exact without ties when a sample has at most 8 values, else the normal approximation.
        case automatic
        /// The exact distribution of the statistic; right only without ties.
        case exact
        /// The normal approximation with the variance corrected for ties and the statistic for continuity.
        case asymptotic
        /// The normal approximation without the correction for continuity.
        case asymptoticUncorrected = "asymptotic-uncorrected"
    }

    /// How many pairs have the first value above the second, ties counted as halves.
    public let statistic: Double
    /// How many values the first sample has.
    public let firstCount: Int
    /// How many values the second sample has.
    public let secondCount: Int
    /// Where the p-value comes from.
    public let method: Method
    private let ties: Double
    private let samples: (first: [UInt64], second: [UInt64])

    /// Compares two raw samples.
    ///
    /// Takes O(n) time for n values.
    public init(_ first: Span<Double>, _ second: Span<Double>, method: Method = .automatic) throws(StatisticsError) {
        try Require.sample(first, "first", atLeast: 1)
        try Require.sample(second, "second", atLeast: 1)
        let (a, b) = (SortKeys.sorted(first), SortKeys.sorted(second))
        let ranks = TwoSampleRanks(a, b)
        guard a[0] != b[b.count - 1] || a[a.count - 1] != b[0] else { throw .noVariance(argument: "first and second") }
        (statistic, ties, samples) = (ranks.u, ranks.ties, (a, b))
        (firstCount, secondCount) = (a.count, b.count)
        self.method = method == .automatic ? (min(a.count, b.count) <= 8 && ranks.ties == 0 ? .exact : .asymptotic) : method
    }

    /// Compares two raw samples.
    ///
    /// Takes O(n) time for n values.
    public init(_ first: [Double], _ second: [Double], method: Method = .automatic) throws(StatisticsError) {
        try self.init(first.span, second.span, method: method)
    }

    /// The test's name, for a report.
    public var name: String { "Mann-Whitney test" }

    /// The chance that a value of the first sample exceeds one of the second, ties counted as halves.
    public var probabilityOfSuperiority: Double { statistic / (Double(firstCount) * Double(secondCount)) }

    /// The probability, under the null hypothesis, of a statistic at least this extreme.
    public func pValue(_ alternative: Alternative) -> Double {
        method == .exact ? exactPValue(alternative) : Tails.symmetric(Normal.standard, z(alternative), alternative)
    }

    /// The natural logarithm of the p-value.
    public func logPValue(_ alternative: Alternative = .twoSided) -> Double {
        method == .exact ? log(exactPValue(alternative)) : Tails.logSymmetric(Normal.standard, z(alternative), alternative)
    }

    /// The standardised statistic, moved half a unit toward its mean where the correction for continuity is asked for.
    private func z(_ alternative: Alternative) -> Double {
        let (n, m) = (Double(firstCount), Double(secondCount))
        let total = n + m
        let deviation = statistic - n * m / 2
        let variance = n * m / 12 * (total + 1 - ties / (total * (total - 1)))
        let correction = method == .asymptoticUncorrected ? 0 : 0.5
        let moved =
            switch alternative {
            case .twoSided: deviation < 0 ? min(0, deviation + correction) : max(0, deviation - correction)
            case .greater: deviation - correction
            case .less: deviation + correction
            }
        return moved / variance.squareRoot()
    }

    private func exactPValue(_ alternative: Alternative) -> Double {
        let law = MannWhitneyDistribution(firstCount, secondCount)
        switch alternative {
        case .less: return law.cdf(statistic)
        case .greater: return law.cdf(Double(firstCount) * Double(secondCount) - statistic)
        case .twoSided: return min(1, 2 * law.cdf(min(statistic, Double(firstCount) * Double(secondCount) - statistic)))
        }
    }

    /// The Hodges-Lehmann estimate of the shift: the median of all differences, first less second.
    ///
    /// J. L. Hodges and E. L. Lehmann, Annals of Mathematical Statistics 34 (1963), doi:10.1214/aoms/1177704172. Takes O(n log n) time a step, not O(n²) memory.
    public var shift: Double {
        let pairs = firstCount * secondCount
        let low = difference(rank: (pairs - 1) / 2)
        return pairs % 2 == 1 ? low : 0.5 * (low + difference(rank: pairs / 2))
    }

    /// An interval for the shift, by the normal approximation to the statistic's distribution: differences of symmetric ranks.
    public func shiftInterval(level: Double = 0.95) throws(StatisticsError) -> ConfidenceInterval {
        try Require.properProbability(level, "level")
        let (n, m) = (Double(firstCount), Double(secondCount))
        let total = n + m
        let deviation = (n * m / 12 * (total + 1 - ties / (total * (total - 1)))).squareRoot()
        let reach = -Normal.standardQuantile((1 - level) / 2) * deviation
        let rank = max(0, Int((n * m / 2 - reach).rounded(.down)))
        return ConfidenceInterval(low: difference(rank: rank), high: difference(rank: firstCount * secondCount - 1 - rank), level: level)
    }

    /// The difference of this rank, from 0, among all pairs: bisection over the doubles, counting by a merge.
    private func difference(rank: Int) -> Double {
        let first = samples.first.map(SortKeys.value)
        let second = samples.second.map(SortKeys.value)
        var low = SortKeys.key(first[0] - second[second.count - 1])
        var high = SortKeys.key(first[first.count - 1] - second[0])
        while low < high {
            let middle = low + (high - low) / 2
            let limit = SortKeys.value(middle)
            // How many differences do not exceed the limit.
            var (count, j) = (0, 0)
            for x in first {
                while j < second.count, x - second[j] > limit { j += 1 }
                count += second.count - j
            }
            if count > rank { high = middle } else { low = middle + 1 }
        }
        return SortKeys.value(low)
    }
}
