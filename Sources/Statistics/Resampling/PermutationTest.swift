/// A randomisation test: whether two samples differ by more than chance alone would deal out.
///
/// The assignment of units to samples is repeated; nothing is assumed of their distribution. Where all assignments are few enough they are
/// gone through one by one and the p-value is exact; else they are drawn, and the p-value is (b + 1) / (m + 1), which is valid as it is:
/// B. Phipson and G. K. Smyth, "Permutation p-values should never be zero", Statistical Applications in Genetics and Molecular Biology 9
/// (2010), doi:10.2202/1544-6115.1585.
public struct PermutationTest: DirectionalTest {
    /// A part within which units were assigned: a block of the randomisation, or a stratum.
    public struct Block: Equatable, Sendable {
        /// The values of the first sample in it.
        public let first: [Double]
        /// The values of the second sample in it.
        public let second: [Double]

        /// A block; one of its samples may be empty, then it tells nothing.
        public init(first: [Double], second: [Double]) {
            (self.first, self.second) = (first, second)
        }

        /// A block; one of its samples may be empty, then it tells nothing.
        public init(first: Span<Double>, second: Span<Double>) {
            self.init(first: [Double](copying: first), second: [Double](copying: second))
        }

        fileprivate var weight: Double { Stratification.weight(first.count, second.count) }
    }

    /// The statistic as observed; for means, the first less the second.
    public let statistic: Double
    /// Whether every assignment was gone through.
    public let isExact: Bool
    /// How many assignments were looked at.
    public let assignments: Int
    /// How many of them gave a statistic at least as great as the observed one.
    public let atLeast: Int
    /// How many of them gave a statistic at most as great as the observed one.
    public let atMost: Int

    /// Tests the difference of two means.
    ///
    /// Takes O(n) time an assignment.
    public init(_ first: Span<Double>, _ second: Span<Double>, _ plan: Resampling = .standard) throws(StatisticsError) {
        try self.init([Double](copying: first), [Double](copying: second), plan)
    }

    /// Tests the difference of two means.
    ///
    /// Takes O(n) time an assignment.
    public init(_ first: [Double], _ second: [Double], _ plan: Resampling = .standard) throws(StatisticsError) {
        try Require.count(first.count, "first", atLeast: 1)
        try Require.count(second.count, "second", atLeast: 1)
        try self.init(parts: [Block(first: first, second: second)], names: [("first", "second")], plan)
    }

    /// Tests the difference of two means where units were assigned within blocks: each block's difference counts by how much it tells, as in
    /// ``BlockedDifference``.
    public init(blocks: [Block], _ plan: Resampling = .standard) throws(StatisticsError) {
        guard !blocks.isEmpty else { throw .empty(argument: "blocks") }
        guard blocks.contains(where: { !$0.first.isEmpty && !$0.second.isEmpty }) else {
            throw .tooFew(argument: "blocks with both samples", count: 0, needed: 1)
        }
        try self.init(parts: blocks, names: blocks.indices.map { ("blocks[\($0)].first", "blocks[\($0)].second") }, plan)
    }

    /// Tests any statistic of two samples, such as a difference of medians; units are exchanged between them.
    public init(
        _ first: [Double], _ second: [Double], _ plan: Resampling = .standard, statistic: @escaping @Sendable ([Double], [Double]) -> Double
    ) throws(StatisticsError) {
        try Require.sample(first.span, "first", atLeast: 1)
        try Require.sample(second.span, "second", atLeast: 1)
        let (pooled, size) = (first + second, first.count)
        let observed = statistic(first, second)
        try Require.finite(observed, "statistic")
        let isExact = Subsets.count(pooled.count, size).map { $0 <= plan.count } ?? false
        let values =
            isExact
            ? Subsets.all(pooled.count, size).map { $0.split(pooled, statistic) }
            : plan.collect(prepare: { pooled }) { stream, shuffled, cells in
                shuffled = pooled
                stream.choose(size, &shuffled)
                cells[0] = statistic(Array(shuffled[..<size]), Array(shuffled[size...]))
            }
        try Require.finite(values.span, "statistic of assignment")
        self.init(observed, values, slack: 1e-12 * abs(observed), isExact: isExact)
    }

