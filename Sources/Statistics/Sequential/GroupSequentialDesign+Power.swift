/// What the design costs and gains when there is an effect.
///
/// The drift is the expectation of the z statistic at full information: effect over its standard error at fraction 1.
extension GroupSequentialDesign {
    /// The probability to stop at each look and find an effect, on the side of the drift.
    public func rejectionProbabilities(drift: Double) throws(StatisticsError) -> [Double] {
        try Require.finite(drift, "drift")
        return crossings(drift)
    }

    /// The probability to find an effect at any look; on either side for a two-sided test.
    public func power(drift: Double) throws(StatisticsError) -> Double {
        try Require.finite(drift, "drift")
        var power = crossings(drift).reduce(0, +)
        if alternative == .twoSided { power += crossings(-drift).reduce(0, +) }
        return min(1, power)
    }

    /// The drift at which an effect is found with this probability; negative where the alternative is less.
    public func drift(power: Double) throws(StatisticsError) -> Double {
        try Require.power(power, above: significance)
        let sides = alternative == .twoSided ? 2.0 : 1.0
        let guess = max(0.1, Normal.standardQuantile(power) - Normal.standardQuantile(significance / sides))
        let sign = alternative == .less ? -1.0 : 1.0
        let excess = { (drift: Double) in
            var found = self.crossings(sign * drift).reduce(0, +)
            if self.alternative == .twoSided { found += self.crossings(-drift).reduce(0, +) }
            return found - power
        }
        guard let drift = Root.increasing(from: guess, step: 0.1, within: 0...100, excess) else {
            throw .noConvergence(computation: "drift")
        }
        return sign * drift
    }

    /// By how much the final sample must be larger than that of a test with one look at the end, for the same power.
    public func inflation(power: Double) throws(StatisticsError) -> Double {
        let sequential = try drift(power: power)
        let fixed = try NormalPower(significance: significance, alternative: alternative, ratio: .infinity)
            .detectableEffect(size: 1, power: power)
        return (sequential / fixed) * (sequential / fixed)
    }

    /// The share of the final information that is used on average.
    public func expectedInformation(drift: Double) throws(StatisticsError) -> Double {
        try Require.finite(drift, "drift")
        var stopped = crossings(drift)
        if alternative == .twoSided { stopped = zip(stopped, crossings(-drift)).map { $0 + $1 } }
        let last = looks[looks.count - 1].fraction
        return last - zip(looks, stopped).reduce(0) { $0 + (last - $1.0.fraction) * $1.1 }
    }

    /// The probabilities to leave through the upper bound at each look, or for the alternative "less" through the lower one.
    private func crossings(_ drift: Double) -> [Double] {
        var paths = SequentialPaths(drift: alternative == .less ? -drift : drift)
        return looks.indices.map { k in
            let (fraction, bound) = (looks[k].fraction, looks[k].bound)
            let crossed = bound == .infinity ? 0 : paths.above(bound, at: fraction)
            if k + 1 < looks.count {
                let low = alternative == .twoSided ? -bound : -.infinity
                paths.goOn(to: fraction, between: low, and: bound, next: looks[k + 1].fraction)
            }
            return crossed
        }
    }
}
