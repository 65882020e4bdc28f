internal import Glibc

/// Wilcoxon's signed-rank test: whether values, or differences within pairs, lie symmetrically about zero.
///
/// F. Wilcoxon, "Individual comparisons by ranking methods", Biometrics Bulletin 1 (1945), doi:10.2307/3001968. Zeros are left out.
public struct WilcoxonSignedRankTest: DirectionalTest {
    /// Where the p-value comes from.
    public enum Method: String, Sendable, CaseIterable {
        /// Exact for at most 50 values without ties or zeros, else the normal approximation.
        case automatic
        /// The exact distribution of the statistic; right only without ties.
        case exact
        /// The normal approximation with the variance corrected for ties.
        case asymptotic
        /// The same, corrected for continuity.
        case asymptoticCorrected = "asymptotic-corrected"
    }

    /// The sum of the ranks of the positive values.
    public let statistic: Double
    /// How many values are not zero.
    public let count: Int
    /// Where the p-value comes from.
    public let method: Method
    private let ties: Double

    /// Tests differences, or the deviations of values from a given centre.
    public init(_ differences: [Double], method: Method = .automatic) throws(StatisticsError) {
        try Require.sample(differences.span, "differences", atLeast: 1)
        let kept = differences.filter { $0 != 0 }
        guard !kept.isEmpty else { throw .noVariance(argument: "differences") }
        let (ranks, ties) = Ranks.of(kept.map(abs))
        statistic = zip(kept, ranks).reduce(0) { $1.0 > 0 ? $0 + $1.1 : $0 }
        (count, self.ties) = (kept.count, ties)
        self.method =
            method == .automatic ? (kept.count <= 50 && ties == 0 && kept.count == differences.count ? .exact : .asymptotic) : method
    }

    /// Tests the differences within pairs, first less second.
    public init(paired first: [Double], _ second: [Double], method: Method = .automatic) throws(StatisticsError) {
        guard first.count == second.count else { throw .countMismatch(argument: "second", count: second.count, expected: first.count) }
        try Require.sample(first.span, "first", atLeast: 1)
        try Require.sample(second.span, "second", atLeast: 1)
        try self.init(zip(first, second).map { $0 - $1 }, method: method)
    }

    /// The test's name, for a report.
    public var name: String { "Wilcoxon signed-rank test" }

    /// From -1, where all values are negative, to 1: the matched-pairs rank-biserial correlation.
    public var rankBiserialCorrelation: Double {
        let total = Double(count) * Double(count + 1) / 2
        return (2 * statistic - total) / total
    }

    /// The probability, under the null hypothesis, of a statistic at least this extreme.
    public func pValue(_ alternative: Alternative) -> Double {
        let n = Double(count)
        let total = n * (n + 1) / 2
        guard method != .exact else {
            let law = Self.exactCumulative(count)
            let lower = { (w: Double) in law[min(law.count - 1, Int(w.rounded(.down)))] }
            switch alternative {
            case .less: return min(1, lower(statistic))
            case .greater: return min(1, lower(total - statistic.rounded(.up)))
            case .twoSided: return min(1, 2 * lower(min(statistic, total - statistic)))
            }
        }
        let deviation = statistic - total / 2
        let spread = (n * (n + 1) * (2 * n + 1) / 24 - ties / 48).squareRoot()
        let correction = method == .asymptoticCorrected ? 0.5 : 0
        let moved =
            switch alternative {
            case .twoSided: deviation < 0 ? min(0, deviation + correction) : max(0, deviation - correction)
            case .greater: deviation - correction
            case .less: deviation + correction
            }
        return Tails.symmetric(Normal.standard, moved / spread, alternative)
    }

    /// P(W ≤ w) for every w: each rank is positive or not, with equal chance.
    private static func exactCumulative(_ count: Int) -> [Double] {
        var masses = [Double](repeating: 0, count: count * (count + 1) / 2 + 1)
        masses[0] = 1
        for rank in 1...count {
            for w in stride(from: masses.count - 1, through: 0, by: -1) {
                masses[w] = 0.5 * (masses[w] + (w >= rank ? masses[w - rank] : 0))
            }
        }
        var sum = 0.0
        return masses.map {
            sum += $0
            return sum
        }
    }
}
