internal import Glibc

/// The Mann-Whitney test: whether a value of the first sample tends to be larger than one of the second.
///
/// It is not a test of means or, in general, of medians: it tests P(X > Y) + ½ P(X = Y) = ½.
/// H. B. Mann and D. R. Whitney, Annals of Mathematical Statistics 18 (1947), doi:10.1214/aoms/1177730491.
public struct MannWhitneyTest: DirectionalTest {
    /// Where the p-value comes from.
    public enum Method: String, Sendable, CaseIterable {
        /// Exact, given the ties, where that takes at most five million steps (without ties also where a sample has at most 8 values), else
        /// the normal approximation, corrected for ties and for continuity.
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
    /// The most steps that it is worked out in where nobody asked for it: some hundredths of a second.
    private static let stepLimit = 5_000_000.0

    /// How many pairs have the first value above the second, ties counted as halves.
    public let statistic: Double
    /// How many values the first sample has.
    public let firstCount: Int
    /// How many values the second sample has.
    public let secondCount: Int
    /// Where the p-value comes from.
    public let method: Method
    let ties: Double
    /// The exact distribution of the statistic, where p-values come from that.
    let law: (any RankLaw)?
    let samples: (first: [UInt64], second: [UInt64])

    /// Compares two raw samples.
    ///
    /// Takes O(n) time for n values. The exact distribution is for samples whose sizes multiply to at most 4,000,000; where there are ties,
    /// to at most 2,500 or as long as five million steps are enough, as for a few values against thousands, or for few different values.
    public init(_ first: Span<Double>, _ second: Span<Double>, method: Method = .automatic) throws(StatisticsError) {
        try Require.sample(first, "first", atLeast: 1)
        try Require.sample(second, "second", atLeast: 1)
        let (a, b) = (SortKeys.sorted(first), SortKeys.sorted(second))
        let ranks = TwoSampleRanks(a, b)
        guard a[0] != b[b.count - 1] || a[a.count - 1] != b[0] else { throw .noVariance(argument: "first and second") }
        (statistic, ties, samples) = (ranks.u, ranks.ties, (a, b))
        (firstCount, secondCount) = (a.count, b.count)
        guard method == .automatic || method == .exact else {
            (self.method, law) = (method, nil)
            return
        }
        let isTied = ranks.ties > 0
        let limit = (isTied ? Self.exactLimit.tied : Self.exactLimit.plain) / b.count
        // The classes of longer samples need not be counted: the table would be too large.
        let classes = isTied && Double(a.count) * Double(b.count) <= 1e6 ? Self.tieClasses(a, b) : nil
        let steps = isTied ? classes.flatMap { TiedRankSum.steps(classes: $0, first: a.count) } : Self.steps(a.count, b.count)
        let isAffordable = steps.map { $0 <= Self.stepLimit } ?? false
        guard method == .exact || isAffordable || (!isTied && min(a.count, b.count) <= 8 && a.count <= limit) else {
            (self.method, law) = (.asymptotic, nil)
            return
        }
        guard a.count <= limit || isTied && isAffordable else { throw .tooMany(argument: "first", count: a.count, limit: limit) }
        self.method = .exact
        law = classes.map { TiedRankSum(classes: $0, first: a.count) } ?? MannWhitneyDistribution(a.count, b.count)
    }

    /// Compares two raw samples.
    ///
    /// Takes O(n) time for n values.
    public init(_ first: [Double], _ second: [Double], method: Method = .automatic) throws(StatisticsError) {
        try self.init(first.span, second.span, method: method)
    }

    /// How many steps the exact distribution without ties takes.
    private static func steps(_ n: Int, _ m: Int) -> Double { 1.5 * Double(n) * Double(m) * Double(min(n, m)) }

    /// The numbers of equal values, in ascending order of the values.
    private static func tieClasses(_ first: [UInt64], _ second: [UInt64]) -> [Int] {
        var sizes: [Int] = []
        var last: UInt64?
        for key in (first + second).sorted() {
            if key == last { sizes[sizes.count - 1] += 1 } else { sizes.append(1) }
            last = key
        }
        return sizes
    }

    /// The test's name and where its p-value comes from, for a report.
    public var name: String { "Mann-Whitney test, \(method == .exact ? "exact" : "normal approximation")" }
    /// The chance that a value of the first sample exceeds one of the second, ties counted as halves.
    public var probabilityOfSuperiority: Double { statistic / (Double(firstCount) * Double(secondCount)) }
    /// From -1, where every value of the first sample lies below the second's, to 1: the rank-biserial correlation, which is Cliff's delta.
    public var rankBiserialCorrelation: Double { 2 * probabilityOfSuperiority - 1 }

    /// The probability, under the null hypothesis, of a statistic at least this extreme.
    public func pValue(_ alternative: Alternative) -> Double { pValue(of: statistic, alternative) }

    /// The natural logarithm of the p-value.
    public func logPValue(_ alternative: Alternative = .twoSided) -> Double {
        law == nil ? Tails.logSymmetric(Normal.standard, z(statistic, alternative), alternative) : log(pValue(alternative))
    }

    /// The p-value that another statistic would have.
    func pValue(of u: Double, _ alternative: Alternative) -> Double {
        guard let law else { return Tails.symmetric(Normal.standard, z(u, alternative), alternative) }
        return switch alternative {
        case .less: law.cdf(u)
        case .greater: law.upper(u)
        case .twoSided: min(1, 2 * min(law.cdf(u), law.upper(u)))
        }
    }

    /// The standard deviation of the statistic under the null hypothesis, given the ties.
    private var nullDeviation: Double {
        let (n, m) = (Double(firstCount), Double(secondCount))
        let total = n + m
        return (n * m / 12 * (total + 1 - ties / (total * (total - 1)))).squareRoot()
    }

    /// A standardised statistic, moved half a unit toward its mean where the correction for continuity is asked for.
    private func z(_ u: Double, _ alternative: Alternative) -> Double {
        let deviation = u - Double(firstCount) * Double(secondCount) / 2
        let correction = method == .asymptoticUncorrected ? 0 : 0.5
        return ContinuityCorrection.moved(deviation, by: correction, alternative) / nullDeviation
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
