internal import Glibc

/// The Kolmogorov-Smirnov test of two samples: whether they come from one distribution, whatever the difference.
///
/// N. V. Smirnov, Annals of Mathematical Statistics 19 (1948), doi:10.1214/aoms/1177730256; exact lattice paths: J. L. Hodges, Arkiv för Matematik 3 (1958),
/// doi:10.1007/BF02589501. `greater` asks whether values of the first sample tend to be greater, so that its distribution function lies below the
/// second; SciPy names sides by the functions, and calls that `less`.
public struct KolmogorovSmirnovTest: DirectionalTest {
    private let ranks: TwoSampleRanks
    private let n: Int
    private let m: Int
    /// Whether p-values are exact; they are for samples of which the product of sizes is at most ten million.
    public let isExact: Bool

    /// Compares two raw samples.
    public init(_ first: Span<Double>, _ second: Span<Double>, exact: Bool? = nil) throws(StatisticsError) {
        try Require.sample(first, "first", atLeast: 1)
        try Require.sample(second, "second", atLeast: 1)
        ranks = TwoSampleRanks(SortKeys.sorted(first), SortKeys.sorted(second))
        (n, m) = (first.count, second.count)
        isExact = exact ?? (n * m <= 10_000_000)
    }

    /// Compares two raw samples.
    public init(_ first: [Double], _ second: [Double], exact: Bool? = nil) throws(StatisticsError) {
        try self.init(first.span, second.span, exact: exact)
    }

    /// The test's name, for a report.
    public var name: String { "Kolmogorov-Smirnov test" }

    /// The largest distance between the two empirical distribution functions.
    public var statistic: Double { max(ranks.above, ranks.below) }

    /// The largest distance in one direction: F₂ less F₁ for `greater`, F₁ less F₂ for `less`.
    public func statistic(_ alternative: Alternative) -> Double {
        switch alternative {
        case .twoSided: statistic
        case .less: ranks.above
        case .greater: ranks.below
        }
    }

    /// The value at which the two-sided distance is reached.
    public var location: Double { location(.twoSided) }

    /// The value at which the distance in one direction is reached.
    public func location(_ alternative: Alternative) -> Double {
        switch alternative {
        case .twoSided: ranks.above >= ranks.below ? ranks.aboveLocation : ranks.belowLocation
        case .less: ranks.aboveLocation
        case .greater: ranks.belowLocation
        }
    }

    /// The probability, under the null hypothesis, of a statistic at least this extreme.
    public func pValue(_ alternative: Alternative) -> Double {
        let distance = statistic(alternative)
        if distance == 0 { return 1 }
        return isExact ? outsideProbability(distance, bothSides: alternative == .twoSided) : asymptotic(distance, alternative)
    }

    /// The chance that a random path from (0, 0) to (n, m) leaves the band; the paths that have left are carried along, so nothing is subtracted.
    private func outsideProbability(_ distance: Double, bothSides: Bool) -> Double {
        let limit = Int((distance * Double(n) * Double(m)).rounded())
        var outside = [Double](repeating: 0, count: m + 1)
        // Entry j holds the chance that a path through (i, j) has been outside by then.
        for i in 0...n {
            for j in 0...m {
                let gap = i * m - j * n
                if (bothSides ? abs(gap) : gap) >= limit {
                    outside[j] = 1
                } else if i == 0 {
                    outside[j] = j == 0 ? 0 : outside[j - 1]
                } else if j > 0 {
                    // Of the paths to (i, j), the share i / (i + j) comes from the left.
                    let left = Double(i) / Double(i + j)
                    outside[j] = left * outside[j] + (1 - left) * outside[j - 1]
                }
            }
        }
        return min(1, outside[m])
    }

    private func asymptotic(_ distance: Double, _ alternative: Alternative) -> Double {
        let (a, b) = (Double(max(n, m)), Double(min(n, m)))
        let effective = a * b / (a + b)
        if alternative == .twoSided {
            return KolmogorovDistribution.limitingSurvival(distance * effective.squareRoot())
        }
        // Hodges's equation 5.3.
        let z = effective.squareRoot() * distance
        return min(1, exp(-2 * z * z - 2 * z * (a + 2 * b) / (a * b * (a + b)).squareRoot() / 3))
    }
}
