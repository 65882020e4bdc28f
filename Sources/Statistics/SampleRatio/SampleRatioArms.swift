/// Counts of units against the weights that they were dealt out by.
///
/// An arm of weight zero takes no part in the comparison, as no expectation exists for it; units found there are counted by themselves.
struct SampleRatioArms: Equatable, Sendable {
    /// The counts of the arms with a weight.
    let counts: [Int]
    /// Their shares, which sum to one.
    let shares: [Double]
    /// The units in arms without a weight.
    let unexpected: Int

    init(_ counts: [Int], weights: [Double]) throws(StatisticsError) {
        try Require.count(weights.count, "weights", atLeast: 2)
        guard counts.count == weights.count else {
            throw .countMismatch(argument: "counts", count: counts.count, expected: weights.count)
        }
        for (index, count) in counts.enumerated() { try Require.nonNegative(count, "counts[\(index)]") }
        try Require.countable(counts.reduce(0) { $0 + Double($1) }, "counts")
        for (index, weight) in weights.enumerated() { try Require.nonNegative(weight, "weights[\(index)]") }
        let total = weights.reduce(0, +)
        try Require.positive(total, "weights.sum")
        let used = weights.indices.filter { weights[$0] > 0 }
        self.counts = used.map { counts[$0] }
        shares = used.map { weights[$0] / total }
        unexpected = counts.reduce(0, +) - self.counts.reduce(0, +)
    }

    var total: Int { counts.reduce(0, +) }
}
