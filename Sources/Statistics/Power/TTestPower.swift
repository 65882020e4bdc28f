/// Power of Student's t test for a standardised effect (Cohen's d), exact by the noncentral t distribution.
///
/// With an infinite ratio the second arm is a known value: a one-sample or paired test, of n - 1 degrees of freedom.
public struct TTestPower: PowerAnalysis {
    /// The probability of a false alarm.
    public let significance: Double
    /// Which effects the test looks for.
    public let alternative: Alternative
    /// The size of the second arm over that of the first.
    public let ratio: Double

    /// A t test of two arms; the ratio must be positive.
    public init(significance: Double = 0.05, alternative: Alternative = .twoSided, ratio: Double = 1) throws(StatisticsError) {
        try Require.properProbability(significance, "significance")
        try Require.ratio(ratio)
        (self.significance, self.alternative, self.ratio) = (significance, alternative, ratio)
    }

    /// The probability that the test finds an effect of this size.
    public func power(effect: Double, size: Double) throws(StatisticsError) -> Double {
        try Require.finite(effect, "effect")
        try requireSize(size)
        return chance(effect, size)
    }

    /// The size of the first arm at which an effect is found with this probability.
    ///
    /// The normal approximation is the first guess, and hardly ever off by more than one or two.
    public func size(effect: Double, power: Double) throws(StatisticsError) -> Double {
        try Require.power(power, above: significance)
        try Require.effect(effect, beyond: 0, alternative)
        let guess = try NormalPower(significance: significance, alternative: alternative, ratio: ratio).size(effect: effect, power: power)
        // So many degrees of freedom are as good as infinitely many.
        guard guess < 1e15 else { return guess }
        let least = smallest * (1 + 1e-6)
        guard chance(effect, least) < power else { return least }
        guard
            let size = Root.increasing(from: max(guess + 1, 1.5 * smallest), step: 1, within: least...1e300, { chance(effect, $0) - power })
        else { throw .noConvergence(computation: "sample size") }
        return size
    }

    /// The least effect that is found with this probability.
    public func detectableEffect(size: Double, power: Double) throws(StatisticsError) -> Double {
        try Require.power(power, above: significance)
        try requireSize(size)
        let guess = try NormalPower(significance: significance, alternative: alternative, ratio: ratio)
            .detectableEffect(size: size, power: power)
        let sign = alternative == .less ? -1.0 : 1.0
        guard
            let effect = Root.increasing(from: abs(guess), step: 0.02 * abs(guess), within: 0...1e300, { chance(sign * $0, size) - power })
        else { throw .noConvergence(computation: "detectable effect") }
        return sign * effect
    }

    /// The same comparison with another significance and another ratio of the arms.
    public func with(significance: Double, ratio: Double) throws(StatisticsError) -> TTestPower {
        try TTestPower(significance: significance, alternative: alternative, ratio: ratio)
    }

    /// The size of the first arm that leaves no degrees of freedom.
    private var smallest: Double { ratio == .infinity ? 1 : 2 / (1 + ratio) }

    private func requireSize(_ size: Double) throws(StatisticsError) {
        try Require.positive(size, "size")
        guard size > smallest else {
            throw .outOfRange(argument: "size", value: size, expected: "more than \(smallest), for degrees of freedom")
        }
    }

    private func chance(_ effect: Double, _ size: Double) -> Double {
        let degrees = ratio == .infinity ? size - 1 : size * (1 + ratio) - 2
        return Self.chance(
            noncentrality: effect * (size / (1 + 1 / ratio)).squareRoot(), degreesOfFreedom: degrees, significance, alternative)
    }

    /// The probability that a t statistic of this noncentrality is significant.
    static func chance(
        noncentrality: Double, degreesOfFreedom degrees: Double, _ significance: Double, _ alternative: Alternative
    ) -> Double {
        let law = NoncentralT(validated: degrees, noncentrality: noncentrality)
        let tail = alternative == .twoSided ? significance / 2 : significance
        let critical = -StudentT(validated: degrees).unguardedQuantile(tail)
        switch alternative {
        case .greater: return law.survival(critical)
        case .less: return law.cdf(-critical)
        case .twoSided: return min(1, law.survival(critical) + law.cdf(-critical))
        }
    }
}
