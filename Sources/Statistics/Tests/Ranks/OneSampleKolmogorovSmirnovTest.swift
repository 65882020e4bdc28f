/// The Kolmogorov-Smirnov test of one sample: whether it comes from a given distribution, whatever the difference.
///
/// The distribution must be given beforehand: with parameters estimated from the same sample the test hardly ever rejects.
/// A. N. Kolmogorov, Giornale dell'Istituto Italiano degli Attuari 4 (1933). `greater` asks whether the sample's values tend to be
/// greater, so that its distribution function lies below the given one; SciPy names sides by the functions, and calls that `less`.
public struct OneSampleKolmogorovSmirnovTest: DirectionalTest {
    /// How many values there are.
    public let count: Int
    /// The largest distances of the sample's distribution function above and below the given one.
    private let above: Double, below: Double
    /// Where those two occur.
    private let aboveLocation: Double, belowLocation: Double

    /// Compares a raw sample with a distribution.
    public init(_ sample: Span<Double>, against law: some ContinuousDistribution) throws(StatisticsError) {
        try Require.sample(sample, "sample", atLeast: 1)
        let sorted = SortKeys.sorted(sample).map(SortKeys.value)
        let n = Double(sorted.count)
        var (above, below) = ((distance: 0.0, place: sorted[0]), (distance: 0.0, place: sorted[0]))
        for (i, x) in sorted.enumerated() {
            let p = law.cdf(x)
            guard !p.isNaN else { throw .notANumber(argument: "law.cdf", index: i) }
            if Double(i + 1) / n - p > above.distance { above = (Double(i + 1) / n - p, x) }
            if p - Double(i) / n > below.distance { below = (p - Double(i) / n, x) }
        }
        count = sorted.count
        (self.above, aboveLocation, self.below, belowLocation) = (above.distance, above.place, below.distance, below.place)
    }

    /// Compares a raw sample with a distribution.
    public init(_ sample: [Double], against law: some ContinuousDistribution) throws(StatisticsError) {
        try self.init(sample.span, against: law)
    }

    /// The test's name, for a report.
    public var name: String { "one-sample Kolmogorov-Smirnov test" }
    /// The largest distance between the sample's distribution function and the given one.
    public var statistic: Double { max(above, below) }
    /// The value at which that distance is reached.
    public var location: Double { location(.twoSided) }

    /// The largest distance in one direction: the given function less the sample's for `greater`, the other way round for `less`.
    public func statistic(_ alternative: Alternative) -> Double {
        switch alternative {
        case .twoSided: statistic
        case .less: above
        case .greater: below
        }
    }

    /// The value at which the distance in one direction is reached.
    public func location(_ alternative: Alternative) -> Double {
        switch alternative {
        case .twoSided: above >= below ? aboveLocation : belowLocation
        case .less: aboveLocation
        case .greater: belowLocation
        }
    }

    /// The probability, under the null hypothesis, of a statistic at least this extreme.
    ///
    /// Exact one-sided for up to 100,000 values and two-sided for up to 2,000; beyond, right to five digits.
    public func pValue(_ alternative: Alternative) -> Double {
        let law = KolmogorovDistribution(count: count)
        return alternative == .twoSided ? law.survival(statistic) : law.oneSidedSurvival(statistic(alternative))
    }
}
