/// Welch's t test: whether two means differ, without assuming equal variances.
///
/// B. L. Welch, "The generalization of 'Student's' problem when several different population variances are involved",
/// Biometrika 34 (1947), doi:10.1093/biomet/34.1-2.28; degrees of freedom by F. E. Satterthwaite, Biometrics Bulletin 2 (1946), doi:10.2307/3002019.
public struct WelchTTest: TTest {
    /// The first sample.
    public let first: Summary
    /// The second sample.
    public let second: Summary
    /// The effect under the null hypothesis.
    public let nullValue: Double
    /// The standard error of the estimate.
    public let standardError: Double
    /// The degrees of freedom of the reference distribution.
    public let degreesOfFreedom: Double

    /// Compares two summaries, each of two values or more that are not all equal in both.
    public init(_ first: Summary, _ second: Summary, nullValue: Double = 0) throws(StatisticsError) {
        try Require.count(first.count, "first", atLeast: 2)
        try Require.count(second.count, "second", atLeast: 2)
        try Require.finite(nullValue, "nullValue")
        let (a, b) = (first.variance / Double(first.count), second.variance / Double(second.count))
        guard a + b > 0 else { throw .noVariance(argument: "first and second") }
        try Require.finite(first.difference(from: second) - nullValue, "difference")
        (self.first, self.second, self.nullValue) = (first, second, nullValue)
        standardError = (a + b).squareRoot()
        // In shares, so that neither tiny nor huge variances leave the range of a double.
        let (u, v) = (a / (a + b), b / (a + b))
        degreesOfFreedom = 1 / (u * u / Double(first.count - 1) + v * v / Double(second.count - 1))
    }

    /// Compares two raw samples.
    public init(_ first: Span<Double>, _ second: Span<Double>, nullValue: Double = 0) throws(StatisticsError) {
        try self.init(
            Summary(first, argument: "first", atLeast: 2), Summary(second, argument: "second", atLeast: 2), nullValue: nullValue)
    }

    /// Compares two raw samples.
    public init(_ first: [Double], _ second: [Double], nullValue: Double = 0) throws(StatisticsError) {
        try self.init(first.span, second.span, nullValue: nullValue)
    }

    /// The test's name, for a report.
    public var name: String { "Welch's t test" }
    /// The effect as measured.
    public var estimate: Double { first.difference(from: second) }
}