    private init(parts: [Block], names: [(String, String)], _ plan: Resampling) throws(StatisticsError) {
        for (part, name) in zip(parts, names) {
            try Require.finite(part.first.span, name.0)
            try Require.finite(part.second.span, name.1)
        }
        let useful = parts.filter { !$0.first.isEmpty && !$0.second.isEmpty }
        let total = useful.reduce(0) { $0 + $1.weight }
        var strata: [Stratum] = []
        for part in useful { strata.append(try Stratum(part, of: total)) }
        let scale = strata.reduce(0) { $0 + $1.scale }
        guard scale > 0 else { throw .noVariance(argument: names.count == 1 ? "first and second" : "blocks") }
        let ways = strata.reduce(Int?.some(1)) { ways, stratum in
            guard let ways, let more = Subsets.count(stratum.values.count, stratum.size) else { return nil }
            let (product, overflow) = ways.multipliedReportingOverflow(by: more)
            return overflow ? nil : product
        }
        let isExact = ways.map { $0 <= plan.count } ?? false
        let observed = strata.reduce(0) { $0 + $1.observed }
        let values: [Double]
        if isExact {
            values = strata.reduce([0]) { sums, stratum in
                let all = stratum.every()
                return sums.flatMap { sum in all.map { sum + $0 } }
            }
        } else {
            let fixed = strata
            values = plan.collect(prepare: { [Double]() }) { stream, scratch, cells in
                for stratum in fixed { cells[0] += stratum.draw(&stream, &scratch) }
            }
        }
        self.init(observed, values, slack: 1e-12 * scale, isExact: isExact)
    }

    /// Counts, taking statistics that differ by rounding alone for equal.
    private init(_ observed: Double, _ values: [Double], slack: Double, isExact: Bool) {
        statistic = observed
        self.isExact = isExact
        assignments = values.count
        atLeast = values.count { $0 >= observed - slack }
        atMost = values.count { $0 <= observed + slack }
    }

    /// The test's name, for a report.
    public var name: String { isExact ? "exact permutation test" : "permutation test" }

    /// The share of assignments that are at least as extreme; two-sided, twice the lesser tail.
    public func pValue(_ alternative: Alternative) -> Double {
        switch alternative {
        case .greater: share(atLeast)
        case .less: share(atMost)
        case .twoSided: min(1, 2 * share(min(atLeast, atMost)))
        }
    }

    /// The least p-value that so many assignments can show, however far the observed one lies out: one at it is "this or less".
    public func leastPValue(_ alternative: Alternative = .twoSided) -> Double {
        let least = 1 / Double(isExact ? assignments : assignments + 1)
        return alternative == .twoSided ? min(1, 2 * least) : least
    }

    private func share(_ count: Int) -> Double {
        isExact ? Double(count) / Double(assignments) : Double(count + 1) / Double(assignments + 1)
    }

    /// One block as its difference of means needs it: the sum of the lesser sample, whose values are deviations from the block's mean.
    private struct Stratum: Sendable {
        let values: [Double]
        let size: Int
        /// What the sum is multiplied by to give the block's part of the statistic.
        let factor: Double
        let observed: Double

        init(_ block: Block, of total: Double) throws(StatisticsError) {
            let firstIsLesser = block.first.count <= block.second.count
            let (lesser, greater) = firstIsLesser ? (block.first, block.second) : (block.second, block.first)
            let mean = try Summary(lesser + greater).mean
            values = (lesser + greater).map { $0 - mean }
            size = lesser.count
            // A block's difference is the lesser sample's deviations by (n₁ + n₀)/(n₁n₀), which is one by its weight.
            factor = (firstIsLesser ? 1 : -1) / total
            observed = values[..<size].reduce(0, +) * factor
        }

        /// The greatest that the sum's parts could add up to: what rounding is relative to.
        var scale: Double { values.reduce(0) { $0 + abs($1) } * abs(factor) }

        func draw(_ stream: inout RandomStream, _ scratch: inout [Double]) -> Double {
            scratch.removeAll(keepingCapacity: true)
            scratch.append(contentsOf: values)
            stream.choose(size, &scratch)
            return scratch[..<size].reduce(0, +) * factor
        }

        func every() -> [Double] {
            Subsets.all(values.count, size).map { subset in subset.chosen.reduce(0) { $0 + values[$1] } * factor }
        }
    }
}
