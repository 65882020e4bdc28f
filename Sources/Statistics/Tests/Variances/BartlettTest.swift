internal import Glibc

/// Bartlett's test: whether several normal samples have one variance.
///
/// Departures from normality upset it.
///
/// M. S. Bartlett, Proceedings of the Royal Society A 160 (1937), doi:10.1098/rspa.1937.0109.
public struct BartlettTest: HypothesisTest {
    /// The value of the test statistic.
    public let statistic: Double
    /// One less than the number of groups.
    public let degreesOfFreedom: Int

    /// Compares the summaries of two groups or more, each of two values or more that vary.
    public init(_ groups: [Summary]) throws(StatisticsError) {
        try Groups.require(groups.count)
        for (index, group) in groups.enumerated() {
            try Require.count(group.count, "groups[\(index)]", atLeast: 2)
            guard group.squaredDeviations > 0 else { throw .noVariance(argument: "groups[\(index)]") }
        }
        let degrees = groups.map { Double($0.count - 1) }
        let total = degrees.reduce(0, +)
        let pooled = groups.reduce(0) { $0 + $1.squaredDeviations } / total
        let k = Double(groups.count)
        let excess = zip(groups, degrees).reduce(0) { $0 - $1.1 * log($1.0.variance / pooled) }
        let correction = 1 + (degrees.reduce(0) { $0 + 1 / $1 } - 1 / total) / (3 * (k - 1))
        statistic = max(0, excess / correction)
        degreesOfFreedom = groups.count - 1
    }

    /// Compares two groups or more of raw values.
    public init(_ groups: [[Double]]) throws(StatisticsError) {
        try self.init(Groups.map(groups, Groups.summary(atLeast: 2)))
    }

    /// Compares groups of raw values that lie one after the other.
    public init(_ values: Span<Double>, sizes: [Int]) throws(StatisticsError) {
        try self.init(Groups.map(values, sizes: sizes, Groups.summary(atLeast: 2)))
    }

    /// The test's name, for a report.
    public var name: String { "Bartlett's test" }
    /// The p-value, two-sided where the test has sides.
    public var pValue: Double { ChiSquare(validated: Double(degreesOfFreedom)).survival(statistic) }
    /// The natural logarithm of the p-value.
    public var logPValue: Double { ChiSquare(validated: Double(degreesOfFreedom)).logSurvival(statistic) }
}
