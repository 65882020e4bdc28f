internal import Glibc

/// A quantile of a population, with an interval that assumes nothing and a standard error for comparisons.
public struct QuantileEstimate: Sendable {
    /// Which quantile: 0.5 is the median.
    public let probability: Double
    /// The quantile of the sample, by linear interpolation.
    public let value: Double
    /// The difference quotient of the quantile function, one over the density there.
    public let sparsity: Double
    private let sample: SortedSample
    /// The standard error of the share of units below the quantile.
    private let shareError: Double
    private let degreesOfFreedom: Double

    /// The quantile of at least two independent values.
    ///
    /// The density is found by the difference quotient of the quantiles to either side, as far apart as P. Hall and S. J. Sheather advise,
    /// "On the distribution of a studentized quantile", Journal of the Royal Statistical Society B 50 (1988),
    /// doi:10.1111/j.2517-6161.1988.tb01735.x. O(n log n).
    public init(_ values: [Double], probability: Double) throws(StatisticsError) {
        try Require.properProbability(probability, "probability")
        let sample = try SortedSample(values, "values", atLeast: 2)
        self.init(
            sample, probability, shareError: (probability * (1 - probability) / Double(values.count)).squareRoot(),
            degreesOfFreedom: .infinity)
    }

    /// The quantile of values of which those of one cluster, such as the page views of a user, depend on each other.
    ///
    /// The share below the quantile is a ratio of sums over the clusters, and errs as that does: A. Deng, U. Knoblich and J. Lu,
    /// "Applying the delta method in metric analytics", KDD (2018), doi:10.1145/3219819.3219919, section 4.
    public init(_ values: [Double], clusters: [Int], probability: Double) throws(StatisticsError) {
        try Require.properProbability(probability, "probability")
        let sample = try SortedSample(values, "values", atLeast: 2)
        let value = sample.quantile(probability)
        let share = try ClusterSums(values.map { $0 <= value ? 1 : 0 }, clusters: clusters).estimate()
        self.init(sample, probability, shareError: share.standardError, degreesOfFreedom: share.degreesOfFreedom)
    }

    private init(_ sample: SortedSample, _ probability: Double, shareError: Double, degreesOfFreedom: Double) {
        (self.sample, self.probability, self.shareError) = (sample, probability, shareError)
        self.degreesOfFreedom = degreesOfFreedom
        value = sample.quantile(probability)
        let reach = Self.bandwidth(probability, sample.values.count)
        let (low, high) = (max(0, probability - reach), min(1, probability + reach))
        sparsity = (sample.quantile(high) - sample.quantile(low)) / (high - low)
    }

    /// The least number of independent values with which the interval between order statistics has two ends: 6 for a median at 95 %, 36 for the 90 % quantile.
    ///
    /// All values lie on one side of the quantile with a probability of pⁿ or (1 - p)ⁿ, and neither may be more than a tail of the interval.
    public static func fewestValues(probability: Double, level: Double = 0.95) throws(StatisticsError) -> Int {
        try Require.properProbability(probability, "probability")
        try Require.properProbability(level, "level")
        return fewest(probability, level)
    }

    private static func fewest(_ probability: Double, _ level: Double) -> Int {
        // What is so rare that one value in 10¹⁵ is beyond it has no quantile that anybody could tell.
        Int(min(log((1 - level) / 2) / log1p(-min(probability, 1 - probability)), 1e15).rounded(.up))
    }

