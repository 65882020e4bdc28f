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
        guard groups.count >= 2 else { throw .tooFew(argument: "groups", count: groups.count, needed: 2) }
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
        degreesOfFreedom = (groups.count - 1, whole.count - groups.count)
    }

    /// Compares two groups or more of raw values.
    public init(_ groups: [[Double]]) throws(StatisticsError) {
        try self.init(Self.summaries(groups, atLeast: 1))
    }

    static func summaries(_ groups: [[Double]], atLeast needed: Int) throws(StatisticsError) -> [Summary] {
        var summaries: [Summary] = []
        for (index, group) in groups.enumerated() {
            summaries.append(try Summary(group.span, argument: "groups[\(index)]", atLeast: needed))
        }
        return summaries
    }

    /// The test's name, for a report.
    public var name: String { "one-way analysis of variance" }

    /// The F statistic.
    public var statistic: Double {
        betweenSquares / Double(degreesOfFreedom.between) / (withinSquares / Double(degreesOfFreedom.within))
    }

    /// The p-value, two-sided where the test has sides.
    public var pValue: Double {
        FisherF(validatedNumerator: Double(degreesOfFreedom.between), denominator: Double(degreesOfFreedom.within)).survival(statistic)
    }

    /// The share of the variance that lies between the groups: η².
    public var etaSquared: Double { betweenSquares / (betweenSquares + withinSquares) }

    /// η² with its bias taken out: ω².
    public var omegaSquared: Double {
        let within = withinSquares / Double(degreesOfFreedom.within)
        return max(0, (betweenSquares - Double(degreesOfFreedom.between) * within) / (betweenSquares + withinSquares + within))
    }
}
