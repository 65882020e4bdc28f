package import Randomization

/// Variants with their weights: who may get what, and how often.
package struct Allocation: Hashable, Sendable {
    /// The variants, in the order they were given.
    package let variants: [Variant]
    /// The weights as the least whole numbers in the same proportion; their sum is the size of a block.
    package let shares: WholeShares

    /// How many variants an experiment may have.
    package static let variantCounts = 2...100
    /// The largest block that weights may need: five digits of a percentage's fraction.
    package static let largestBlock: UInt64 = 100_000

    /// Checks the variants and makes their weights whole.
    package init(_ variants: [Variant]) throws(ExperimentError) {
        guard Allocation.variantCounts.contains(variants.count) else { throw .variantCount(variants.count) }
        var seen: Set<String> = []
        for (index, variant) in variants.enumerated() {
            guard variant.hasValidValue else { throw .invalidValue(index: index) }
            guard seen.insert(variant.value).inserted else { throw .duplicateValue(variant.value) }
        }
        do {
            shares = try WholeShares(weights: variants.map(\.weight), limit: Allocation.largestBlock)
        } catch {
            switch error {
            case .empty: throw .variantCount(0)
            case .notPositive(let index): throw .invalidWeight(value: variants[index].value, weight: variants[index].weight)
            case .tooFine(let needed, let limit): throw .weightsTooFine(blockSize: needed, limit: limit)
            }
        }
        self.variants = variants
    }

    /// The number of devices after which the proportions are exact.
    package var blockSize: UInt64 { shares.total }

    /// The intended share of the variant at an index, from 0 to 1.
    package func share(of index: Int) -> Double { Double(shares.counts[index]) / Double(blockSize) }

    /// The intended share in percent: divided last, so that it is the same number as the percentage of counts that are exact.
    package func percent(of index: Int) -> Double { 100 * Double(shares.counts[index]) / Double(blockSize) }
}

extension Allocation: Codable {
    /// Reads a list of variants and checks it.
    package init(from decoder: any Decoder) throws {
        try self.init(decoder.singleValueContainer().decode([Variant].self))
    }

    /// Writes the list of variants.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(variants)
    }
}
