/// Levene's test: whether several samples vary equally, by an analysis of variance of the distances from their centres.
///
/// H. Levene, in "Contributions to Probability and Statistics" (1960); about medians: M. B. Brown and A. B. Forsythe, JASA 69 (1974), doi:10.1080/01621459.1974.10482955.
public struct LeveneTest: HypothesisTest {
    /// What distances are measured from.
    public enum Center: Equatable, Sendable {
        /// The mean: Levene's test.
        case mean
        /// The median: the Brown-Forsythe test, for skewed data.
        case median
        /// The mean of what is left when this share is cut off at each end.
        case trimmedMean(Double)
    }

    /// What distances were measured from.
    public let center: Center
    private let analysis: AnalysisOfVariance

    /// Compares the spread of two groups or more of raw values.
    public init(_ groups: [[Double]], center: Center = .median) throws(StatisticsError) {
        try center.validate()
        self.center = center
        analysis = try AnalysisOfVariance(Groups.map(groups, center.distances))
    }

    /// Compares the spread of groups of raw values that lie one after the other.
    public init(_ values: Span<Double>, sizes: [Int], center: Center = .median) throws(StatisticsError) {
        try center.validate()
        self.center = center
        analysis = try AnalysisOfVariance(Groups.map(values, sizes: sizes, center.distances))
    }

    /// The test's name, for a report.
    public var name: String { center == .median ? "Brown-Forsythe test" : "Levene's test" }
    /// The value of the test statistic.
    public var statistic: Double { analysis.statistic }
    /// The degrees of freedom between and within.
    public var degreesOfFreedom: (between: Int, within: Int) { analysis.degreesOfFreedom }
    /// The p-value, two-sided where the test has sides.
    public var pValue: Double { analysis.pValue }
    /// The natural logarithm of the p-value.
    public var logPValue: Double { analysis.logPValue }
}

extension LeveneTest.Center {
    func validate() throws(StatisticsError) {
        if case .trimmedMean(let share) = self { try Require.trimming(share) }
    }

    /// The summary of the distances of a group's values from its centre.
    func distances(_ values: Span<Double>, _ name: String) throws(StatisticsError) -> Summary {
        try Require.count(values.count, name, atLeast: 2)
        switch self {
        case .mean:
            return try Summary(distancesOf: values, from: Self.mean(values), name)
        case .median:
            // A value that is not a number has no order, so the values are looked at first.
            try Require.finite(values, name)
            return try Summary(distancesOf: values, from: Selection.median(values), name)
        case .trimmedMean(let share):
            try Require.finite(values, name)
            // What is cut off has no say in the centre, but its distances count.
            return try Summary(distancesOf: values, from: TrimmedSample(values, share).mean, name)
        }
    }

    /// The mean in one pass: about a value of the sample itself, so that a large common part costs no digits.
    private static func mean(_ values: Span<Double>) -> Double {
        values.withUnsafeBufferPointer { $0[0] + Lanes.sum($0, minus: $0[0]) / Double($0.count) }
    }
}

extension Summary {
    /// The summary of |x - center| in one pass.
    fileprivate init(distancesOf values: Span<Double>, from center: Double, _ name: String) throws(StatisticsError) {
        self.init()
        values.withUnsafeBufferPointer { values in
            for start in stride(from: 0, to: values.count, by: Lanes.block) {
                let block = UnsafeBufferPointer(rebasing: values[start..<min(start + Lanes.block, values.count)])
                let (first, second) = Lanes.distanceSums(block, from: center)
                let n = Double(block.count)
                let mean = first / n
                var squaredDeviations = second - first * mean
                // Distances that are nearly alike cancel here, such as those of a coin's 0 and 1, so they are taken about their own mean.
                if squaredDeviations < 0.05 * second {
                    squaredDeviations = block.reduce(0) { sum, x in
                        let deviation = abs(x - center) - mean
                        return sum + deviation * deviation
                    }
                }
                merge(Summary(mean: mean, squaredDeviations: squaredDeviations, count: block.count))
            }
        }
        try requireFinite(values, name)
        // Two values are equally far from their middle, but for rounding.
        if Rounding.explains(squaredDeviations, of: count, upTo: abs(center) + mean) {
            self = Summary(mean: mean, squaredDeviations: 0, count: count)
        }
    }
}
