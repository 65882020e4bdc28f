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
        /// The exact distribution of the statistic, given the ties.
        case exact
        /// The normal approximation with the variance corrected for ties and the statistic for continuity.
        case asymptotic
        /// The normal approximation without the correction for continuity.
        case asymptoticUncorrected = "asymptotic-uncorrected"
    }

    /// The greatest product of the sample sizes for the exact distribution: without ties, and with them.
    private static let exactLimit = (plain: 4_000_000, tied: 2_500)

    /// How many pairs have the first value above the second, ties counted as halves.
    public let statistic: Double
    /// How many values the first sample has.
    public let firstCount: Int
    /// How many values the second sample has.
    public let secondCount: Int
    /// Where the p-value comes from.
    public let method: Method
    private let ties: Double
    let samples: (first: [UInt64], second: [UInt64])

    /// Compares two raw samples.
    ///
    /// Takes O(n) time for n values. The exact distribution is for samples whose sizes multiply to at most 4,000,000, or 2,500 where there
    /// are ties.
    public init(_ first: Span<Double>, _ second: Span<Double>, method: Method = .automatic) throws(StatisticsError) {
        try Require.sample(first, "first", atLeast: 1)
        try Require.sample(second, "second", atLeast: 1)
        let (a, b) = (SortKeys.sorted(first), SortKeys.sorted(second))
        let ranks = TwoSampleRanks(a, b)
        guard a[0] != b[b.count - 1] || a[a.count - 1] != b[0] else { throw .noVariance(argument: "first and second") }
        (statistic, ties, samples) = (ranks.u, ranks.ties, (a, b))
        (firstCount, secondCount) = (a.count, b.count)
        self.method = method == .automatic ? (Self.isSmall(a.count, b.count) && ranks.ties == 0 ? .exact : .asymptotic) : method
        let limit = (ties == 0 ? Self.exactLimit.plain : Self.exactLimit.tied) / b.count
        if self.method == .exact, a.count > limit { throw .tooMany(argument: "first", count: a.count, limit: limit) }
    }

    /// Compares two raw samples.
    ///
    /// Takes O(n) time for n values.
    public init(_ first: [Double], _ second: [Double], method: Method = .automatic) throws(StatisticsError) {
        try self.init(first.span, second.span, method: method)
    }

    private static func isSmall(_ n: Int, _ m: Int) -> Bool { min(n, m) <= 8 && n <= exactLimit.plain / m }

    /// The test's name, for a report.
    public var name: String { "Mann-Whitney test" }
    /// The chance that a value of the first sample exceeds one of the second, ties counted as halves.
    public var probabilityOfSuperiority: Double { statistic / (Double(firstCount) * Double(secondCount)) }
    /// From -1, where every value of the first sample lies below the second's, to 1: the rank-biserial correlation, which is Cliff's delta.
    public var rankBiserialCorrelation: Double { 2 * probabilityOfSuperiority - 1 }

    /// The probability, under the null hypothesis, of a statistic at least this extreme.
    public func pValue(_ alternative: Alternative) -> Double {
        method == .exact ? exactPValue(alternative) : Tails.symmetric(Normal.standard, z(alternative), alternative)
    }

    /// The natural logarithm of the p-value.
    public func logPValue(_ alternative: Alternative = .twoSided) -> Double {
        method == .exact ? log(exactPValue(alternative)) : Tails.logSymmetric(Normal.standard, z(alternative), alternative)
    }

    /// The standard deviation of the statistic under the null hypothesis, given the ties.
    var nullDeviation: Double {
        let (n, m) = (Double(firstCount), Double(secondCount))
        let total = n + m
        return (n * m / 12 * (total + 1 - ties / (total * (total - 1)))).squareRoot()
    }

    /// The standardised statistic, moved half a unit toward its mean where the correction for continuity is asked for.
    private func z(_ alternative: Alternative) -> Double {
        let deviation = statistic - Double(firstCount) * Double(secondCount) / 2
        let correction = method == .asymptoticUncorrected ? 0 : 0.5
        return ContinuityCorrection.moved(deviation, by: correction, alternative) / nullDeviation
    }

    private func exactPValue(_ alternative: Alternative) -> Double {
        let most = Double(firstCount) * Double(secondCount)
        let (lower, upper): (Double, Double)
        if ties == 0 {
            let law = MannWhitneyDistribution(firstCount, secondCount)
            (lower, upper) = (law.cdf(statistic), law.cdf(most - statistic))
        } else {
            let law = TiedRankSum(classes: tieClasses, first: firstCount)
            (lower, upper) = (law.cdf(statistic), law.upper(statistic))
        }
        switch alternative {
        case .less: return lower
        case .greater: return upper
        case .twoSided: return min(1, 2 * min(lower, upper))
        }
    }

    /// The numbers of equal values, in ascending order of the values.
    private var tieClasses: [Int] {
        var sizes: [Int] = []
        var last: UInt64?
        for key in (samples.first + samples.second).sorted() {
            if key == last { sizes[sizes.count - 1] += 1 } else { sizes.append(1) }
            last = key
        }
        return sizes
    }
}

/// Half a unit by which a whole-numbered statistic is moved toward its mean before a normal tail is read.
enum ContinuityCorrection {
    static func moved(_ deviation: Double, by correction: Double, _ alternative: Alternative) -> Double {
        switch alternative {
        case .twoSided: deviation < 0 ? min(0, deviation + correction) : max(0, deviation - correction)
        case .greater: deviation - correction
        case .less: deviation + correction
        }
    }
}