    /// The estimate as a comparison takes it, by the delta method with the density.
    ///
    /// Of fewer values than ``fewestValues(probability:level:)`` at 95 % the quantile may lie beyond them all, and how far is not known: there is none. Values that
    /// depend on each other count as so many as would tell as much.
    ///
    /// Whole numbers, prices and the like have no density: a quantile then lies on one step or the next, by chance, and the density of many values
    /// together says nothing of that. Where at least half of the values near it are tied, as far as it may be off by chance, its error is no less than what
    /// takes it to the further end of these. It is 0 where all of them are one.
    ///
    /// - Throws: `tooFew` for fewer values than that.
    public var estimate: Estimate {
        get throws(StatisticsError) {
            let needed = QuantileEstimate.fewest(probability, 0.95)
            let alone = probability * (1 - probability) / (shareError * shareError)
            let count = Int(min(Double(sample.values.count), alone.rounded()))
            guard count >= needed else { throw .tooFew(argument: "values", count: count, needed: needed) }
            let error = max(sparsity * shareError, tiedError)
            return Estimate(validated: value, variance: error * error, degreesOfFreedom: degreesOfFreedom)
        }
    }

    /// How far the quantile may be off where values are tied, by the order statistics between which it lies 19 times of 20, in standard errors; 0 where
    /// few are.
    private var tiedError: Double {
        let reach = -Normal.standardQuantile(0.025)
        let last = sample.values.count - 1
        let low = Int((max(0, probability - reach * shareError) * Double(last)).rounded(.down))
        let high = Int((min(1, probability + reach * shareError) * Double(last)).rounded(.up))
        let near = sample.values[low...high]
        let distinct = 1 + zip(near, near.dropFirst()).count { $0 != $1 }
        guard distinct * 2 <= near.count else { return 0 }
        return max(value - sample.values[low], sample.values[high] - value) / reach
    }

    /// The interval between order statistics that covers the quantile with at least this probability, whatever the distribution.
    ///
    /// The count of values below the quantile is binomial; each tail gets half. Where the sample is too small for such an end, it is
    /// infinite. Of values in clusters it is that of ``estimate``, and there is none where that has none. W. J. Conover, "Practical Nonparametric Statistics" (1999), section 3.2.
    public func confidenceInterval(level: Double = 0.95) throws(StatisticsError) -> ConfidenceInterval {
        try Require.properProbability(level, "level")
        guard degreesOfFreedom == .infinity else {
            return try estimate.confidenceInterval(level: level)
        }
        let n = sample.values.count
        let law = Binomial(validatedTrials: n, probability: probability)
        let tail = (1 - level) / 2
        // P(X_(r) > q) = P(K < r) ≤ tail below and P(X_(s) < q) ≤ P(K ≥ s) ≤ tail above.
        let below = try law.quantile(tail)
        let r = law.cdf(below) <= tail ? below + 1 : below
        let s = try law.inverseSurvival(tail) + 1
        return ConfidenceInterval(
            low: r >= 1 ? sample.values[r - 1] : -.infinity, high: s <= n ? sample.values[s - 1] : .infinity, level: level)
    }

    private static func bandwidth(_ p: Double, _ count: Int) -> Double {
        let z = Normal.standardQuantile(p)
        let density = NormalKernel.density(z)
        return pow(Double(count), -1 / 3.0) * pow(1.959_963_984_540_054, 2 / 3.0)
            * pow(1.5 * density * density / (2 * z * z + 1), 1 / 3.0)
    }
}

extension Estimate {
    /// A quantile as a warehouse gives it: its value and the order statistics that a normal interval for it lies between.
    ///
    /// The distance between them over that of the normal quantiles is the standard error: A. Deng, U. Knoblich and J. Lu, "Applying the
    /// delta method in metric analytics", KDD (2018), doi:10.1145/3219819.3219919, section 4.
    public init(quantile value: Double, between interval: ConfidenceInterval) throws(StatisticsError) {
        try Require.properProbability(interval.level, "level")
        try Require.finite(interval.low, "interval.low")
        try Require.finite(interval.high, "interval.high")
        guard interval.low <= interval.high else {
            throw .outOfRange(argument: "interval.low", value: interval.low, expected: "at most the upper end \(interval.high)")
        }
        let reach = -2 * Normal.standardQuantile((1 - interval.level) / 2)
        try self.init(value: value, standardError: (interval.high - interval.low) / reach)
    }
}
