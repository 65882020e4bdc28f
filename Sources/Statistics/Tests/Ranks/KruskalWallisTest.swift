/// The Kruskal-Wallis test: whether several samples come from one distribution, by their ranks.
///
/// W. H. Kruskal and W. A. Wallis, JASA 47 (1952), doi:10.1080/01621459.1952.10483441, corrected for ties.
public struct KruskalWallisTest: HypothesisTest {
    /// The value of the test statistic.
    public let statistic: Double
    /// One less than the number of groups.
    public let degreesOfFreedom: Int
    private let count: Int

    /// Compares two groups or more of raw values.
    public init(_ groups: [[Double]]) throws(StatisticsError) {
        let sizes = try Groups.map(groups, Self.size)
        try self.init(validated: groups.flatMap { $0 }, sizes)
    }

    /// Compares groups of raw values that lie one after the other.
    public init(_ values: Span<Double>, sizes: [Int]) throws(StatisticsError) {
        try self.init(validated: [Double](copying: values), Groups.map(values, sizes: sizes, Self.size))
    }

    private static func size(_ values: Span<Double>, _ name: String) throws(StatisticsError) -> Int {
        try Require.sample(values, name, atLeast: 1)
        return values.count
    }

    private init(validated values: [Double], _ sizes: [Int]) throws(StatisticsError) {
        let (ranks, ties) = Ranks.of(values)
        let n = Double(ranks.count)
        let correction = 1 - ties / (n * (n * n - 1))
        guard correction > 0 else { throw .noVariance(argument: "groups") }
        var (sum, start) = (0.0, 0)
        for size in sizes {
            let deviation = ranks[start..<(start + size)].reduce(0, +) - Double(size) * (n + 1) / 2
            sum += deviation * deviation / Double(size)
            start += size
        }
        statistic = 12 / (n * (n + 1)) * sum / correction
        (degreesOfFreedom, count) = (sizes.count - 1, ranks.count)
    }

    /// The test's name, for a report.
    public var name: String { "Kruskal-Wallis test" }
    /// The p-value, two-sided where the test has sides.
    public var pValue: Double { ChiSquare(validated: Double(degreesOfFreedom)).survival(statistic) }
    /// The natural logarithm of the p-value.
    public var logPValue: Double { ChiSquare(validated: Double(degreesOfFreedom)).logSurvival(statistic) }

    /// The share of the variance of the ranks that lies between the groups: H / (n - 1).
    public var epsilonSquared: Double { statistic / Double(count - 1) }
}
