/// Power of the one-way analysis of variance with groups of one size, exact by the noncentral F distribution.
///
/// The effect is Cohen's f: the standard deviation of the groups' means over that within the groups. The size is that of each group.
/// J. Cohen, "Statistical Power Analysis for the Behavioral Sciences" (1988), chapter 8, doi:10.4324/9780203771587.
public struct AnalysisOfVariancePower: PlannedTest {
    /// The probability of a false alarm.
    public let significance: Double
    /// The number of groups.
    public let groups: Int

    /// An analysis of two groups or more.
    public init(groups: Int, significance: Double = 0.05) throws(StatisticsError) {
        guard groups >= 2 else { throw .outOfRange(argument: "groups", value: Double(groups), expected: "at least 2 groups") }
        try Require.positive(groups, "groups")
        try Require.properProbability(significance, "significance")
        (self.groups, self.significance) = (groups, significance)
    }

    /// The probability that the test finds an effect of this size.
    public func power(effect: Double, size: Double) throws(StatisticsError) -> Double {
        try Require.nonNegative(effect, "effect")
        try requireSize(size)
        return try chance(effect, size)
    }

    /// The size of each group at which an effect is found with this probability.
    public func size(effect: Double, power: Double) throws(StatisticsError) -> Double {
        try Require.power(power, above: significance)
        try Require.positive(effect, "effect")
        // With infinitely many degrees of freedom below the line the law is chi-square's, which gives the first guess.
        let guess = try ChiSquarePower(degreesOfFreedom: groups - 1, significance: significance).size(effect: effect, power: power)
        // So many degrees of freedom are as good as infinitely many.
        guard guess < 1e12 else { return guess / Double(groups) }
        let least = 1 + 1e-6
        guard try chance(effect, least) < power else { return least }
        let start = max(guess / Double(groups) + 1, 1.5)
        return try solve(from: start, step: 1, within: least...1e15, "sample size") { (size) throws(StatisticsError) in
            try chance(effect, size) - power
        }
    }

    /// The least effect that is found with this probability.
    public func detectableEffect(size: Double, power: Double) throws(StatisticsError) -> Double {
        try Require.power(power, above: significance)
        try requireSize(size)
        let guess = try ChiSquarePower(degreesOfFreedom: groups - 1, significance: significance)
            .detectableEffect(size: size * Double(groups), power: power)
        return try solve(from: guess, step: 0.1 * guess, within: 0...1e6, "detectable effect") { (effect) throws(StatisticsError) in
            try chance(effect, size) - power
        }
    }

    private func requireSize(_ size: Double) throws(StatisticsError) {
        try Require.finite(size, "size")
        guard size > 1 else { throw .outOfRange(argument: "size", value: size, expected: "more than 1, for degrees of freedom") }
    }

    private func chance(_ effect: Double, _ size: Double) throws(StatisticsError) -> Double {
        let (above, below) = (Double(groups - 1), Double(groups) * (size - 1))
        let noncentrality = effect * effect * size * Double(groups)
        guard noncentrality <= 1e9 else { return 1 }
        let critical = try FisherF(validatedNumerator: above, denominator: below).inverseSurvival(significance)
        return NoncentralF(validatedNumerator: above, denominator: below, noncentrality: noncentrality).survival(critical)
    }

    /// The root of a function that may fail.
    private func solve(
        from start: Double, step: Double, within limits: ClosedRange<Double>, _ computation: String,
        _ f: (Double) throws(StatisticsError) -> Double
    ) throws(StatisticsError) -> Double {
        let found = Root.increasing(from: start, step: step, within: limits) { x in
            // What fails has no sign, which ends the search.
            do { return try f(x) } catch { return .nan }
        }
        guard let found else { throw .noConvergence(computation: computation) }
        return found
    }
}
