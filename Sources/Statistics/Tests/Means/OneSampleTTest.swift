/// Student's t test of one sample: whether its mean is a given value.
///
/// On differences within pairs it is the paired test.
///
/// "Student", "The probable error of a mean", Biometrika 6 (1908), doi:10.1093/biomet/6.1.1.
public struct OneSampleTTest: TTest {
    /// The sample, or the differences within the pairs.
    public let sample: Summary
    /// The effect under the null hypothesis.
    public let nullValue: Double
    /// Whether the sample consists of differences.
    public let isPaired: Bool

    /// Tests the mean of a summary of at least two values.
    public init(_ sample: Summary, nullValue: Double = 0) throws(StatisticsError) {
        try self.init(sample, nullValue: nullValue, isPaired: false)
    }

    /// Tests the mean of a raw sample.
    public init(_ sample: Span<Double>, nullValue: Double = 0) throws(StatisticsError) {
        try self.init(Summary(sample, argument: "sample", atLeast: 2), nullValue: nullValue)
    }

    /// Tests the mean of a raw sample.
    public init(_ sample: [Double], nullValue: Double = 0) throws(StatisticsError) {
        try self.init(sample.span, nullValue: nullValue)
    }

    /// Tests the mean difference within pairs, first less second.
    public init(paired first: [Double], _ second: [Double], nullValue: Double = 0) throws(StatisticsError) {
        try self.init(paired: first.span, second.span, nullValue: nullValue)
    }

    /// Tests the mean difference within pairs, first less second.
    public init(paired first: Span<Double>, _ second: Span<Double>, nullValue: Double = 0) throws(StatisticsError) {
        let differences = try Require.differences(first, second, atLeast: 2)
        let summary = try Summary(differences.span, argument: "difference within pairs")
        let size = first.indices.reduce(0) { max($0, abs(first[$1]), abs(second[$1])) }
        guard !Rounding.explains(summary.squaredDeviations, of: summary.count, upTo: size) else {
            throw .noVariance(argument: "difference within pairs")
        }
        try self.init(summary, nullValue: nullValue, isPaired: true)
    }

    /// Tests the mean difference within pairs from the co-moments of the two columns.
    public init(paired pairs: CoMoments, nullValue: Double = 0) throws(StatisticsError) {
        guard pairs.columns == 2 else { throw .countMismatch(argument: "pairs", count: pairs.columns, expected: 2) }
        let spread = pairs[0, 0] + pairs[1, 1] - 2 * pairs[0, 1]
        guard !Rounding.explains(spread, leftOf: pairs[0, 0] + pairs[1, 1]) else { throw .noVariance(argument: "difference within pairs") }
        try self.init(
            Summary(mean: pairs.means[0] - pairs.means[1], squaredDeviations: spread, count: pairs.count), nullValue: nullValue,
            isPaired: true)
    }

    private init(_ sample: Summary, nullValue: Double, isPaired: Bool) throws(StatisticsError) {
        try Require.count(sample.count, isPaired ? "pairs" : "sample", atLeast: 2)
        try Require.finite(nullValue, "nullValue")
        guard sample.squaredDeviations > 0 else { throw .noVariance(argument: isPaired ? "difference within pairs" : "sample") }
        try Require.finite(sample.mean - nullValue, "difference")
        (self.sample, self.nullValue, self.isPaired) = (sample, nullValue, isPaired)
    }

    /// The test's name, for a report.
    public var name: String { isPaired ? "paired t test" : "one-sample t test" }
    /// The effect as measured.
    public var estimate: Double { sample.mean }
    /// The standard error of the estimate.
    public var standardError: Double { sample.standardError }
    /// The degrees of freedom of the reference distribution.
    public var degreesOfFreedom: Double { Double(sample.count - 1) }
}
