internal import Glibc

/// Power to find a difference of two proportions; effects are absolute lifts over the baseline.
public struct ProportionsPower: PowerAnalysis {
    /// How the difference is tested.
    public enum Method: String, Sendable, CaseIterable {
        /// On the arcsine scale, which makes the variance constant: Cohen's h, as statsmodels' `NormalIndPower` does.
        case arcsine
        /// The z test whose standard error pools both arms, its power by the separate variances.
        case pooled
        /// The z test whose standard error is that of separate arms.
        case unpooled
    }

    /// The first arm's proportion, between 0 and 1.
    public let baseline: Double
    /// How the difference is tested.
    public let method: Method
    /// The probability of a false alarm.
    public let significance: Double
    /// Which effects the test looks for.
    public let alternative: Alternative
    /// The size of the second arm over that of the first.
    public let ratio: Double
    /// The lift under the null hypothesis: minus the margin for a test of non-inferiority.
    public let nullEffect: Double
    private let rejection: NormalRejection

    /// A test of two proportions, the first of which is `baseline`.
    ///
    /// A null effect other than zero leaves nothing to pool.
    public init(
        baseline: Double, method: Method = .arcsine, significance: Double = 0.05, alternative: Alternative = .twoSided, ratio: Double = 1,
        nullEffect: Double = 0
    ) throws(StatisticsError) {
        try Require.properProbability(baseline, "baseline")
        try Require.properProbability(significance, "significance")
        try Require.ratio(ratio)
        try Require.finite(nullEffect, "nullEffect")
        guard method != .pooled || nullEffect == 0 else {
            throw .outOfRange(argument: "nullEffect", value: nullEffect, expected: "0, as the pooled test is of equality")
        }
        guard baseline + nullEffect > 0, baseline + nullEffect < 1 else {
            throw .outOfRange(argument: "nullEffect", value: nullEffect, expected: "a lift that keeps the proportion between 0 and 1")
        }
        (self.baseline, self.method, self.nullEffect) = (baseline, method, nullEffect)
        (self.significance, self.alternative, self.ratio) = (significance, alternative, ratio)
        rejection = NormalRejection(significance: significance, alternative: alternative)
    }

    /// A test that the second arm's proportion is not below the first's by `margin` or more.
    public static func nonInferiority(
        margin: Double, baseline: Double, method: Method = .unpooled, significance: Double = 0.025, ratio: Double = 1
    ) throws(StatisticsError) -> ProportionsPower {
        try Require.positive(margin, "margin")
        return try ProportionsPower(
            baseline: baseline, method: method, significance: significance, alternative: .greater, ratio: ratio, nullEffect: -margin)
    }

    /// The probability that the test finds a lift of this size.
    public func power(effect: Double, size: Double) throws(StatisticsError) -> Double {
        try Require.positive(size, "size")
        try requireRate(effect)
        return chance(effect, size)
    }

    /// The size of the first arm at which a lift is found with this probability.
    public func size(effect: Double, power: Double) throws(StatisticsError) -> Double {
        try Require.power(power, above: significance)
        try Require.effect(effect, beyond: nullEffect, alternative)
        try requireRate(effect)
        let (null, actual) = unitErrors(effect)
        let root = try rejection.shift(power: power, null: null, actual: actual) / shift(effect)
        return try Require.attainable(root * root, for: effect)
    }

    /// The least lift that is found with this probability; a closed form for the arcsine, a root otherwise.
    public func detectableEffect(size: Double, power: Double) throws(StatisticsError) -> Double {
        try Require.power(power, above: significance)
        try Require.positive(size, "size")
        let sign = alternative == .less ? -1.0 : 1.0
        // The lift at which the second proportion reaches its end, 0 or 1.
        let end = alternative == .less ? -baseline : 1 - baseline
        if method == .arcsine {
            let (null, actual) = unitErrors(0)
            let needed = try rejection.shift(power: power, null: null, actual: actual) / size.squareRoot()
            let origin = 2 * asin((baseline + nullEffect).squareRoot())
            let angle = origin + sign * needed
            guard angle > 0, angle < Double.pi else { throw undetectable(size) }
            // sin²(a) - sin²(b) = sin(a - b) sin(a + b)
            return nullEffect + sin(sign * needed / 2) * sin(origin + sign * needed / 2)
        }
        let last = end - sign * 1e-12 * min(baseline, 1 - baseline)
        guard chance(last, size) > power else { throw undetectable(size) }
        guard let effect = Root.find(between: nullEffect, and: last, { chance($0, size) - power }) else {
            throw .outOfRange(argument: "power", value: power, expected: "more than the power against no effect")
        }
        return effect
    }

    /// The same comparison with another significance and another ratio of the arms.
    public func with(significance: Double, ratio: Double) throws(StatisticsError) -> ProportionsPower {
        try ProportionsPower(
            baseline: baseline, method: method, significance: significance, alternative: alternative, ratio: ratio, nullEffect: nullEffect)
    }

    private func chance(_ effect: Double, _ size: Double) -> Double {
        let (null, actual) = unitErrors(effect)
        return rejection.power(shift: shift(effect) * size.squareRoot(), null: null, actual: actual)
    }

    /// How far the estimate's expectation lies above its null value, on the scale of the test.
    private func shift(_ effect: Double) -> Double {
        guard method == .arcsine else { return effect - nullEffect }
        let (a, b) = (baseline + effect, baseline + nullEffect)
        // 2 (asin √a - asin √b), without subtracting what is nearly equal.
        return 2 * asin(max(-1, min(1, (effect - nullEffect) / ((a * (1 - b)).squareRoot() + (b * (1 - a)).squareRoot()))))
    }

    /// The standard errors for one unit in the first arm: the one that the test divides by, and the true one.
    private func unitErrors(_ effect: Double) -> (null: Double, actual: Double) {
        if method == .arcsine {
            let error = (1 + 1 / ratio).squareRoot()
            return (error, error)
        }
        let second = baseline + effect
        let separate = (baseline * (1 - baseline) + second * (1 - second) / ratio).squareRoot()
        guard method == .pooled else { return (separate, separate) }
        let share = ratio == .infinity ? 1 : ratio / (1 + ratio)
        let pooled = baseline + share * effect
        return ((pooled * (1 - pooled) * (1 + 1 / ratio)).squareRoot(), separate)
    }

    private func requireRate(_ effect: Double) throws(StatisticsError) {
        try Require.finite(effect, "effect")
        guard baseline + effect > 0, baseline + effect < 1 else {
            throw .outOfRange(argument: "effect", value: effect, expected: "a lift that keeps the proportion between 0 and 1")
        }
    }

    private func undetectable(_ size: Double) -> StatisticsError {
        .outOfRange(argument: "size", value: size, expected: "enough units to find any lift from \(baseline) with this power")
    }
}
