internal import Glibc

/// A test that looks at its data a few times and may stop at each, with its error probability kept over all looks together.
///
/// The bounds hold for any statistic whose increments are independent and normal, which those of means, proportions and regressions are in
/// large samples; the information fraction at a look is the share of the final information (commonly of the final sample size).
/// C. Jennison and B. W. Turnbull, Group Sequential Methods with Applications to Clinical Trials (2000), doi:10.1201/9780367805326.
public struct GroupSequentialDesign: Equatable, Sendable {
    /// One look at the data.
    public struct Look: Equatable, Sendable {
        /// The share of the final information that is in.
        public let fraction: Double
        /// The significance spent up to this look, both sides together for a two-sided test.
        public let spent: Double
        /// The z statistic at or beyond which the test stops and rejects; infinite where nothing is spent.
        public let bound: Double
        /// The two-sided or one-sided p-value that an ordinary test would have at the bound.
        public let nominalPValue: Double
    }

    /// The probability of a false alarm over all looks, both sides together for a two-sided test.
    public let significance: Double
    /// Which effects the test looks for.
    public let alternative: Alternative
    /// How the significance is spent.
    public let spending: SpendingFunction
    /// The looks in their order.
    public let looks: [Look]

    /// The bounds for looks at these information fractions, which increase and do not exceed 1.
    ///
    /// The looks need not be planned: the first bounds stay the same when looks are added. Takes O(K⋅m²) time for K looks, with m about
    /// 16 nodes for each standard deviation of the smallest increment within the bounds.
    public init(
        fractions: [Double], significance: Double = 0.05, alternative: Alternative = .twoSided, spending: SpendingFunction = .obrienFleming
    ) throws(StatisticsError) {
        try Require.properProbability(significance, "significance")
        try spending.validate()
        try Self.requireIncreasing(fractions)
        (self.significance, self.alternative, self.spending) = (significance, alternative, spending)
        let sides = alternative == .twoSided ? 2.0 : 1.0
        var paths = SequentialPaths(drift: 0)
        var (looks, before): ([Look], Double) = ([], 0)
        for (index, fraction) in fractions.enumerated() {
            let total = spending.unguarded(fraction, significance / sides)
            let bound = Self.bound(paths, at: fraction, spending: total - before)
            looks.append(
                Look(fraction: fraction, spent: sides * total, bound: bound, nominalPValue: sides * NormalKernel.cdf(-bound)))
            before = total
            guard index + 1 < fractions.count else { break }
            let low = alternative == .twoSided ? -bound : -.infinity
            paths.goOn(to: fraction, between: low, and: bound, next: fractions[index + 1])
        }
        self.looks = looks
    }

    /// The bounds for this many looks, equally spaced in information.
    public init(
        looks count: Int, significance: Double = 0.05, alternative: Alternative = .twoSided, spending: SpendingFunction = .obrienFleming
    ) throws(StatisticsError) {
        guard (1...1000).contains(count) else {
            throw .outOfRange(argument: "looks", value: Double(count), expected: "from 1 to 1000 looks")
        }
        let fractions = (1...count).map { Double($0) / Double(count) }
        try self.init(fractions: fractions, significance: significance, alternative: alternative, spending: spending)
    }

    /// The number of the first look, from 0, at which these z statistics reach the bound; `nil` while the test goes on.
    public func stop(_ statistics: [Double]) throws(StatisticsError) -> Int? {
        guard statistics.count <= looks.count else {
            throw .tooMany(argument: "statistics", count: statistics.count, limit: looks.count)
        }
        for (index, z) in statistics.enumerated() where z.isNaN { throw .notANumber(argument: "statistics", index: index) }
        return statistics.indices.first { index in
            switch alternative {
            case .twoSided: abs(statistics[index]) >= looks[index].bound
            case .greater: statistics[index] >= looks[index].bound
            case .less: -statistics[index] >= looks[index].bound
            }
        }
    }

    /// The z at which what lies above has this probability.
    private static func bound(_ paths: SequentialPaths, at fraction: Double, spending: Double) -> Double {
        guard spending > 1e-300 else { return .infinity }
        let goal = log(spending)
        // Log tails of a normal are nearly a parabola, so Newton's method on them settles in a few steps.
        var (z, low, high) = (-Normal.standardQuantile(min(0.5, spending)), -40.0, 40.0)
        for _ in 0..<100 {
            let tail = paths.above(z, at: fraction)
            if tail > spending { low = z } else { high = z }
            var next = z
            if tail > 0 {
                let slope = paths.density(z, at: fraction) / tail
                next = z + (log(tail) - goal) / slope
            }
            if !(next > low && next < high) || tail == 0 { next = 0.5 * (low + high) }
            if abs(next - z) <= 2e-15 * max(1, abs(z)) { return next }
            z = next
        }
        return z
    }

    private static func requireIncreasing(_ fractions: [Double]) throws(StatisticsError) {
        guard !fractions.isEmpty else { throw .empty(argument: "fractions") }
        var before = 0.0
        for (index, fraction) in fractions.enumerated() {
            guard !fraction.isNaN else { throw .notANumber(argument: "fractions", index: index) }
            guard fraction > before + 1e-6, fraction <= 1 else {
                throw .outOfRange(argument: "fractions[\(index)]", value: fraction, expected: "more than \(before) and at most 1")
            }
            before = fraction
        }
    }
}
