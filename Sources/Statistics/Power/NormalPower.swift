/// Power for a standardised effect whose estimate is normal: Cohen's d with known variance, Cohen's h of two proportions.
///
/// The same as `NormalIndPower` of statsmodels. With an infinite ratio the second arm is a known value: a one-sample test.
public struct NormalPower: PowerAnalysis {
    /// The probability of a false alarm.
    public let significance: Double
    /// Which effects the test looks for.
    public let alternative: Alternative
    /// The size of the second arm over that of the first.
    public let ratio: Double
    private let rejection: NormalRejection

    /// A z test of two arms; the ratio must be positive.
    public init(significance: Double = 0.05, alternative: Alternative = .twoSided, ratio: Double = 1) throws(StatisticsError) {
        try Require.properProbability(significance, "significance")
        try Require.ratio(ratio)
        (self.significance, self.alternative, self.ratio) = (significance, alternative, ratio)
        rejection = NormalRejection(significance: significance, alternative: alternative)
    }

    /// The standard error of the standardised effect for one unit in the first arm.
    private var unitError: Double { (1 + 1 / ratio).squareRoot() }

    /// The probability that the test finds an effect of this size.
    public func power(effect: Double, size: Double) throws(StatisticsError) -> Double {
        try Require.finite(effect, "effect")
        try Require.positive(size, "size")
        return rejection.power(shift: effect * size.squareRoot(), null: unitError, actual: unitError)
    }

    /// The size of the first arm at which an effect is found with this probability.
    public func size(effect: Double, power: Double) throws(StatisticsError) -> Double {
        try Require.power(power, above: significance)
        try Require.effect(effect, beyond: 0, alternative)
        let root = try rejection.shift(power: power, null: unitError, actual: unitError) / effect
        return try Require.attainable(root * root, for: effect)
    }

    /// The least effect that is found with this probability.
    public func detectableEffect(size: Double, power: Double) throws(StatisticsError) -> Double {
        try Require.power(power, above: significance)
        try Require.positive(size, "size")
        let effect = try rejection.shift(power: power, null: unitError, actual: unitError) / size.squareRoot()
        return alternative == .less ? -effect : effect
    }

    /// The same comparison with another significance and another ratio of the arms.
    public func with(significance: Double, ratio: Double) throws(StatisticsError) -> NormalPower {
        try NormalPower(significance: significance, alternative: alternative, ratio: ratio)
    }
}
