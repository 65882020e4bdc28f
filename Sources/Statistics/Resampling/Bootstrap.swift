internal import Glibc

/// The bootstrap: how an estimate would vary from sample to sample, learnt by drawing samples from the sample.
///
/// B. Efron, "Bootstrap methods: another look at the jackknife", Annals of Statistics 7 (1979), doi:10.1214/aos/1176344552. Resamples of
/// means, ratios and quantiles are not approximated: they have exactly the distribution of drawing every unit.
public struct Bootstrap: Estimating {
    /// How an interval is read off the replicates.
    ///
    /// A. C. Davison and D. V. Hinkley, "Bootstrap Methods and their Application" (1997), chapter 5, doi:10.1017/CBO9780511802843.
    public enum Method: String, Sendable, CaseIterable {
        /// Between quantiles of the replicates.
        case percentile
        /// Those quantiles mirrored at the estimate.
        case basic
        /// Corrected for bias and for a variance that moves with the estimate: B. Efron, "Better bootstrap confidence intervals",
        /// Journal of the American Statistical Association 82 (1987), doi:10.1080/01621459.1987.10478410.
        case bca
        /// From replicates each divided by a standard error of its own: the most exact for means.
        case studentized
    }

    /// What a statistic says of a resample.
    public struct Replicate: Equatable, Sendable {
        /// The statistic.
        public var value: Double
        /// Its standard error in this resample.
        public var standardError: Double

        /// A statistic and its standard error.
        public init(value: Double, standardError: Double) {
            (self.value, self.standardError) = (value, standardError)
        }
    }

    /// The statistic of the sample itself.
    public let estimate: Double
    /// The statistic of each resample, in the order drawn.
    public let replicates: [Double]
    private let sorted: [Double]
    /// (replicate - estimate) / its standard error, sorted; and the standard error of the estimate.
    private let pivots: (sorted: [Double], standardError: Double)?
    /// The values of the statistic without each unit in turn, one list for each sample.
    private let jackknife: @Sendable () -> [[Double]]

    init(
        estimate: Double, replicates: [Double], errors: (replicates: [Double], estimate: Double)? = nil,
        jackknife: @escaping @Sendable () -> [[Double]]
    ) throws(StatisticsError) {
        try Require.finite(estimate, "statistic")
        try Require.finite(replicates.span, "statistic of resample")
        (self.estimate, self.replicates, self.jackknife) = (estimate, replicates, jackknife)
        sorted = replicates.sorted()
        if let errors {
            try Require.nonNegative(errors.estimate, "standardError")
            try Require.finite(errors.replicates.span, "standard error of resample")
            let pivots = zip(replicates, errors.replicates).map { replicate, error in
                replicate == estimate ? 0 : (replicate - estimate) / error
            }
            self.pivots = (pivots.sorted(), errors.estimate)
        } else {
            pivots = nil
        }
    }

    /// The standard deviation of the replicates: the standard error of the estimate.
    public var standardError: Double { (try? Summary(replicates).standardDeviation) ?? 0 }

    /// How far the replicates lie above the estimate on average.
    public var bias: Double { ((try? Summary(replicates).mean) ?? estimate) - estimate }

    /// The percentile interval.
    public func confidenceInterval(level: Double, alternative: Alternative) throws(StatisticsError) -> ConfidenceInterval {
        try confidenceInterval(.percentile, level: level, alternative: alternative)
    }

    /// An interval for what is estimated, by the method of choice.
    ///
    /// The studentised one needs standard errors, which only the constructors that say so provide. BCa leaves out each unit in turn: O(n)
    /// for means, ratios and quantiles, and n more calls for a statistic of one's own. A studentised end is infinite where resamples
    /// without any variation are too many.
    public func confidenceInterval(
        _ method: Method, level: Double = 0.95, alternative: Alternative = .twoSided
    ) throws(StatisticsError) -> ConfidenceInterval {
        try Require.properProbability(level, "level")
        let tail = alternative == .twoSided ? (1 - level) / 2 : 1 - level
        let (low, high): (Double, Double)
        switch method {
        case .percentile:
            (low, high) = (Self.quantile(sorted, tail), Self.quantile(sorted, 1 - tail))
        case .basic:
            (low, high) = (2 * estimate - Self.quantile(sorted, 1 - tail), 2 * estimate - Self.quantile(sorted, tail))
        case .bca:
            let shifted = try correction()
            (low, high) = (Self.quantile(sorted, shifted(tail)), Self.quantile(sorted, shifted(1 - tail)))
        case .studentized:
            guard let pivots else { throw .empty(argument: "standard errors of resamples") }
            (low, high) = (
                estimate - Self.quantile(pivots.sorted, 1 - tail) * pivots.standardError,
                estimate - Self.quantile(pivots.sorted, tail) * pivots.standardError
            )
        }
        return ConfidenceInterval(
            low: alternative == .less ? -.infinity : low, high: alternative == .greater ? .infinity : high, level: level)
    }

    /// The probability at which to read the replicates in place of a nominal one.
    private func correction() throws(StatisticsError) -> (Double) -> Double {
        let below = Double(sorted.partitioningIndex { $0 >= estimate } + sorted.partitioningIndex { $0 > estimate })
        let share = below / Double(2 * sorted.count)
        guard share > 0, share < 1 else {
            throw .outOfRange(argument: "statistic", value: estimate, expected: "a value among those of its resamples")
        }
        let (cubes, squares) = Self.influence(jackknife())
        guard squares > 0, cubes.isFinite else { throw .noVariance(argument: "statistic without each unit") }
        let acceleration = cubes / (6 * squares * squares.squareRoot())
        let shift = Normal.standardQuantile(share)
        return { probability in
            let z = shift + Normal.standardQuantile(probability)
            let stretch = 1 - acceleration * z
            return stretch > 0 ? NormalKernel.cdf(shift + z / stretch) : (z > 0 ? 1 : 0)
        }
    }

    /// The sums of cubes and squares of the empirical influence of every unit, over n³ and n².
    private static func influence(_ jackknife: [[Double]]) -> (cubes: Double, squares: Double) {
        var (cubes, squares) = (0.0, 0.0)
        for values in jackknife {
            let n = Double(values.count)
            let mean = values.reduce(0) { $0 + ($1 - values[0]) / n } + values[0]
            let factor = (n - 1) / n
            for value in values {
                let u = factor * (mean - value)
                cubes += u * u * u
                squares += u * u
            }
        }
        return (cubes, squares)
    }

    private static func quantile(_ sorted: [Double], _ p: Double) -> Double {
        let place = SortedSample.place(p, sorted.count)
        return SortedSample.between(sorted[place.index], sorted[min(place.index + 1, sorted.count - 1)], place.part)
    }
}

extension [Double] {
    /// The first place where a condition holds that holds for all after it.
    func partitioningIndex(_ holds: (Double) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if holds(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
