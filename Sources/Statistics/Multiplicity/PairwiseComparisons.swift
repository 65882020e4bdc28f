/// Every pair of several samples compared by the same test, the p-values adjusted together.
public struct PairwiseComparisons<Test: DirectionalTest>: Sendable {
    /// One pair.
    public struct Comparison: Sendable {
        /// The place of the first sample among those given.
        public let first: Int
        /// The place of the second sample.
        public let second: Int
        /// The test of the two.
        public let test: Test
        /// The two-sided p-value, adjusted for all the comparisons.
        public let adjustedPValue: Double
    }

    /// The pairs, ordered by the first sample, then by the second.
    public let comparisons: [Comparison]
    /// How the p-values were adjusted.
    public let adjustment: Adjustment

    /// Compares every pair of `samples`, of which there must be two or more.
    @inlinable
    public init<Sample>(
        _ samples: [Sample], adjustment: Adjustment, by test: (Sample, Sample) throws(StatisticsError) -> Test
    ) throws(StatisticsError) {
        guard samples.count >= 2 else { throw .tooFew(argument: "samples", count: samples.count, needed: 2) }
        var tests: [(Int, Int, Test)] = []
        for i in samples.indices {
            for j in samples.indices where j > i { tests.append((i, j, try test(samples[i], samples[j]))) }
        }
        try self.init(tests, adjustment)
    }

    @usableFromInline
    init(_ tests: [(Int, Int, Test)], _ adjustment: Adjustment) throws(StatisticsError) {
        let adjusted = try adjustment.adjust(tests.map { $0.2.pValue(.twoSided) })
        comparisons = zip(tests, adjusted).map { Comparison(first: $0.0, second: $0.1, test: $0.2, adjustedPValue: $1) }
        self.adjustment = adjustment
    }
}

extension PairwiseComparisons where Test: EstimatingTest {
    /// An interval for the effect of each comparison, in their order, widened as the adjustment promises.
    ///
    /// `nil` where the adjustment has no intervals: for step-wise methods, and for effects that Benjamini's methods do not select.
    public func confidenceIntervals(level: Double = 0.95) throws(StatisticsError) -> [ConfidenceInterval?] {
        let levels = try adjustment.intervalLevels(comparisons.map { $0.test.pValue(.twoSided) }, level: level)
        var intervals: [ConfidenceInterval?] = []
        for (comparison, level) in zip(comparisons, levels) {
            guard let level else {
                intervals.append(nil)
                continue
            }
            intervals.append(try comparison.test.confidenceInterval(level: level, alternative: .twoSided))
        }
        return intervals
    }
}
