/// A randomisation test: whether two samples differ by more than chance alone would deal out.
///
/// The assignment of units to samples is repeated. Where all assignments are few enough they are gone through one by one and the p-value is exact;
/// else they are drawn, and the p-value is (b + 1) / (m + 1), which is valid as it is: B. Phipson and G. K. Smyth, "Permutation p-values should never
/// be zero", Statistical Applications in Genetics and Molecular Biology 9 (2010), doi:10.2202/1544-6115.1585.
///
/// Means are compared by Welch's t of each assignment, and not by their difference, which alarms far too often where the lesser sample varies more.
/// The level is exact where treatment changes nothing for anybody, and holds in large samples where no more than the means are alike: A. Janssen,
/// "Studentized permutation tests for non-i.i.d. hypotheses and the generalized Behrens-Fisher problem", Statistics & Probability Letters 36 (1997),
/// doi:10.1016/S0167-7152(97)00043-6; E. Chung and J. P. Romano, "Exact and asymptotically robust permutation tests", Annals of Statistics 41 (2013),
/// doi:10.1214/13-AOS1090.
public struct PermutationTest: EstimatingTest {
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

        var weight: Double { Stratification.weight(first.count, second.count) }
        var sizes: [Int] { [first.count, second.count] }
    }

    /// The first mean less the second, within blocks by how much each tells; a statistic of one's own as observed.
    public let estimate: Double
    /// What is held against other assignments: the estimate over its standard error, infinite where nothing varies within; or a statistic of one's own.
    ///
    /// The standard error is Welch's, within blocks that of ``BlockedDifference``. Where a sample of one unit leaves it unknown, it is that of all
    /// assignments together.
    public let statistic: Double
    /// The units of blocks of which no variance is known; they are left out where it is known of others.
    public let unitsLeftOut: Int
    /// Whether every assignment was gone through.
    public let isExact: Bool
    /// How many assignments were looked at.
    public let assignments: Int
    /// How many of them gave a statistic at least as great as the observed one.
    public let atLeast: Int
    /// How many of them gave a statistic at most as great as the observed one.
    public let atMost: Int
    /// The statistics of the assignments looked at but for the observed one, ascending.
    private let statistics: [Double]
    /// Statistics that differ from the observed one by rounding alone.
    private let equal: ClosedRange<Double>
    /// What the estimate is divided by.
    private let standardError: Double

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
        let slack = 1e-12 * abs(observed)
        self.init(
            observed, statistic: observed, standardError: 1, values, equal: (observed - slack)...(observed + slack), isExact: isExact)
    }

    private init(parts: [Block], names: [(String, String)], _ plan: Resampling) throws(StatisticsError) {
        for (part, name) in zip(parts, names) {
            try Require.finite(part.first.span, name.0)
            try Require.finite(part.second.span, name.1)
        }
        let dealing = try Redealing(parts.filter { !$0.first.isEmpty && !$0.second.isEmpty })
        guard dealing.scale > 0 else { throw .noVariance(argument: names.count == 1 ? "first and second" : "blocks") }
        let isExact = dealing.ways.map { $0 <= plan.count } ?? false
        let values =
            isExact
            ? dealing.all().map(dealing.statistic)
            : plan.collect(prepare: { [Double]() }) { stream, scratch, cells in
                cells[0] = dealing.statistic(dealing.draw(&stream, &scratch))
            }
        let observed = dealing.observed
        self.init(
            observed.difference * dealing.unit, statistic: dealing.statistic(observed),
            standardError: dealing.standardError(observed) * dealing.unit, values, equal: dealing.equal(to: observed),
            unitsLeftOut: dealing.unitsLeftOut, isExact: isExact)
    }

    /// Counts, taking statistics that differ by rounding alone for equal.
    private init(
        _ estimate: Double, statistic: Double, standardError: Double, _ values: [Double], equal: ClosedRange<Double>,
        unitsLeftOut: Int = 0, isExact: Bool
    ) {
        (self.estimate, self.statistic, self.standardError) = (estimate, statistic, standardError)
        (self.equal, self.unitsLeftOut, self.isExact) = (equal, unitsLeftOut, isExact)
        var others = values.sorted()
        if isExact, let observed = others.firstIndex(where: equal.contains) { others.remove(at: observed) }
        statistics = others
        assignments = values.count
        atLeast = values.count { $0 >= equal.lowerBound }
        atMost = values.count { $0 <= equal.upperBound }
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

    /// The estimate less the statistics of assignments times its standard error: it leaves out zero exactly where p is below 1 - `level`.
    ///
    /// As Student's interval with the assignments' own quantiles, so it is not symmetric where these are not; open where there are too few assignments for
    /// its level. Of a statistic of one's own it holds if that is a difference, whose spread is the same wherever it lies. K. Neubert and E. Brunner,
    /// "A studentized permutation test for the non-parametric Behrens-Fisher problem", Computational Statistics & Data Analysis 51 (2007),
    /// doi:10.1016/j.csda.2006.05.024.
    public func confidenceInterval(level: Double, alternative: Alternative) throws(StatisticsError) -> ConfidenceInterval {
        try Require.properProbability(level, "level")
        let tail = alternative == .twoSided ? (1 - level) / 2 : 1 - level
        // So many others must be as extreme for p not to be below 1 - level; a hair less, for what a level and its rest are off by rounding.
        let count = Int((tail * (1 - 1e-12) * Double(statistics.count + 1)).rounded(.up)) - 1
        let (last, isOpen) = (statistics.count - 1, count < 1)
        return ConfidenceInterval(
            low: alternative == .less || isOpen ? -.infinity : end(statistics[last + 1 - count]),
            high: alternative == .greater || isOpen ? .infinity : end(statistics[count - 1]), level: level)
    }

    /// The effect at which the statistic would be this.
    private func end(_ statistic: Double) -> Double {
        if statistic.isInfinite { return -statistic }
        return equal.contains(statistic) ? 0 : estimate - statistic * standardError
    }

    private func share(_ count: Int) -> Double {
        isExact ? Double(count) / Double(assignments) : Double(count + 1) / Double(assignments + 1)
    }
}
