/// An experiment of several arms, planned so that every comparison that will be made has the power asked for.
public struct ArmsDesign<Analysis: PowerAnalysis>: Sendable {
    /// Which arms are compared.
    public enum Comparisons: String, Sendable, CaseIterable {
        /// Every pair: k (k - 1) / 2 of them.
        case allPairs = "all-pairs"
        /// Each other arm with the first: k - 1 of them.
        case withControl = "with-control"
    }

    /// The comparison of two arms; its significance is the experiment's as a whole.
    public let analysis: Analysis
    /// The relative sizes of the arms, the control first.
    public let weights: [Double]
    /// Which arms are compared.
    public let comparisons: Comparisons
    /// How the significance is shared out among the comparisons.
    ///
    /// Methods that go step by step (Holm, Hochberg, …) are planned by Bonferroni's bound, which they never fall below.
    public let adjustment: Adjustment

    /// A design with arms of these relative sizes, two or more, each positive.
    public init(
        _ analysis: Analysis, weights: [Double], comparisons: Comparisons = .allPairs, adjustment: Adjustment = .bonferroni
    ) throws(StatisticsError) {
        guard weights.count >= 2 else { throw .tooFew(argument: "weights", count: weights.count, needed: 2) }
        for (index, weight) in weights.enumerated() { try Require.positive(weight, "weights[\(index)]") }
        (self.analysis, self.weights, self.comparisons, self.adjustment) = (analysis, weights, comparisons, adjustment)
    }

    /// A design with arms of equal size.
    public init(
        _ analysis: Analysis, arms: Int, comparisons: Comparisons = .allPairs, adjustment: Adjustment = .bonferroni
    ) throws(StatisticsError) {
        guard arms >= 2 else { throw .outOfRange(argument: "arms", value: Double(arms), expected: "at least 2 arms") }
        try self.init(analysis, weights: Array(repeating: 1, count: arms), comparisons: comparisons, adjustment: adjustment)
    }

    /// The pairs of arms that are compared.
    public var pairs: [(first: Int, second: Int)] {
        let firsts = comparisons == .withControl ? 0..<1 : weights.indices
        return firsts.flatMap { first in weights.indices.filter { $0 > first }.map { (first, $0) } }
    }

    /// How many pairs are compared.
    public var count: Int { comparisons == .withControl ? weights.count - 1 : weights.count * (weights.count - 1) / 2 }

    /// The sizes of the arms that are compared, each combination once: arms of equal size are alike.
    private var sizePairs: [SizePair] {
        var seen = Set<SizePair>()
        return pairs.compactMap { pair in
            let sizes = SizePair(first: weights[pair.first], second: weights[pair.second])
            return seen.insert(sizes).inserted ? sizes : nil
        }
    }

    private struct SizePair: Hashable {
        let first: Double
        let second: Double
    }

    /// The significance of each comparison.
    public var significance: Double {
        adjustment.significance(alpha: analysis.significance, comparisons: count) ?? analysis.significance / Double(count)
    }

    /// The least sizes at which every comparison finds this effect with this probability.
    public func sizes(effect: Double, power: Double) throws(StatisticsError) -> ArmSizes {
        var scale = 0.0
        for pair in sizePairs {
            let size = try comparison(pair).size(effect: effect, power: power)
            scale = max(scale, size / pair.first)
        }
        return ArmSizes(sizes: weights.map { $0 * scale })
    }

    /// The probability that the least powerful comparison finds this effect among `total` units in all arms.
    public func power(effect: Double, total: Double) throws(StatisticsError) -> Double {
        try Require.positive(total, "total")
        let all = weights.reduce(0, +)
        var least = 1.0
        for pair in sizePairs {
            least = min(least, try comparison(pair).power(effect: effect, size: total * (pair.first / all)))
        }
        return least
    }

    /// The least effect that every comparison finds with this probability among `total` units in all arms.
    public func detectableEffect(total: Double, power: Double) throws(StatisticsError) -> Double {
        try Require.positive(total, "total")
        let all = weights.reduce(0, +)
        var largest = 0.0
        for pair in sizePairs {
            let effect = try comparison(pair).detectableEffect(size: total * (pair.first / all), power: power)
            if abs(effect) > abs(largest) { largest = effect }
        }
        return largest
    }

    private func comparison(_ pair: SizePair) throws(StatisticsError) -> Analysis {
        try analysis.with(significance: significance, ratio: pair.second / pair.first)
    }
}

/// How many units each arm needs; the numbers are not rounded.
public struct ArmSizes: Equatable, Sendable {
    /// The units of each arm.
    public let sizes: [Double]

    init(sizes: [Double]) { self.sizes = sizes }

    /// The units of all arms together.
    public var total: Double { sizes.reduce(0, +) }

    /// The days until all arms are full.
    public func days(at traffic: Traffic) -> Double { total / (traffic.perDay * traffic.share) }

    /// The sizes times a factor, such as what looking at the data several times costs.
    public func inflated(by factor: Double) throws(StatisticsError) -> ArmSizes {
        try Require.positive(factor, "factor")
        return ArmSizes(sizes: sizes.map { $0 * factor })
    }
}
