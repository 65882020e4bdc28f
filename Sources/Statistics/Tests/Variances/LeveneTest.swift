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
        guard groups.count >= 2 else { throw .tooFew(argument: "groups", count: groups.count, needed: 2) }
        if case .trimmedMean(let share) = center {
            try Require.finite(share, "trimming")
            guard share >= 0, share < 0.5 else {
                throw .outOfRange(argument: "trimming", value: share, expected: "a share from 0 to below 0.5")
            }
        }
        var distances: [Summary] = []
        for (index, group) in groups.enumerated() {
            let argument = "groups[\(index)]"
            // The summary checks the values as it goes.
            let summary = try Summary(group.span, argument: argument, atLeast: 2)
            switch center {
            case .mean: distances.append(try Self.distances(group, from: summary.mean))
            case .median: distances.append(try Self.distances(group, from: Selection.median(group)))
            case .trimmedMean(let share):
                let sorted = group.sorted()
                let cut = Int(share * Double(sorted.count))
                // What is cut off has no say in the centre, but its distances count.
                distances.append(try Self.distances(group, from: Summary(Array(sorted[cut..<(sorted.count - cut)])).mean))
            }
        }
        self.center = center
        analysis = try AnalysisOfVariance(distances)
    }

    private static func distances(_ values: [Double], from center: Double) throws(StatisticsError) -> Summary {
        var summary = Summary()
        values.withUnsafeBufferPointer { values in
            // One pass over each block, about the mean distance so far: a guess that is near enough leaves nothing to cancel.
            var guess = values.prefix(64).reduce(0) { $0 + abs($1 - center) } / Double(min(64, values.count))
            for start in stride(from: 0, to: values.count, by: Lanes.block) {
                let block = UnsafeBufferPointer(rebasing: values[start..<min(start + Lanes.block, values.count)])
                let (first, second) = Lanes.distanceSums(block, from: center, minus: guess)
                let n = Double(block.count)
                summary.merge(
                    Summary(mean: guess, correction: first / n, squaredDeviations: max(0, second - first * first / n), count: block.count))
                guess = summary.mean
            }
        }
        return summary
    }

    /// The test's name, for a report.
    public var name: String { center == .median ? "Brown-Forsythe test" : "Levene's test" }
    /// The value of the test statistic.
    public var statistic: Double { analysis.statistic }
    /// The degrees of freedom between and within.
    public var degreesOfFreedom: (between: Int, within: Int) { analysis.degreesOfFreedom }
    /// The p-value, two-sided where the test has sides.
    public var pValue: Double { analysis.pValue }
}
