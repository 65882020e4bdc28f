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
        guard groups.count >= 2 else { throw .tooFew(argument: "groups", count: groups.count, needed: 2) }
        for (index, group) in groups.enumerated() { try Require.sample(group.span, "groups[\(index)]", atLeast: 1) }
        let (ranks, ties) = Ranks.of(groups.flatMap { $0 })
        let n = Double(ranks.count)
        let correction = 1 - ties / (n * (n * n - 1))
        guard correction > 0 else { throw .noVariance(argument: "groups") }
        var (sum, start) = (0.0, 0)
        for group in groups {
            let deviation = ranks[start..<(start + group.count)].reduce(0, +) - Double(group.count) * (n + 1) / 2
            sum += deviation * deviation / Double(group.count)
            start += group.count
        }
        statistic = 12 / (n * (n + 1)) * sum / correction
        (degreesOfFreedom, count) = (groups.count - 1, ranks.count)
    }

    /// The test's name, for a report.
    public var name: String { "Kruskal-Wallis test" }
    /// The p-value, two-sided where the test has sides.
    public var pValue: Double { ChiSquare(validated: Double(degreesOfFreedom)).survival(statistic) }

    /// The share of the variance of the ranks that lies between the groups: H / (n - 1).
    public var epsilonSquared: Double { statistic / Double(count - 1) }
}
