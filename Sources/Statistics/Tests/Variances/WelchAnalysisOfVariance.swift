/// Welch's analysis of variance: whether several means are equal, without assuming equal variances.
///
/// B. L. Welch, "On the comparison of several mean values", Biometrika 38 (1951), doi:10.1093/biomet/38.3-4.330.
public struct WelchAnalysisOfVariance: HypothesisTest {
    /// The value of the test statistic.
    public let statistic: Double
    /// The degrees of freedom of the reference distribution.
    public let degreesOfFreedom: (between: Double, within: Double)

    /// Compares the summaries of two groups or more, each of two values or more that vary.
    public init(_ groups: [Summary]) throws(StatisticsError) {
        try Groups.require(groups.count)
        for (index, group) in groups.enumerated() {
            try Require.count(group.count, "groups[\(index)]", atLeast: 2)
            guard group.squaredDeviations > 0 else { throw .noVariance(argument: "groups[\(index)]") }
        }
        let weights = groups.map { Double($0.count) / $0.variance }
        let total = weights.reduce(0, +)
        let deviations = groups.map { $0.difference(from: groups[0]) }
        let center = zip(weights, deviations).reduce(0) { $0 + $1.0 * $1.1 } / total
        let k = Double(groups.count)
        let between = zip(weights, deviations).reduce(0) { $0 + $1.0 * ($1.1 - center) * ($1.1 - center) } / (k - 1)
        let spread = zip(weights, groups).reduce(0) { sum, pair in
            let rest = 1 - pair.0 / total
            return sum + rest * rest / Double(pair.1.count - 1)
        }
        statistic = between / (1 + 2 * (k - 2) / (k * k - 1) * spread)
        degreesOfFreedom = (k - 1, (k * k - 1) / (3 * spread))
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
    public var name: String { "Welch's analysis of variance" }

    /// The p-value, two-sided where the test has sides.
    public var pValue: Double { law.survival(statistic) }
    /// The natural logarithm of the p-value.
    public var logPValue: Double { law.logSurvival(statistic) }

    private var law: FisherF { FisherF(validatedNumerator: degreesOfFreedom.between, denominator: degreesOfFreedom.within) }
}
