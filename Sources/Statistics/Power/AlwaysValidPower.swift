/// A comparison of two means by a ``ConfidenceSequence``, which may be looked at any time, planned as any other.
///
/// Its power is that of the look at this size: who looks all along finds the effect by then with at least this probability.
public struct AlwaysValidPower: PowerAnalysis {
    /// The same comparison looked at once.
    public let once: MeansPower
    /// The units, of both arms together, at which intervals are narrowest.
    public let tunedFor: Double

    /// The comparison for intervals that are narrowest when `tunedFor` units are in, both arms together.
    ///
    /// - Throws: `outOfRange` for a one-sided comparison: intervals have two ends.
    public init(_ once: MeansPower, tunedFor: Double) throws(StatisticsError) {
        try Require.positive(tunedFor, "tunedFor")
        guard once.alternative == .twoSided else {
            throw .outOfRange(argument: "alternative", value: 1, expected: "a comparison of both sides")
        }
        (self.once, self.tunedFor) = (once, tunedFor)
    }

    /// The probability that it ever raises a false alarm.
    public var significance: Double { once.significance }
    /// Both sides.
    public var alternative: Alternative { once.alternative }
    /// The size of the second arm over that of the first.
    public var ratio: Double { once.ratio }

    /// The size of the first arm at which an interval leaves out the null effect with this probability.
    public func size(effect: Double, power: Double) throws(StatisticsError) -> Double {
        try once.alwaysValidSize(effect: effect, power: power, tunedFor: tunedFor)
    }

    /// The probability that the interval at this size leaves out the null effect.
    public func power(effect: Double, size: Double) throws(StatisticsError) -> Double {
        try Require.finite(effect, "effect")
        let radius = try radius(size)
        let shift = (effect - once.nullEffect) * size.squareRoot() / once.unitError
        return Normal.standard.cdf(shift - radius) + Normal.standard.cdf(-shift - radius)
    }

    /// The least effect that the interval at this size shows with this probability.
    public func detectableEffect(size: Double, power: Double) throws(StatisticsError) -> Double {
        try Require.power(power, above: significance)
        return once.nullEffect + (try radius(size) + Normal.standardQuantile(power)) * once.unitError / size.squareRoot()
    }

    /// The same comparison with another significance and another ratio of the arms.
    public func with(significance: Double, ratio: Double) throws(StatisticsError) -> AlwaysValidPower {
        try AlwaysValidPower(once.with(significance: significance, ratio: ratio), tunedFor: tunedFor)
    }

    /// How many standard errors an interval reaches to either side when the first arm is of this size.
    private func radius(_ size: Double) throws(StatisticsError) -> Double {
        try Require.positive(size, "size")
        let count = Int(min(size * (1 + ratio), 1e18).rounded(.up))
        return try NormalMixture(count: count, tunedFor: tunedFor, level: 1 - significance).radius(significance, .twoSided)
    }
}
