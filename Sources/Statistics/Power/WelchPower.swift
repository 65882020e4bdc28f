/// Power to find a difference of two means by Welch's t test, in the metric's own units: deviations are estimated, which few units do badly.
///
/// By the noncentral t distribution with Satterthwaite's degrees of freedom: B. K. Moser, G. R. Stevens and C. L. Watts, "The two-sample t test versus
/// Satterthwaite's approximate F test", Communications in Statistics - Theory and Methods 18 (1989), doi:10.1080/03610928908830135. For arms of one size and one
/// deviation it is the power of Student's test, that of ``TTestPower``; in large samples that of ``MeansPower``.
public struct WelchPower: PowerAnalysis {
    /// The same comparison with deviations that are known.
    public let known: MeansPower

    /// A comparison with deviations that are estimated from the samples.
    public init(_ known: MeansPower) { self.known = known }

    /// The probability of a false alarm.
    public var significance: Double { known.significance }
    /// Which effects the test looks for.
    public var alternative: Alternative { known.alternative }
    /// The size of the second arm over that of the first.
    public var ratio: Double { known.ratio }

    /// The probability that the test finds an effect of this size.
    public func power(effect: Double, size: Double) throws(StatisticsError) -> Double {
        try Require.finite(effect, "effect")
        try requireSize(size)
        return chance(effect, size)
    }

    /// The size of the first arm at which an effect is found with this probability; two units of either arm at least.
    public func size(effect: Double, power: Double) throws(StatisticsError) -> Double {
        let guess = try known.size(effect: effect, power: power)
        // So many degrees of freedom are as good as infinitely many.
        guard guess < 1e15 else { return guess }
        guard chance(effect, least) < power else { return least }
        guard let size = Root.increasing(from: guess + 1, step: 1, within: least...1e300, { chance(effect, $0) - power }) else {
            throw .noConvergence(computation: "sample size")
        }
        return size
    }

    /// The least effect that is found with this probability.
    public func detectableEffect(size: Double, power: Double) throws(StatisticsError) -> Double {
        let guess = try known.detectableEffect(size: size, power: power) - known.nullEffect
        try requireSize(size)
        let sign = alternative == .less ? -1.0 : 1.0
        guard
            let reach = Root.increasing(
                from: abs(guess), step: 0.02 * abs(guess), within: 0...1e300, { chance(known.nullEffect + sign * $0, size) - power })
        else { throw .noConvergence(computation: "detectable effect") }
        return known.nullEffect + sign * reach
    }

    /// The same comparison with another significance and another ratio of the arms.
    public func with(significance: Double, ratio: Double) throws(StatisticsError) -> WelchPower {
        try WelchPower(known.with(significance: significance, ratio: ratio))
    }

    /// The size of the first arm with two units in the lesser arm: of one no deviation is known.
    private var least: Double { max(2, 2 / ratio) }

    private func requireSize(_ size: Double) throws(StatisticsError) {
        try Require.positive(size, "size")
        // A size that was a share of the whole may have lost its last digit.
        guard size >= least * (1 - 1e-12) else {
            throw .outOfRange(argument: "size", value: size, expected: "at least \(least), for two units of either arm")
        }
    }

    private func chance(_ effect: Double, _ size: Double) -> Double {
        let first = known.firstDeviation * known.firstDeviation
        let share = first / (first + known.secondDeviation * known.secondDeviation / ratio)
        let degrees = 1 / (share * share / (size - 1) + (1 - share) * (1 - share) / (size * ratio - 1))
        return TTestPower.chance(
            noncentrality: (effect - known.nullEffect) * (size.squareRoot() / known.unitError), degreesOfFreedom: degrees, significance,
            alternative)
    }
}
