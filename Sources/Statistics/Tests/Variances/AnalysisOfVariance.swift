/// One-way analysis of variance: whether several means are equal, the variances taken to be equal.
///
/// R. A. Fisher, "Statistical Methods for Research Workers" (1925). The groups come raw or as summaries.
public struct AnalysisOfVariance: HypothesisTest {
    /// The sum of squares between the groups.
    public let betweenSquares: Double
    /// The sum of squares within the groups.
    public let withinSquares: Double
    /// The degrees of freedom between and within.
    public let degreesOfFreedom: (between: Int, within: Int)

    /// Compares the summaries of two groups or more.
    public init(_ groups: [Summary]) throws(StatisticsError) {
        try Groups.require(groups.count)
        for (index, group) in groups.enumerated() { try Require.count(group.count, "groups[\(index)]", atLeast: 1) }
        var whole = Summary()
        for group in groups { whole.merge(group) }
        guard whole.count > groups.count else { throw .tooFew(argument: "groups", count: whole.count, needed: groups.count + 1) }
        withinSquares = groups.reduce(0) { $0 + $1.squaredDeviations }
        guard withinSquares > 0 else { throw .noVariance(argument: "groups") }
        betweenSquares = groups.reduce(0) { sum, group in
            let deviation = group.difference(from: whole)
            return sum + Double(group.count) * deviation * deviation
        }
        guard betweenSquares.isFinite, withinSquares.isFinite else {
            throw .outOfRange(argument: "groups", value: whole.mean, expected: "values whose squares can be added")
        }
        degreesOfFreedom = (groups.count - 1, whole.count - groups.count)
    }

    /// Compares two groups or more of raw values.
    public init(_ groups: [[Double]]) throws(StatisticsError) {
        try self.init(Groups.map(groups, Groups.summary(atLeast: 1)))
    }

    /// Compares groups of raw values that lie one after the other.
    public init(_ values: Span<Double>, sizes: [Int]) throws(StatisticsError) {
        try self.init(Groups.map(values, sizes: sizes, Groups.summary(atLeast: 1)))
    }

    /// The test's name, for a report.
    public var name: String { "one-way analysis of variance" }

    /// The F statistic.
    public var statistic: Double {
        betweenSquares / Double(degreesOfFreedom.between) / (withinSquares / Double(degreesOfFreedom.within))
    }

    /// The p-value, two-sided where the test has sides.
    public var pValue: Double { law.survival(statistic) }
    /// The natural logarithm of the p-value.
    public var logPValue: Double { law.logSurvival(statistic) }

    private var law: FisherF {
        FisherF(validatedNumerator: Double(degreesOfFreedom.between), denominator: Double(degreesOfFreedom.within))
    }

    /// The share of the variance that lies between the groups: η².
    public var etaSquared: Double { betweenSquares / (betweenSquares + withinSquares) }

    /// η² with its bias taken out: ω².
    public var omegaSquared: Double {
        let within = withinSquares / Double(degreesOfFreedom.within)
        return max(0, (betweenSquares - Double(degreesOfFreedom.between) * within) / (betweenSquares + withinSquares + within))
    }
}
