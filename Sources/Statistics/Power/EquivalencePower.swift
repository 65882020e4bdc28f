/// Power to show equivalence: that an effect lies within margins, by two one-sided tests with normal estimates.
///
/// K. F. Phillips, "Power of the two one-sided tests procedure in bioequivalence", Journal of Pharmacokinetics and Biopharmaceutics 18
/// (1990), doi:10.1007/BF01063556, with variances taken as known. With one margin infinite it is the power of a test of non-inferiority.
public struct EquivalencePower: Sendable {
    /// The probability to call arms equivalent whose difference is a margin.
    public let significance: Double
    /// The least effect that still counts as none.
    public let lowerMargin: Double
    /// The greatest effect that still counts as none.
    public let upperMargin: Double
    /// The size of the second arm over that of the first.
    public let ratio: Double
    private let variances: Variances

    private enum Variances {
        case means(first: Double, second: Double)
        case proportions(baseline: Double)
    }

    /// Two means with these standard deviations, the second arm's being the first's unless given.
    public init(
        standardDeviation: Double, secondDeviation: Double? = nil, lowerMargin: Double, upperMargin: Double, significance: Double = 0.05,
        ratio: Double = 1
    ) throws(StatisticsError) {
        let second = secondDeviation ?? standardDeviation
        try Require.positive(standardDeviation, "standardDeviation")
        try Require.positive(second, "secondDeviation")
        try Require.finite(standardDeviation * standardDeviation + second * second, "standardDeviation")
        try self.init(
            .means(first: standardDeviation * standardDeviation, second: second * second), lowerMargin, upperMargin, significance, ratio)
    }

    /// Two proportions, the first of which is `baseline`.
    public init(
        baseline: Double, lowerMargin: Double, upperMargin: Double, significance: Double = 0.05, ratio: Double = 1
    ) throws(StatisticsError) {
        try Require.properProbability(baseline, "baseline")
        try self.init(.proportions(baseline: baseline), lowerMargin, upperMargin, significance, ratio)
    }

    private init(
        _ variances: Variances, _ lowerMargin: Double, _ upperMargin: Double, _ significance: Double, _ ratio: Double
    ) throws(StatisticsError) {
        guard !lowerMargin.isNaN else { throw .notANumber(argument: "lowerMargin", index: nil) }
        guard !upperMargin.isNaN else { throw .notANumber(argument: "upperMargin", index: nil) }
        guard lowerMargin < upperMargin else {
            throw .outOfRange(argument: "upperMargin", value: upperMargin, expected: "more than the lower margin of \(lowerMargin)")
        }
        guard lowerMargin > -.infinity || upperMargin < .infinity else {
            throw .infinite(argument: "lowerMargin and upperMargin", index: nil)
        }
        try Require.properProbability(significance, "significance")
        guard significance < 0.5 else { throw .outOfRange(argument: "significance", value: significance, expected: "less than one half") }
        try Require.ratio(ratio)
        (self.variances, self.lowerMargin, self.upperMargin) = (variances, lowerMargin, upperMargin)
        (self.significance, self.ratio) = (significance, ratio)
    }

    /// The probability to show equivalence when this is the true effect of the second arm over the first.
    public func power(effect: Double = 0, size: Double) throws(StatisticsError) -> Double {
        try Require.positive(size, "size")
        return chance(try variance(effect), effect, size)
    }

    /// The size of the first arm at which equivalence is shown with this probability; the effect must lie between the margins.
    public func size(effect: Double = 0, power: Double) throws(StatisticsError) -> Double {
        try Require.properProbability(power, "power")
        let variance = try variance(effect)
        guard effect > lowerMargin, effect < upperMargin else {
            throw .outOfRange(argument: "effect", value: effect, expected: "an effect between the margins")
        }
        // The nearer margin alone would need this much, and both together not four times as much.
        let reach = min(effect - lowerMargin, upperMargin - effect)
        let z = Normal.standardQuantile(1 - significance) + max(1, Normal.standardQuantile(power))
        let guess = variance * (z / reach) * (z / reach)
        guard guess.isFinite, guess > 0,
            let size = Root.increasing(from: guess, step: 0.1 * guess, within: 0...(1e6 * guess), { chance(variance, effect, $0) - power })
        else { throw .noConvergence(computation: "sample size") }
        return size
    }

    /// The variance of the estimated effect for one unit in the first arm.
    private func variance(_ effect: Double) throws(StatisticsError) -> Double {
        try Require.finite(effect, "effect")
        switch variances {
        case .means(let first, let second): return first + second / ratio
        case .proportions(let baseline):
            let second = baseline + effect
            guard second > 0, second < 1 else {
                throw .outOfRange(argument: "effect", value: effect, expected: "a lift that keeps the proportion between 0 and 1")
            }
            return baseline * (1 - baseline) + second * (1 - second) / ratio
        }
    }

    private func chance(_ variance: Double, _ effect: Double, _ size: Double) -> Double {
        guard size > 0 else { return 0 }
        let error = (variance / size).squareRoot()
        let z = -Normal.standardQuantile(significance)
        return max(0, NormalKernel.cdf((upperMargin - effect) / error - z) - NormalKernel.cdf((lowerMargin - effect) / error + z))
    }
}
