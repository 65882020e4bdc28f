internal import Glibc

/// Units dealt again within their blocks, and what the difference of means and its variance then are.
///
/// An assignment costs the sum of the lesser samples and that of their squares.
struct Redealing: Sendable {
    /// The difference of means of an assignment and its variance, or what blocks add to them; in units of ``unit`` and its square.
    struct Deal {
        var difference = 0.0
        var variance = 0.0

        static func + (a: Deal, b: Deal) -> Deal { Deal(difference: a.difference + b.difference, variance: a.variance + b.variance) }
    }

    /// About the greatest distance of a value from its block's mean, a power of two: squares of values in it are neither too large nor too small.
    let unit: Double
    private let compositions: [Composition]
    /// The variance that stands for that of every assignment where it is known of none.
    private let common: Double?
    /// The greatest that the parts of the difference could add up to: what rounding is relative to.
    let scale: Double
    /// The units of blocks of which no variance is known, where it is known of others.
    let unitsLeftOut: Int

    /// Blocks with units of both samples.
    ///
    /// They count as in ``BlockedDifference``, and where a block has a single unit of a sample and no other is of its sizes, it is left out as there.
    init(_ blocks: [PermutationTest.Block]) throws(StatisticsError) {
        let alike = Dictionary(grouping: blocks, by: \.sizes)
        let known = blocks.filter { ($0.first.count > 1 && $0.second.count > 1) || (alike[$0.sizes]?.count ?? 0) > 1 }
        let used = known.isEmpty ? blocks : known
        let total = used.reduce(0) { $0 + $1.weight }
        var centered: [Centered] = []
        for block in used { centered.append(try Centered(block)) }
        let greatest = centered.reduce(0) { max($0, $1.greatest) }
        let unit = greatest > 0 ? Double(sign: .plus, exponent: greatest.exponent, significand: 1) : 1
        self.unit = unit
        compositions = Dictionary(grouping: centered, by: \.block.sizes)
            .sorted { $0.key.lexicographicallyPrecedes($1.key) }
            .map { Composition(strata: $0.value.map { Stratum($0, of: total, unit: unit) }) }
        let strata = compositions.flatMap(\.strata)
        common = known.isEmpty ? strata.reduce(0) { $0 + $1.varianceOfAll } : nil
        scale = strata.reduce(0) { $0 + $1.scale }
        let units = { (blocks: [PermutationTest.Block]) in blocks.reduce(0) { $0 + $1.first.count + $1.second.count } }
        unitsLeftOut = units(blocks) - units(used)
    }

    /// How many assignments there are; `nil` where an integer cannot hold it.
    var ways: Int? {
        compositions.flatMap(\.strata).reduce(Int?.some(1)) { ways, stratum in
            guard let ways, let more = Subsets.count(stratum.values.count, stratum.size) else { return nil }
            let (product, overflow) = ways.multipliedReportingOverflow(by: more)
            return overflow ? nil : product
        }
    }

    /// The assignment that there was.
    var observed: Deal { compositions.reduce(Deal()) { $0 + $1.observed } }

    /// Every assignment.
    func all() -> [Deal] {
        compositions.reduce([Deal()]) { deals, composition in
            let more = composition.all()
            return deals.flatMap { deal in more.map { deal + $0 } }
        }
    }

    /// A random assignment.
    func draw(_ stream: inout RandomStream, _ scratch: inout [Double]) -> Deal {
        var deal = Deal()
        for composition in compositions { deal = deal + composition.draw(&stream, &scratch) }
        return deal
    }

    /// What the difference is divided by; 0 where samples do not vary within.
    func standardError(_ deal: Deal) -> Double {
        let error = (common ?? deal.variance).squareRoot()
        return error > 1e-12 * scale ? error : 0
    }

    /// The difference over its standard error.
    ///
    /// Samples that do not vary within and yet differ are the most extreme there is; without a difference there is nothing to tell, whatever the error.
    /// Any statistic leaves the p-value valid, as long as it is the same for all assignments.
    func statistic(_ deal: Deal) -> Double {
        abs(deal.difference) > 1e-12 * scale ? deal.difference / standardError(deal) : 0
    }

    /// The statistics that differ from this assignment's by rounding alone.
    ///
    /// Where an error is next to nothing it has hardly a digit left, so they are told apart as t / √(1 + t²), the difference by the hypotenuse of the difference and
    /// its error: that is off by no more than the difference itself.
    func equal(to deal: Deal) -> ClosedRange<Double> {
        let (statistic, error) = (statistic(deal), standardError(deal))
        let slack = max(1e-12, 1e-12 * scale / max(hypot(deal.difference, error), .leastNormalMagnitude))
        let place = statistic.isInfinite ? (statistic > 0 ? 1 : -1) : statistic / hypot(1, statistic)
        func unfolded(_ place: Double) -> Double {
            abs(place) >= 1 ? place * .infinity : place / ((1 - place) * (1 + place)).squareRoot()
        }
        return min(statistic, unfolded(place - slack))...max(statistic, unfolded(place + slack))
    }

