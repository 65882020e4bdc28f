internal import Glibc

/// Several tests at once, adjusted for how their statistics hang together: the step-down max-T method.
///
/// It rejects all that Holm's method does and more, the more the statistics are correlated. How they hang together is known (comparisons
/// with one control), or learnt from redealing units that carry all their metrics with them. P. H. Westfall and S. S. Young,
/// Resampling-Based Multiple Testing (1993), algorithms 2.5 and 4.1, ISBN 978-0471557616. Family-wise error.
public struct StepDownMaxT: Sendable {
    /// The statistics, in the order given.
    public let statistics: [Double]
    /// Which departures count.
    public let alternative: Alternative
    /// The p-value of each statistic by itself.
    public let pValues: [Double]
    /// The adjusted p-values, in the order given.
    public let adjustedPValues: [Double]
    /// Whether every assignment of the units was gone through.
    public let isExact: Bool
    private let joint: JointTail?

    /// Adjusts z or t statistics whose correlations are known, as those of comparisons with one control are.
    ///
    /// With finite degrees of freedom all statistics share one estimate of scale. Takes k tail probabilities of 16,384 points each; their
    /// relative error is about 0.1 %, in the far tail as well, and up to 0.5 % where p exceeds one half.
    public init(
        _ statistics: [Double], correlation: [[Double]], degreesOfFreedom: Double = .infinity, alternative: Alternative = .twoSided
    ) throws(StatisticsError) {
        try Require.sample(statistics.span, "statistics", atLeast: 1)
        guard correlation.count == statistics.count else {
            throw .countMismatch(argument: "correlation", count: correlation.count, expected: statistics.count)
        }
        let joint = try JointTail(correlation: correlation, degreesOfFreedom: degreesOfFreedom, twoSided: alternative == .twoSided)
        let sizes = statistics.map(alternative.size)
        let order = sizes.indices.sorted { sizes[$0] > sizes[$1] }
        var (adjusted, highest) = (statistics, 0.0)
        for (rank, index) in order.enumerated() {
            // Fewer statistics at the same threshold cannot have a larger tail.
            if rank == 0 || sizes[index] < sizes[order[rank - 1]] {
                highest = max(highest, joint.survival(sizes[index], among: order[rank...].sorted()))
            }
            adjusted[index] = highest
        }
        (self.statistics, self.alternative, adjustedPValues, self.joint) = (statistics, alternative, adjusted, joint)
        pValues = sizes.indices.map { joint.survival(sizes[$0], among: [$0]) }
        isExact = false
    }

    /// What counting reassignments found.
    init(_ statistics: [Double], _ alternative: Alternative, pValues: [Double], adjusted: [Double], isExact: Bool) {
        (self.statistics, self.alternative, self.pValues) = (statistics, alternative, pValues)
        (adjustedPValues, self.isExact, joint) = (adjusted, isExact, nil)
    }

    /// Which null hypotheses are rejected at this family-wise significance.
    public func rejections(significance: Double = 0.05) throws(StatisticsError) -> [Bool] {
        try Require.properProbability(significance, "significance")
        return adjustedPValues.map { $0 <= significance }
    }

    /// What each statistic must reach so that all intervals, estimate ± critical value times standard error, hold together; `nil` where
    /// only permutations are known.
    public func criticalValue(level: Double = 0.95) throws(StatisticsError) -> Double? {
        try Require.properProbability(level, "level")
        guard let joint else { return nil }
        let all = Array(statistics.indices)
        let goal = 1 - level
        // On the logarithm the tail is nearly a parabola.
        let excess = { (threshold: Double) in log(goal) - log(max(1e-300, joint.survival(threshold, among: all))) }
        return Root.find(between: alternative == .twoSided ? 1e-9 : -20, and: bound(goal, all.count, joint), tolerance: 1e-7, excess)
    }

    /// A threshold that is surely large enough.
    private func bound(_ goal: Double, _ count: Int, _ joint: JointTail) -> Double {
        var threshold = 1.0
        while joint.survival(threshold, among: [0]) * Double(count) > goal { threshold *= 1.5 }
        return threshold
    }
}

extension Alternative {
    /// How far a statistic lies in the direction that counts.
    func size(_ statistic: Double) -> Double {
        switch self {
        case .twoSided: abs(statistic)
        case .greater: statistic
        case .less: -statistic
        }
    }
}
