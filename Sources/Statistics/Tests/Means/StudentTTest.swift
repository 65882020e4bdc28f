/// Student's t test of two samples: whether two means differ, the variances taken to be equal.
///
/// "Student", "The probable error of a mean", Biometrika 6 (1908), doi:10.1093/biomet/6.1.1.
public struct StudentTTest: TTest {
    /// The first sample.
    public let first: Summary
    /// The second sample.
    public let second: Summary
    /// The effect under the null hypothesis.
    public let nullValue: Double
    /// The standard error of the estimate.
    public let standardError: Double
    /// The variance within the samples, pooled over both.
    public let pooledVariance: Double

    /// Compares two summaries that together hold at least three values.
    public init(_ first: Summary, _ second: Summary, nullValue: Double = 0) throws(StatisticsError) {
        try Require.count(first.count, "first", atLeast: 1)
        try Require.count(second.count, "second", atLeast: first.count > 1 ? 1 : 2)
        try Require.finite(nullValue, "nullValue")
        let pooled = (first.squaredDeviations + second.squaredDeviations) / Double(first.count + second.count - 2)
        guard pooled > 0 else { throw .noVariance(argument: "first and second") }
        try Require.finite(first.difference(from: second) - nullValue, "difference")
        (self.first, self.second, self.nullValue, pooledVariance) = (first, second, nullValue, pooled)
        standardError = (pooled * (1 / Double(first.count) + 1 / Double(second.count))).squareRoot()
    }

    /// Compares two raw samples.
    public init(_ first: Span<Double>, _ second: Span<Double>, nullValue: Double = 0) throws(StatisticsError) {
        try self.init(Summary(first, argument: "first"), Summary(second, argument: "second"), nullValue: nullValue)
    }

    /// Compares two raw samples.
    public init(_ first: [Double], _ second: [Double], nullValue: Double = 0) throws(StatisticsError) {
        try self.init(first.span, second.span, nullValue: nullValue)
    }

    /// The test's name, for a report.
    public var name: String { "Student's t test" }
    /// The effect as measured.
    public var estimate: Double { first.difference(from: second) }
    /// The degrees of freedom of the reference distribution.
    public var degreesOfFreedom: Double { Double(first.count + second.count - 2) }
}
