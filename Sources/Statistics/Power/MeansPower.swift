/// Power to find a difference of two means, in the metric's own units, in samples large enough for a normal estimate; ``WelchPower`` asks for no such.
///
/// For a ratio of two sums the standard deviation is that of the linearised ratio (the delta method). For non-inferiority the effect
/// under the null hypothesis is minus the margin, and the alternative `.greater`.
public struct MeansPower: PowerAnalysis {
    /// The probability of a false alarm.
    public let significance: Double
    /// Which effects the test looks for.
    public let alternative: Alternative
    /// The size of the second arm over that of the first.
    public let ratio: Double
    /// The standard deviation of a unit in the first arm.
    public let firstDeviation: Double
    /// The standard deviation of a unit in the second arm.
    public let secondDeviation: Double
    /// The effect under the null hypothesis.
    public let nullEffect: Double
    private let rejection: NormalRejection

    /// A test of means with these standard deviations, the second arm's being the first's unless given.
    public init(
        standardDeviation: Double, secondDeviation: Double? = nil, significance: Double = 0.05, alternative: Alternative = .twoSided,
        ratio: Double = 1, nullEffect: Double = 0
    ) throws(StatisticsError) {
        try Require.positive(standardDeviation, "standardDeviation")
        try Require.positive(secondDeviation ?? standardDeviation, "secondDeviation")
        let deviations = [("standardDeviation", standardDeviation), ("secondDeviation", secondDeviation ?? standardDeviation)]
        for (name, deviation) in deviations where !(1e-150..<1e150).contains(deviation) {
            throw .outOfRange(
                argument: name, value: deviation, expected: "a number whose square is not too large or small: 1e-150 to 1e150")
        }
        try Require.properProbability(significance, "significance")
        try Require.ratio(ratio)
        try Require.finite(nullEffect, "nullEffect")
        (self.significance, self.alternative, self.ratio, self.nullEffect) = (significance, alternative, ratio, nullEffect)
        (firstDeviation, self.secondDeviation) = (standardDeviation, secondDeviation ?? standardDeviation)
        rejection = NormalRejection(significance: significance, alternative: alternative)
    }

    /// A test of a ratio of means, such as revenue a session, from past co-moments of its numerator and denominator by unit.
    ///
    /// The variance of a unit's share in the ratio R = x̄/ȳ is Var(x - R y) / ȳ²; A. Deng, U. Knoblich and J. Lu, "Applying the delta method
    /// in metric analytics", KDD (2018), doi:10.1145/3219819.3219919.
    public init(
        ratioIn moments: CoMoments, numerator: Int = 0, denominator: Int = 1, significance: Double = 0.05,
        alternative: Alternative = .twoSided, ratio: Double = 1, nullEffect: Double = 0
    ) throws(StatisticsError) {
        try Require.column(numerator, of: moments, "numerator")
        try Require.column(denominator, of: moments, "denominator")
        try Require.count(moments.count, "moments", atLeast: 2)
        let below = moments.means[denominator]
        guard below != 0 else {
            throw .outOfRange(argument: "moments.means[\(denominator)]", value: below, expected: "a denominator whose mean is not zero")
        }
        let terms = try moments.linearized(.ratio(of: numerator, to: denominator)).terms
        let variance = moments.covariance(terms, terms)
        guard variance > 0 else { throw .noVariance(argument: "moments") }
        try self.init(
            standardDeviation: variance.squareRoot(), significance: significance, alternative: alternative, ratio: ratio,
            nullEffect: nullEffect)
    }

    /// A test that the second arm is not worse than the first by `margin` or more; a greater mean is the better one.
    public static func nonInferiority(
        margin: Double, standardDeviation: Double, significance: Double = 0.025, ratio: Double = 1
    ) throws(StatisticsError) -> MeansPower {
        try Require.positive(margin, "margin")
        return try MeansPower(
            standardDeviation: standardDeviation, significance: significance, alternative: .greater, ratio: ratio, nullEffect: -margin)
    }

    /// The standard error of the difference for one unit in the first arm.
    var unitError: Double {
        (firstDeviation * firstDeviation + secondDeviation * secondDeviation / ratio).squareRoot()
    }

    /// The probability that the test finds an effect of this size.
    public func power(effect: Double, size: Double) throws(StatisticsError) -> Double {
        try Require.finite(effect, "effect")
        try Require.positive(size, "size")
        return rejection.power(shift: (effect - nullEffect) * size.squareRoot(), null: unitError, actual: unitError)
    }

    /// The size of the first arm at which an effect is found with this probability.
    public func size(effect: Double, power: Double) throws(StatisticsError) -> Double {
        try Require.power(power, above: significance)
        try Require.effect(effect, beyond: nullEffect, alternative)
        let root = try rejection.shift(power: power, null: unitError, actual: unitError) / (effect - nullEffect)
        return try Require.attainable(root * root, for: effect)
    }

    /// The least effect that is found with this probability.
    public func detectableEffect(size: Double, power: Double) throws(StatisticsError) -> Double {
        try Require.power(power, above: significance)
        try Require.positive(size, "size")
        let shift = try rejection.shift(power: power, null: unitError, actual: unitError) / size.squareRoot()
        return nullEffect + (alternative == .less ? -shift : shift)
    }

    /// The size of the first arm at which a ``ConfidenceSequence`` of the difference leaves out zero with this probability, for two-sided
    /// intervals of the level 1 - `significance` that are narrowest when `tuned` units are in, both arms together.
    ///
    /// Who looks all along finds the effect by then with at least this probability. It is never less than one look by Welch's test takes.
    public func alwaysValidSize(effect: Double, power: Double, tunedFor tuned: Double) throws(StatisticsError) -> Double {
        try Require.positive(tuned, "tunedFor")
        let start = try WelchPower(self).size(effect: effect, power: power)
        let (scale, quantile) = (unitError / abs(effect - nullEffect), Normal.standardQuantile(power))
        // How much further from zero the estimate lies, in standard errors, than it must for this power.
        func excess(_ size: Double) throws(StatisticsError) -> Double {
            let count = Int(min(size * (1 + ratio), 1e18).rounded(.up))
            return try size.squareRoot() / scale - quantile
                - NormalMixture(count: count, tunedFor: tuned, level: 1 - significance).radius(significance, .twoSided)
        }
        var (low, high) = (start, start)
        while try excess(high) < 0 {
            guard high < 1e18 else { throw .noConvergence(computation: "size of a confidence sequence") }
            (low, high) = (high, 2 * high)
        }
        for _ in 0..<60 where high - low > 0.5 {
            let middle = (low + high) / 2
            if try excess(middle) < 0 { low = middle } else { high = middle }
        }
        return high
    }

    /// The same comparison with another significance and another ratio of the arms.
    public func with(significance: Double, ratio: Double) throws(StatisticsError) -> MeansPower {
        try MeansPower(
            standardDeviation: firstDeviation, secondDeviation: secondDeviation, significance: significance, alternative: alternative,
            ratio: ratio, nullEffect: nullEffect)
    }
}

extension Require {
    /// A column that the moments hold.
    static func column(_ column: Int, of moments: CoMoments, _ argument: String) throws(StatisticsError) {
        guard moments.means.indices.contains(column) else {
            throw .outOfRange(argument: argument, value: Double(column), expected: "one of the \(moments.means.count) columns, from 0")
        }
    }
}
