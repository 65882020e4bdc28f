/// Tukey's comparison of one pair among several means, by the studentised range: all pairs together keep the significance.
///
/// J. W. Tukey, "The problem of multiple comparisons" (1953); unequal sizes: C. Y. Kramer, Biometrics 12 (1956), doi:10.2307/3001469.
public struct TukeyTest: HypothesisTest {
    /// The first mean less the second.
    public let estimate: Double
    /// The standard error that the studentised range is measured in.
    public let standardError: Double
    private let law: StudentizedRange

    /// Compares two of several groups, counted from zero, with the variance pooled over all.
    public init(_ groups: [Summary], first: Int, second: Int) throws(StatisticsError) {
        let analysis = try AnalysisOfVariance(groups)
        for (index, argument) in [(first, "first"), (second, "second")] where !groups.indices.contains(index) {
            throw .outOfRange(argument: argument, value: Double(index), expected: "one of the \(groups.count) groups")
        }
        let variance = analysis.withinSquares / Double(analysis.degreesOfFreedom.within)
        let (a, b) = (groups[first], groups[second])
        estimate = a.difference(from: b)
        standardError = (variance / 2 * (1 / Double(a.count) + 1 / Double(b.count))).squareRoot()
        law = try StudentizedRange(groups: groups.count, degreesOfFreedom: Double(analysis.degreesOfFreedom.within))
    }

    /// Compares every pair of groups, ordered by the first, then by the second.
    public static func allPairs(_ groups: [Summary]) throws(StatisticsError) -> [TukeyTest] {
        var tests: [TukeyTest] = []
        for i in groups.indices {
            for j in groups.indices where j > i { tests.append(try TukeyTest(groups, first: i, second: j)) }
        }
        return tests
    }

    /// The test's name, for a report.
    public var name: String { "Tukey's test" }
    /// The studentised range of the two means.
    public var statistic: Double { abs(estimate) / standardError }
    /// The p-value, adjusted for all the pairs.
    public var pValue: Double { law.survival(statistic) }

    /// An interval for the difference; those of all pairs hold together at this level.
    public func confidenceInterval(level: Double = 0.95) throws(StatisticsError) -> ConfidenceInterval {
        try Require.properProbability(level, "level")
        let reach = try law.inverseSurvival(1 - level) * standardError
        return ConfidenceInterval(low: estimate - reach, high: estimate + reach, level: level)
    }
}
