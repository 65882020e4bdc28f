/// Tests of trimmed means: what is left when a share of each sample is cut off at both ends.
///
/// Two samples: K. K. Yuen, "The two-sample trimmed t for unequal population variances", Biometrika 61 (1974), doi:10.1093/biomet/61.1.165.
/// One sample: J. W. Tukey and D. H. McLaughlin, "Less vulnerable confidence and significance procedures for location based on a single
/// sample", Sankhyā A 25 (1963).
public struct YuenTTest: TTest {
    /// The effect as measured.
    public let estimate: Double
    /// The standard error of the estimate.
    public let standardError: Double
    /// The degrees of freedom of the reference distribution.
    public let degreesOfFreedom: Double
    /// The effect under the null hypothesis.
    public let nullValue: Double
    /// The share that is cut off at each end.
    public let trimming: Double

    /// Compares two raw samples after `trimming`, a share below one half, has been cut off at each end of each.
    public init(_ first: Span<Double>, _ second: Span<Double>, trimming: Double = 0.2, nullValue: Double = 0) throws(StatisticsError) {
        try Require.trimming(trimming)
        try Require.finite(nullValue, "nullValue")
        let a = try TrimmedSample(first, "first", trimming)
        let b = try TrimmedSample(second, "second", trimming)
        let (u, v) = (a.yuenVariance, b.yuenVariance)
        guard u + v > 0 else { throw .noVariance(argument: "first and second") }
        try Require.finite(a.mean - b.mean - nullValue, "difference")
        estimate = a.mean - b.mean
        standardError = (u + v).squareRoot()
        degreesOfFreedom = Satterthwaite.degreesOfFreedom(u, Double(a.kept - 1), v, Double(b.kept - 1))
        (self.trimming, self.nullValue) = (trimming, nullValue)
    }

    /// Compares two raw samples after `trimming`, a share below one half, has been cut off at each end of each.
    public init(_ first: [Double], _ second: [Double], trimming: Double = 0.2, nullValue: Double = 0) throws(StatisticsError) {
        try self.init(first.span, second.span, trimming: trimming, nullValue: nullValue)
    }

    /// Tests the trimmed mean of one raw sample.
    public init(_ sample: Span<Double>, trimming: Double = 0.2, nullValue: Double = 0) throws(StatisticsError) {
        try self.init(sample, "sample", trimming, nullValue)
    }

    /// Tests the trimmed mean of one raw sample.
    public init(_ sample: [Double], trimming: Double = 0.2, nullValue: Double = 0) throws(StatisticsError) {
        try self.init(sample.span, trimming: trimming, nullValue: nullValue)
    }

    /// Tests the trimmed mean of the differences within pairs, first less second.
    public init(
        paired first: Span<Double>, _ second: Span<Double>, trimming: Double = 0.2, nullValue: Double = 0
    ) throws(StatisticsError) {
        let differences = try Require.differences(first, second, atLeast: 2)
        try self.init(differences.span, "difference within pairs", trimming, nullValue)
    }

    /// Tests the trimmed mean of the differences within pairs, first less second.
    public init(paired first: [Double], _ second: [Double], trimming: Double = 0.2, nullValue: Double = 0) throws(StatisticsError) {
        try self.init(paired: first.span, second.span, trimming: trimming, nullValue: nullValue)
    }

    private init(_ sample: Span<Double>, _ argument: String, _ trimming: Double, _ nullValue: Double) throws(StatisticsError) {
        try Require.trimming(trimming)
        try Require.finite(nullValue, "nullValue")
        let trimmed = try TrimmedSample(sample, argument, trimming)
        guard trimmed.tukeyVariance > 0 else { throw .noVariance(argument: argument) }
        try Require.finite(trimmed.mean - nullValue, "difference")
        (estimate, standardError) = (trimmed.mean, trimmed.tukeyVariance.squareRoot())
        degreesOfFreedom = Double(trimmed.kept - 1)
        (self.trimming, self.nullValue) = (trimming, nullValue)
    }

    /// The test's name, for a report.
    public var name: String { "Yuen's trimmed t test" }
}

extension TrimmedSample {
    /// The squared standard error of the mean as Yuen's test has it.
    fileprivate var yuenVariance: Double { winsorizedSquares / (Double(kept) * Double(kept - 1)) }

    /// The squared standard error of the mean as Tukey and McLaughlin have it.
    fileprivate var tukeyVariance: Double {
        let (n, h) = (Double(count), Double(kept))
        return winsorizedSquares / (n - 1) * n / (h * h)
    }
}
