/// Power of the Mann-Whitney test; the effect is P(second > first) + ½ P(tie) - ½.
public struct MannWhitneyPower: PowerAnalysis {
    /// The probability of a false alarm.
    public let significance: Double
    /// Which effects the test looks for.
    public let alternative: Alternative
    /// The size of the second arm over that of the first.
    public let ratio: Double
    /// The effect between the pilot samples, where there are such.
    public let pilotEffect: Double?
    private let spread: Spread
    private let rejection: NormalRejection

    /// Variances of a unit's rank, as a share of all ranks: under the null hypothesis, and of placements in each sample.
    private struct Spread {
        let pooled, first, second: Double
        static let continuous = Spread(pooled: 1.0 / 12, first: 1.0 / 12, second: 1.0 / 12)
    }

    /// Power for continuous data and a small effect.
    ///
    /// G. E. Noether, "Sample size determination for some common nonparametric tests", JASA 82 (1987), doi:10.1080/01621459.1987.10478478.
    public init(significance: Double = 0.05, alternative: Alternative = .twoSided, ratio: Double = 1) throws(StatisticsError) {
        try self.init(significance, alternative, ratio, .continuous, nil)
    }

    /// Power from a pilot sample of the first arm and one that shows what the second is expected to look like; ties are welcome.
    ///
    /// M. Happ, A. C. Bathke and E. Brunner, "Optimal sample size planning for the Wilcoxon-Mann-Whitney test", Statistics in Medicine 38
    /// (2019), doi:10.1002/sim.7983.
    public init(
        first: [Double], second: [Double], significance: Double = 0.05, alternative: Alternative = .twoSided, ratio: Double = 1
    ) throws(StatisticsError) {
        try Require.sample(first.span, "first", atLeast: 1)
        try Require.sample(second.span, "second", atLeast: 1)
        let (n1, n2) = (Double(first.count), Double(second.count))
        let all = Ranks.of(first + second).ranks
        let own = Ranks.of(first).ranks + Ranks.of(second).ranks
        let placements = zip(all, own).map { $0 - $1 }
        let firstPlacements = try Summary(Array(placements[..<first.count]))
        let secondPlacements = try Summary(Array(placements[first.count...]))
        let pooled = try Summary(all).squaredDeviations / ((n1 + n2) * (n1 + n2) * (n1 + n2))
        guard pooled > 0 else { throw .noVariance(argument: "first and second") }
        // A unit of the first arm is placed among the n2 of the second, and the other way about.
        let spread = Spread(
            pooled: pooled, first: firstPlacements.squaredDeviations / (n1 * n2 * n2),
            second: secondPlacements.squaredDeviations / (n2 * n1 * n1))
        try self.init(significance, alternative, ratio, spread, (secondPlacements.mean - firstPlacements.mean) / (n1 + n2))
    }

    private init(
        _ significance: Double, _ alternative: Alternative, _ ratio: Double, _ spread: Spread, _ pilotEffect: Double?
    ) throws(StatisticsError) {
        try Require.properProbability(significance, "significance")
        try Require.positive(ratio, "ratio")
        (self.significance, self.alternative, self.ratio) = (significance, alternative, ratio)
        (self.spread, self.pilotEffect) = (spread, pilotEffect)
        rejection = NormalRejection(significance: significance, alternative: alternative)
    }

    /// The probability that the test finds an effect of this size.
    public func power(effect: Double, size: Double) throws(StatisticsError) -> Double {
        try requireProbability(effect)
        try Require.positive(size, "size")
        return rejection.power(shift: effect * size.squareRoot(), null: nullError, actual: actualError)
    }

    /// The size of the first arm at which an effect is found with this probability.
    public func size(effect: Double, power: Double) throws(StatisticsError) -> Double {
        try Require.power(power, above: significance)
        try Require.effect(effect, beyond: 0, alternative)
        try requireProbability(effect)
        let root = try rejection.shift(power: power, null: nullError, actual: actualError) / effect
        return try Require.attainable(root * root, for: effect)
    }

    /// The least effect that is found with this probability.
    public func detectableEffect(size: Double, power: Double) throws(StatisticsError) -> Double {
        try Require.power(power, above: significance)
        try Require.positive(size, "size")
        let effect = try rejection.shift(power: power, null: nullError, actual: actualError) / size.squareRoot()
        guard effect <= 0.5 else {
            throw .outOfRange(argument: "size", value: size, expected: "enough units to find any effect with this power")
        }
        return alternative == .less ? -effect : effect
    }

    /// The same comparison with another significance and another ratio of the arms.
    public func with(significance: Double, ratio: Double) throws(StatisticsError) -> MannWhitneyPower {
        try MannWhitneyPower(significance, alternative, ratio, spread, pilotEffect)
    }

    private var nullError: Double { (spread.pooled * (1 + 1 / ratio)).squareRoot() }

    private var actualError: Double { (spread.first + spread.second / ratio).squareRoot() }

    private func requireProbability(_ effect: Double) throws(StatisticsError) {
        try Require.finite(effect, "effect")
        guard abs(effect) <= 0.5 else {
            throw .outOfRange(argument: "effect", value: effect, expected: "a probability less one half, from -0.5 to 0.5")
        }
    }
}
