internal import Glibc

/// What is believed about an effect after the data, when both the belief before and the estimate are normal.
///
/// All answers have closed forms. The effect is the treatment's over the control's; more is better.
public struct NormalPosterior: Equatable, Sendable {
    /// The belief about the effect.
    public let effect: Normal

    /// The belief from an estimate and its standard error; without a prior, a flat one.
    public init(estimate: Double, standardError: Double, prior: Normal? = nil) throws(StatisticsError) {
        try Require.finite(estimate, "estimate")
        try Require.positive(standardError, "standardError")
        guard let prior else {
            effect = try Normal(mean: estimate, standardDeviation: standardError)
            return
        }
        // Precisions add; written so that none overflows.
        let share = 1 / (1 + (prior.scale / standardError) * (prior.scale / standardError))
        effect = try Normal(
            mean: estimate + share * (prior.location - estimate), standardDeviation: 1 / hypot(1 / prior.scale, 1 / standardError))
    }

    /// The belief about the difference of two means, treatment less control.
    public init(treatment: Summary, control: Summary, prior: Normal? = nil) throws(StatisticsError) {
        let test = try WelchTTest(treatment, control)
        try self.init(estimate: test.estimate, standardError: test.standardError, prior: prior)
    }

    /// The belief about the difference relative to the control's mean, by the delta method.
    public init(relativeTreatment treatment: Summary, control: Summary, prior: Normal? = nil) throws(StatisticsError) {
        let test = try WelchTTest(treatment, control)
        guard control.mean != 0 else {
            throw .outOfRange(argument: "control.mean", value: 0, expected: "another mean than zero, to relate the difference to")
        }
        let ratio = treatment.mean / control.mean
        let (a, b) = (treatment.standardError, ratio * control.standardError)
        try self.init(
            estimate: test.estimate / control.mean, standardError: (a * a + b * b).squareRoot() / abs(control.mean), prior: prior)
    }

    /// The probability that the treatment is better.
    public var chanceToBeatControl: Double { effect.survival(0) }
    /// The probability that the treatment is worse.
    public var chanceToLose: Double { effect.cdf(0) }

    /// What is lost on average by choosing the treatment: the harm where it does harm.
    public var expectedLossOfTreatment: Double { Self.positivePart(-effect.location, effect.scale) }
    /// What is lost on average by staying with the control: the gain forgone.
    public var expectedLossOfControl: Double { Self.positivePart(effect.location, effect.scale) }

    /// An interval that holds the effect with this probability, the rest shared by both tails.
    public func credibleInterval(level: Double = 0.95) throws(StatisticsError) -> CredibleInterval {
        try Require.properProbability(level, "level")
        let tail = (1 - level) / 2
        return CredibleInterval(low: try effect.quantile(tail), high: try effect.inverseSurvival(tail), level: level)
    }

    /// E[max(X, 0)] for a normal X.
    private static func positivePart(_ mean: Double, _ deviation: Double) -> Double {
        let z = mean / deviation
        // Beyond this nothing is left that a double could hold.
        guard z > -60 else { return 0 }
        if z > -3 { return mean * NormalKernel.cdf(z) + deviation * NormalKernel.density(z) }
        // Here the terms cancel; ∫ (x + z) φ(x) dx above -z is ∫ u φ(u - z) du, all of it positive.
        let log = PositiveIntegral.log(from: -Glibc.log(-z), scale: 0.5) { w in
            let x = exp(w) - z
            return 2 * w - 0.5 * x * x - NormalKernel.logRootTwoPi
        }
        return deviation * exp(log)
    }
}
