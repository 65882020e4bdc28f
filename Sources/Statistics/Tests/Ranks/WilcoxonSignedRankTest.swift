internal import Glibc

/// Wilcoxon's signed-rank test: whether values, or differences within pairs, lie symmetrically about zero.
///
/// F. Wilcoxon, "Individual comparisons by ranking methods", Biometrics Bulletin 1 (1945), doi:10.2307/3001968. Zeros are left out.
public struct WilcoxonSignedRankTest: DirectionalTest {
    /// Where the p-value comes from.
    public enum Method: String, Sendable, CaseIterable {
        /// Exact for at most 50 values without ties or zeros, else the normal approximation.
        case automatic
        /// The exact distribution of the statistic, given the ties, for at most 500 values.
        case exact
        /// The normal approximation with the variance corrected for ties.
        case asymptotic
        /// The same, corrected for continuity.
        case asymptoticCorrected = "asymptotic-corrected"
    }

    /// How many values the exact distribution is for.
    private static let exactLimit = 500

    /// The sum of the ranks of the positive values.
    public let statistic: Double
    /// How many values are not zero.
    public let count: Int
    /// Where the p-value comes from.
    public let method: Method
    private let ties: Double
    /// The ranks of the distances from zero.
    private let ranks: [Double]
    /// The values that are not zero, in ascending order.
    private let sorted: [Double]

    /// Tests differences, or the deviations of values from a given centre.
    public init(_ differences: Span<Double>, method: Method = .automatic) throws(StatisticsError) {
        try self.init([Double](copying: differences), method: method)
    }

    /// Tests differences, or the deviations of values from a given centre.
    public init(_ differences: [Double], method: Method = .automatic) throws(StatisticsError) {
        try Require.sample(differences.span, "differences", atLeast: 1)
        let kept = differences.filter { $0 != 0 }
        guard !kept.isEmpty else { throw .noVariance(argument: "differences") }
        let (ranks, ties) = Ranks.of(kept.map(abs))
        statistic = zip(kept, ranks).reduce(0) { $1.0 > 0 ? $0 + $1.1 : $0 }
        (count, self.ties, self.ranks, sorted) = (kept.count, ties, ranks, kept.sorted())
        self.method =
            method == .automatic ? (kept.count <= 50 && ties == 0 && kept.count == differences.count ? .exact : .asymptotic) : method
        if method == .exact, kept.count > Self.exactLimit {
            throw .tooMany(argument: "differences", count: kept.count, limit: Self.exactLimit)
        }
    }

    /// Tests the differences within pairs, first less second.
    public init(paired first: Span<Double>, _ second: Span<Double>, method: Method = .automatic) throws(StatisticsError) {
        try self.init(Require.differences(first, second, atLeast: 1), method: method)
    }

    /// Tests the differences within pairs, first less second.
    public init(paired first: [Double], _ second: [Double], method: Method = .automatic) throws(StatisticsError) {
        try self.init(paired: first.span, second.span, method: method)
    }

    /// The test's name, for a report.
    public var name: String { "Wilcoxon signed-rank test" }

    private var total: Double { Double(count) * Double(count + 1) / 2 }
    /// The standard deviation of the statistic under the null hypothesis, given the ties.
    private var nullDeviation: Double { (total * Double(2 * count + 1) / 12 - ties / 48).squareRoot() }

    /// From -1, where all values are negative, to 1: the matched-pairs rank-biserial correlation.
    public var rankBiserialCorrelation: Double { (2 * statistic - total) / total }

    /// The probability, under the null hypothesis, of a statistic at least this extreme.
    public func pValue(_ alternative: Alternative) -> Double {
        method == .exact ? exactPValue(alternative) : Tails.symmetric(Normal.standard, z(alternative), alternative)
    }

    /// The natural logarithm of the p-value.
    public func logPValue(_ alternative: Alternative) -> Double {
        method == .exact ? log(exactPValue(alternative)) : Tails.logSymmetric(Normal.standard, z(alternative), alternative)
    }

    private func z(_ alternative: Alternative) -> Double {
        let correction = method == .asymptoticCorrected ? 0.5 : 0
        return ContinuityCorrection.moved(statistic - total / 2, by: correction, alternative) / nullDeviation
    }

    /// P(W ≤ w) from the law of the doubled statistic, which is whole-numbered even with ties, and symmetric.
    private func exactPValue(_ alternative: Alternative) -> Double {
        var masses = [Double](repeating: 0, count: Int(2 * total) + 1)
        masses[0] = 1
        for rank in ranks {
            // Each rank is positive or not, with equal chance.
            let step = Int((2 * rank).rounded())
            for w in stride(from: masses.count - 1, through: 0, by: -1) {
                masses[w] = 0.5 * (masses[w] + (w >= step ? masses[w - step] : 0))
            }
        }
        let below = { (w: Double) in min(1, masses[...Int((2 * w).rounded())].reduce(0, +)) }
        switch alternative {
        case .less: return below(statistic)
        case .greater: return below(total - statistic)
        case .twoSided: return min(1, 2 * below(min(statistic, total - statistic)))
        }
    }

    /// The Hodges-Lehmann estimate of the centre: the median of the means of all pairs of values, each value with itself among them.
    ///
    /// J. L. Hodges and E. L. Lehmann, Annals of Mathematical Statistics 34 (1963), doi:10.1214/aoms/1177704172.
    public var pseudomedian: Double {
        let pairs = count * (count + 1) / 2
        let low = walshAverage(rank: (pairs - 1) / 2)
        return pairs % 2 == 1 ? low : 0.5 * low + 0.5 * walshAverage(rank: pairs / 2)
    }

    /// An interval for the centre, by the normal approximation to the statistic's distribution: means of pairs, of symmetric ranks.
    ///
    /// J. W. Tukey, "The simplest signed-rank tests", Princeton memorandum report 17 (1949).
    public func pseudomedianInterval(level: Double = 0.95) throws(StatisticsError) -> ConfidenceInterval {
        try Require.properProbability(level, "level")
        let reach = -Normal.standardQuantile((1 - level) / 2) * nullDeviation
        let rank = max(0, Int((total / 2 - reach).rounded(.down)))
        return ConfidenceInterval(
            low: walshAverage(rank: rank), high: walshAverage(rank: count * (count + 1) / 2 - 1 - rank), level: level)
    }

    /// The mean of this rank, from 0, among those of all pairs.
    private func walshAverage(rank: Int) -> Double {
        SortKeys.bisect(from: sorted[0], to: sorted[count - 1]) { limit in
            // How many pairs i ≤ j have a mean within the limit: as i rises, fewer partners do.
            var (found, j) = (0, count - 1)
            for i in 0..<count {
                while j >= 0, 0.5 * sorted[i] + 0.5 * sorted[j] > limit { j -= 1 }
                if j < i { break }
                found += j - i + 1
            }
            return found > rank
        }
    }
}