    /// All blocks of the same sizes.
    private struct Composition: Sendable {
        let strata: [Stratum]

        /// The sum of the blocks' differences and of their squares, and of their variances from within.
        private struct Tally {
            var sum = 0.0
            var squares = 0.0
            var variance = 0.0

            mutating func add(_ block: Deal) {
                sum += block.difference
                squares += block.difference * block.difference
                variance += block.variance
            }
        }

        private func deal(_ tally: Tally) -> Deal {
            let count = Double(strata.count)
            // One block of its sizes has none between; then its variance is not asked for.
            guard let first = strata.first, !first.isKnownFromWithin, count > 1 else {
                return Deal(difference: tally.sum, variance: tally.variance)
            }
            return Deal(difference: tally.sum, variance: count / (count - 1) * max(0, tally.squares - tally.sum * tally.sum / count))
        }

        var observed: Deal {
            var tally = Tally()
            for stratum in strata { tally.add(stratum.deal(stratum.values[..<stratum.size])) }
            return deal(tally)
        }

        func draw(_ stream: inout RandomStream, _ scratch: inout [Double]) -> Deal {
            var tally = Tally()
            for stratum in strata {
                scratch.removeAll(keepingCapacity: true)
                scratch.append(contentsOf: stratum.values)
                stream.choose(stratum.size, &scratch)
                tally.add(stratum.deal(scratch[..<stratum.size]))
            }
            return deal(tally)
        }

        func all() -> [Deal] {
            strata.reduce([Tally()]) { tallies, stratum in
                let deals = Subsets.all(stratum.values.count, stratum.size).map { subset in
                    stratum.deal(subset.chosen.map { stratum.values[$0] }[...])
                }
                return tallies.flatMap { tally in
                    deals.map { deal in
                        var tally = tally
                        tally.add(deal)
                        return tally
                    }
                }
            }.map { deal($0) }
        }
    }

    /// A block's values less their mean, those of the lesser sample first.
    private struct Centered {
        let block: PermutationTest.Block
        let values: [Double]

        init(_ block: PermutationTest.Block) throws(StatisticsError) {
            self.block = block
            let all = block.first.count <= block.second.count ? block.first + block.second : block.second + block.first
            let mean = try Summary(all).mean
            values = all.map { $0 - mean }
        }

        var greatest: Double { values.reduce(0) { max($0, abs($1)) } }
    }

    /// One block as its difference of means and its variance need it.
    private struct Stratum: Sendable {
        /// Those of the lesser sample first.
        let values: [Double]
        /// The units of the lesser sample.
        let size: Int
        /// What the lesser sample's sum is multiplied by to give the block's part of the difference.
        private let factor: Double
        /// The square of the block's share of the difference.
        private let share: Double
        private let squares: Double

        init(_ centered: Centered, of total: Double, unit: Double) {
            let (block, values) = (centered.block, centered.values.map { $0 / unit })
            self.values = values
            size = min(block.first.count, block.second.count)
            // A block's difference is the lesser sample's deviations by (n₁ + n₀)/(n₁n₀), which is one by its weight.
            factor = (block.first.count <= block.second.count ? 1 : -1) / total
            share = (block.weight / total) * (block.weight / total)
            squares = values.reduce(0) { $0 + $1 * $1 }
        }

        var isKnownFromWithin: Bool { size > 1 }

        /// The greatest that the block's part of the difference could be.
        var scale: Double { values.reduce(0) { $0 + abs($1) } * abs(factor) }

        /// The variance of the block's part of the difference over all assignments.
        var varianceOfAll: Double {
            let (m, n) = (Double(size), Double(values.count - size))
            return share * (1 / m + 1 / n) * squares / (m + n - 1)
        }

        /// The block's part of the difference, and of its variance where that is known from within, for this lesser sample.
        func deal(_ lesser: ArraySlice<Double>) -> Deal {
            let (sum, square) = lesser.withUnsafeBufferPointer { lesser in
                var (sum, square) = (0.0, 0.0)
                for value in lesser {
                    sum += value
                    square += value * value
                }
                return (sum, square)
            }
            guard isKnownFromWithin else { return Deal(difference: sum * factor) }
            let (m, n) = (Double(size), Double(values.count - size))
            let within = max(0, square - sum * sum / m) / (m - 1) / m
            let without = max(0, squares - square - sum * sum / n) / (n - 1) / n
            return Deal(difference: sum * factor, variance: share * (within + without))
        }
    }
}
