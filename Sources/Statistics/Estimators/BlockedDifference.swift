/// The difference of two means where units were assigned within blocks, with the variance that the assignment within blocks leaves.
///
/// Each block is an experiment of its own, and their differences count by n₁n₀/(n₁ + n₀), as those of ``Stratification`` do: blocks of one
/// composition count alike, and together they are then the very difference that is told of all their units within strata. Where both
/// samples have at least two units in a block, its variance is Neyman's, from within; where not, blocks of the same composition are held
/// against each other. Both are at least the true variance on average, whatever the blocks are like. N. E. Pashley and L. W. Miratrix,
/// "Insights on variance estimation for blocked and matched pairs designs", Journal of Educational and Behavioral Statistics 46 (2021),
/// doi:10.3102/1076998620946272.
public struct BlockedDifference: TTest, Equatable {
    /// All blocks that hold the same numbers of units of the two samples.
    public struct Composition: Equatable, Sendable {
        /// The units of the first sample in each block.
        public let first: Int
        /// The units of the second sample in each block.
        public let second: Int
        /// How many blocks there are.
        public let blocks: Int
        /// The mean over blocks of the difference of the samples' means, the first less the second.
        public let difference: Double
        /// The variance between blocks of these differences, with `blocks` - 1 below the line; 0 for one block.
        public let varianceBetween: Double
        /// The mean over blocks of s²/n of the first sample; nothing is read from it where a sample has one unit.
        public let varianceOfFirst: Double
        /// The same of the second sample.
        public let varianceOfSecond: Double

        /// Blocks of one composition from their sufficient statistics.
        public init(
            first: Int, second: Int, blocks: Int, difference: Double, varianceBetween: Double, varianceOfFirst: Double,
            varianceOfSecond: Double
        ) {
            (self.first, self.second, self.blocks) = (first, second, blocks)
            (self.difference, self.varianceBetween) = (difference, varianceBetween)
            (self.varianceOfFirst, self.varianceOfSecond) = (varianceOfFirst, varianceOfSecond)
        }

        fileprivate var units: Int { blocks * (first + second) }
        /// How much these blocks tell of the difference.
        fileprivate var weight: Double { Double(blocks) * Stratification.weight(first, second) }
        fileprivate var isKnownFromWithin: Bool { first > 1 && second > 1 }
    }

    /// The first mean less the second, each block's by how much it tells.
    public let estimate: Double
    /// The standard error of the estimate.
    public let standardError: Double
    /// The degrees of freedom of the standard error, after Satterthwaite.
    public let degreesOfFreedom: Double
    /// The difference under the null hypothesis.
    public let nullValue: Double
    /// The blocks that were compared.
    public let blocks: Int
    /// The units in them.
    public let units: Int
    /// The units of the only block of its composition with a single unit of a sample, of which no variance is known.
    public let unitsLeftOut: Int

    /// Puts blocks together; those with no unit of a sample tell nothing and are not given.
    public init(_ compositions: [Composition], nullValue: Double = 0) throws(StatisticsError) {
        try Require.finite(nullValue, "nullValue")
        for (index, part) in compositions.enumerated() {
            try Require.positive(part.first, "compositions[\(index)].first")
            try Require.positive(part.second, "compositions[\(index)].second")
            try Require.positive(part.blocks, "compositions[\(index)].blocks")
            try Require.finite(part.difference, "compositions[\(index)].difference")
            try Require.nonNegative(part.varianceBetween, "compositions[\(index)].varianceBetween")
            try Require.nonNegative(part.varianceOfFirst, "compositions[\(index)].varianceOfFirst")
            try Require.nonNegative(part.varianceOfSecond, "compositions[\(index)].varianceOfSecond")
        }
        let used = compositions.filter { $0.isKnownFromWithin || $0.blocks > 1 }
        let total = used.reduce(0) { $0 + $1.weight }
        guard total > 0 else { throw .tooFew(argument: "blocks of one composition", count: compositions.isEmpty ? 0 : 1, needed: 2) }
        // Of a sample with few units in each block its part of the variance is known by these alone, however many the other has.
        let parts = used.flatMap { part -> [(variance: Double, freedom: Double)] in
            let (share, count) = (part.weight / total, Double(part.blocks))
            func known(_ variance: Double, _ freedom: Double) -> (variance: Double, freedom: Double) {
                (share * share * variance / count, freedom)
            }
            return part.isKnownFromWithin
                ? [
                    known(part.varianceOfFirst, count * Double(part.first - 1)),
                    known(part.varianceOfSecond, count * Double(part.second - 1)),
                ] : [known(part.varianceBetween, count - 1)]
        }
        let variance = parts.reduce(0) { $0 + $1.variance }
        guard variance > 0 else { throw .noVariance(argument: "blocks") }
        estimate = used.reduce(0) { $0 + $1.weight / total * $1.difference }
        standardError = variance.squareRoot()
        degreesOfFreedom = Satterthwaite.degreesOfFreedom(parts)
        self.nullValue = nullValue
        blocks = used.reduce(0) { $0 + $1.blocks }
        units = used.reduce(0) { $0 + $1.units }
        unitsLeftOut = compositions.reduce(0) { $0 + $1.units } - units
    }

    /// Puts blocks of raw values together; those without units of a sample tell nothing.
    public init(blocks: [PermutationTest.Block], nullValue: Double = 0) throws(StatisticsError) {
        var found: [[Int]: [(difference: Double, first: Double, second: Double)]] = [:]
        for block in blocks where !block.first.isEmpty && !block.second.isEmpty {
            let (a, b) = (try Summary(block.first), try Summary(block.second))
            found[[a.count, b.count], default: []].append(
                (a.mean - b.mean, a.variance / Double(a.count), b.variance / Double(b.count)))
        }
        var compositions: [Composition] = []
        for (sizes, parts) in found.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            let between = try Summary(parts.map(\.difference))
            compositions.append(
                Composition(
                    first: sizes[0], second: sizes[1], blocks: parts.count, difference: between.mean,
                    varianceBetween: parts.count > 1 ? between.variance : 0,
                    varianceOfFirst: parts.reduce(0) { $0 + $1.first } / Double(parts.count),
                    varianceOfSecond: parts.reduce(0) { $0 + $1.second } / Double(parts.count)))
        }
        try self.init(compositions, nullValue: nullValue)
    }

    /// The test's name, for a report.
    public var name: String { "difference within blocks" }

    /// How much longer an experiment without blocks would have to run to know as much: the share by which its variance is greater.
    ///
    /// Below zero where blocks made the estimate less sure, as they can by chance.
    public func gain(over variance: Double) -> Double { variance / (standardError * standardError) - 1 }
}
