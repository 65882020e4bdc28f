internal import Glibc

/// Wilcoxon's signed-rank test: whether values, or differences within pairs, lie symmetrically about zero.
///
/// F. Wilcoxon, "Individual comparisons by ranking methods", Biometrics Bulletin 1 (1945), doi:10.2307/3001968. Zeros are left out.
public struct WilcoxonSignedRankTest: DirectionalTest {
    /// Where the p-value comes from.
    public enum Method: String, Sendable, CaseIterable {
        /// Exact, given the ties, for at most 200 values that are not zero, else the normal approximation with the variance corrected for ties.
        case automatic
        /// The exact distribution of the statistic, given the ties, for at most 500 values.
        case exact
        /// The normal approximation with the variance corrected for ties.
        case asymptotic
        /// The same, corrected for continuity.
        case asymptoticCorrected = "asymptotic-corrected"
    }

    /// How many values the exact distribution is for: where it is asked for, and where it is taken unasked, in some hundredths of a second.
    private static let exactLimit = (asked: 500, automatic: 200)

    /// The sum of the ranks of the positive values.
    public let statistic: Double
    /// How many values are not zero.
    public let count: Int
    /// Where the p-value comes from.
    public let method: Method
    private let ties: Double
    /// The exact distribution of the statistic, where p-values come from that.
    private let law: SignedRankDistribution?
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
        (count, self.ties, sorted) = (kept.count, ties, kept.sorted())
        self.method = method == .automatic ? (kept.count <= Self.exactLimit.automatic ? .exact : .asymptotic) : method
        if method == .exact, kept.count > Self.exactLimit.asked {
            throw .tooMany(argument: "differences", count: kept.count, limit: Self.exactLimit.asked)
        }
        law = self.method == .exact ? SignedRankDistribution(ranks: ranks) : nil
    }

    /// Tests the differences within pairs, first less second, each to the fourteenth digit of the greater of the two, so that 1.3 - 1.2 and
    /// 0.3 - 0.2 are ties.
    public init(paired first: Span<Double>, _ second: Span<Double>, method: Method = .automatic) throws(StatisticsError) {
        var differences = try Require.differences(first, second, atLeast: 1)
        for index in differences.indices {
            differences[index] = differences[index].roundedToDigits(of: max(abs(first[index]), abs(second[index])))
        }
        try self.init(differences, method: method)
    }

    /// Tests the differences within pairs, first less second.
    public init(paired first: [Double], _ second: [Double], method: Method = .automatic) throws(StatisticsError) {
        try self.init(paired: first.span, second.span, method: method)
    }

    /// The test's name and where its p-value comes from, for a report.
    public var name: String { "Wilcoxon signed-rank test, \(method == .exact ? "exact" : "normal approximation")" }

    private var total: Double { Double(count) * Double(count + 1) / 2 }
    /// The standard deviation of the statistic under the null hypothesis, given the ties.
    private var nullDeviation: Double { (total * Double(2 * count + 1) / 12 - ties / 48).squareRoot() }

    /// From -1, where all values are negative, to 1: the matched-pairs rank-biserial correlation.
    public var rankBiserialCorrelation: Double { (2 * statistic - total) / total }

    /// The probability, under the null hypothesis, of a statistic at least this extreme.
    public func pValue(_ alternative: Alternative) -> Double { pValue(of: statistic, alternative) }

    /// The natural logarithm of the p-value.
    public func logPValue(_ alternative: Alternative) -> Double {
        law == nil ? Tails.logSymmetric(Normal.standard, z(statistic, alternative), alternative) : log(pValue(alternative))
    }

    /// The p-value that another statistic would have.
    private func pValue(of w: Double, _ alternative: Alternative) -> Double {
        guard let law else { return Tails.symmetric(Normal.standard, z(w, alternative), alternative) }
        return switch alternative {
        case .less: law.cdf(w)
        case .greater: law.upper(w)
        case .twoSided: min(1, 2 * law.cdf(min(w, total - w)))
        }
    }

    private func z(_ w: Double, _ alternative: Alternative) -> Double {
        let correction = method == .asymptoticCorrected ? 0.5 : 0
        return ContinuityCorrection.moved(w - total / 2, by: correction, alternative) / nullDeviation
    }

    /// The Hodges-Lehmann estimate of the centre: the median of the means of all pairs of values, each value with itself among them.
    ///
    /// J. L. Hodges and E. L. Lehmann, Annals of Mathematical Statistics 34 (1963), doi:10.1214/aoms/1177704172.
    public var pseudomedian: Double {
        let pairs = count * (count + 1) / 2
        let low = walshAverage(rank: (pairs - 1) / 2)
        return pairs % 2 == 1 ? low : 0.5 * low + 0.5 * walshAverage(rank: pairs / 2)
    }

    /// The centres that this test at one minus `level` would not reject: it ends at means of pairs, of such ranks as the p-value leaves.
    ///
    /// It has no ends where there are too few values for the level: of four values no p-value is below 1/8. Where p-values are exact so are
    /// the ranks, by the distribution without ties; zero is judged by the p-value itself.
    /// J. W. Tukey, "The simplest signed-rank tests", Princeton memorandum report 17 (1949).
    public func pseudomedianInterval(level: Double = 0.95) throws(StatisticsError) -> ConfidenceInterval {
        try Require.properProbability(level, "level")
        let (significance, pairs) = ((1 - level) / 2, count * (count + 1) / 2)
        let plain = law == nil || ties == 0 ? law : SignedRankDistribution(ranks: (1...count).map(Double.init))
        let outside = RankInterval.outside(of: pairs, significance: significance) { plain?.cdf($0) ?? pValue(of: $0, .less) }
        var low = outside.map { walshAverage(rank: $0) } ?? -.infinity
        var high = outside.map { walshAverage(rank: pairs - 1 - $0) } ?? .infinity
        if law != nil, ties > 0 {
            low = RankInterval.agreeing(low: low, pValue(.greater), significance)
            high = -RankInterval.agreeing(low: -high, pValue(.less), significance)
        }
        return ConfidenceInterval(low: low, high: high, level: level)
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
