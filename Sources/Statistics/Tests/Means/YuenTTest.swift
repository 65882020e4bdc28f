/// Yuen's test of trimmed means: what is left when a share of each sample is cut off at both ends.
///
/// K. K. Yuen, "The two-sample trimmed t for unequal population variances", Biometrika 61 (1974), doi:10.1093/biomet/61.1.165.
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
    public init(_ first: [Double], _ second: [Double], trimming: Double = 0.2, nullValue: Double = 0) throws(StatisticsError) {
        try Require.finite(trimming, "trimming")
        guard trimming >= 0, trimming < 0.5 else {
            throw .outOfRange(argument: "trimming", value: trimming, expected: "a share from 0 to below 0.5")
        }
        try Require.finite(nullValue, "nullValue")
        let a = try Trimmed(first, "first", trimming)
        let b = try Trimmed(second, "second", trimming)
        let (u, v) = (a.squaredError, b.squaredError)
        guard u + v > 0 else { throw .noVariance(argument: "first and second") }
        estimate = a.mean - b.mean
        standardError = (u + v).squareRoot()
        let (s, t) = (u / (u + v), v / (u + v))
        degreesOfFreedom = 1 / (s * s / Double(a.kept - 1) + t * t / Double(b.kept - 1))
        (self.trimming, self.nullValue) = (trimming, nullValue)
    }

    /// The test's name, for a report.
    public var name: String { "Yuen's trimmed t test" }

    /// The trimmed mean of one sample and what its winsorised variance says of its precision.
    private struct Trimmed {
        let mean: Double
        let kept: Int
        let squaredError: Double

        init(_ values: [Double], _ argument: String, _ trimming: Double) throws(StatisticsError) {
            try Require.sample(values.span, argument, atLeast: 2)
            let cut = Int(trimming * Double(values.count))
            kept = values.count - 2 * cut
            try Require.count(kept, argument, atLeast: 2)
            var winsorized = values.sorted()
            mean = try Summary(Array(winsorized[cut..<(winsorized.count - cut)])).mean
            for i in 0..<cut {
                winsorized[i] = winsorized[cut]
                winsorized[winsorized.count - 1 - i] = winsorized[winsorized.count - 1 - cut]
            }
            squaredError = try Summary(winsorized).squaredDeviations / (Double(kept) * Double(kept - 1))
        }
    }
}
