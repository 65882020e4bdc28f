/// What may be said once the test has stopped.
///
/// Outcomes are ordered by stage: stopping earlier is more extreme, and at the same look so is the larger statistic. A. A. Tsiatis,
/// G. L. Rosner and C. R. Mehta, "Exact confidence intervals following a group sequential test", Biometrics 40 (1984), doi:10.2307/2531158.
extension GroupSequentialDesign {
    /// The p-value of having stopped at a look, numbered from 0, with this z statistic.
    ///
    /// At the last look any statistic will do; at an earlier one it is as if that look had been the last.
    public func pValue(statistic: Double, look: Int) throws(StatisticsError) -> Double {
        try requireOutcome(statistic, look)
        switch alternative {
        case .greater: return upperTail(statistic, look, drift: 0)
        case .less: return upperTail(-statistic, look, drift: 0)
        case .twoSided: return min(1, 2 * min(upperTail(statistic, look, drift: 0), upperTail(-statistic, look, drift: 0)))
        }
    }

    /// The effects that are compatible with stopping at a look with this estimate, open on one side for a one-sided test.
    ///
    /// It holds zero exactly when the p-value exceeds one minus the level.
    public func confidenceInterval(
        estimate: Double, standardError: Double, look: Int, level: Double = 0.95
    ) throws(StatisticsError) -> ConfidenceInterval {
        try Require.finite(estimate, "estimate")
        try Require.positive(standardError, "standardError")
        try Require.properProbability(level, "level")
        try requireOutcome(estimate / standardError, look)
        // z at the look has expectation drift √t, and an effect is the drift times the standard error at full information.
        let unit = standardError * looks[look].fraction.squareRoot()
        let tail = alternative == .twoSided ? (1 - level) / 2 : 1 - level
        let z = estimate / standardError
        let low = alternative == .less ? -.infinity : try drift(z, look, tail: tail) * unit
        let high = alternative == .greater ? .infinity : try -drift(-z, look, tail: tail) * unit
        return ConfidenceInterval(low: low, high: high, level: level)
    }

    /// The effect for which the outcome is the median: half of all outcomes are more extreme.
    public func medianUnbiasedEstimate(estimate: Double, standardError: Double, look: Int) throws(StatisticsError) -> Double {
        try Require.finite(estimate, "estimate")
        try Require.positive(standardError, "standardError")
        try requireOutcome(estimate / standardError, look)
        let sign = alternative == .less ? -1.0 : 1.0
        let median = try sign * drift(sign * estimate / standardError, look, tail: 0.5)
        return median * standardError * looks[look].fraction.squareRoot()
    }

    /// The drift at which outcomes at least this far up have the probability `tail`.
    private func drift(_ z: Double, _ look: Int, tail: Double) throws(StatisticsError) -> Double {
        let start = z / looks[look].fraction.squareRoot()
        guard let drift = Root.increasing(from: start, step: 1, within: -1000...1000, { upperTail(z, look, drift: $0) - tail }) else {
            throw .noConvergence(computation: "confidence interval")
        }
        return drift
    }

    /// The probability to stop above earlier, or to be above z at this look; for the alternative "less" all is seen in a mirror.
    private func upperTail(_ z: Double, _ look: Int, drift: Double) -> Double {
        var paths = SequentialPaths(drift: drift)
        var tail = 0.0
        for k in 0..<look {
            let (fraction, bound) = (looks[k].fraction, looks[k].bound)
            if bound < .infinity { tail += paths.above(bound, at: fraction) }
            let low = alternative == .twoSided ? -bound : -.infinity
            paths.goOn(to: fraction, between: low, and: bound, next: looks[k + 1].fraction)
        }
        return tail + paths.above(z, at: looks[look].fraction)
    }

    private func requireOutcome(_ statistic: Double, _ look: Int) throws(StatisticsError) {
        try Require.finite(statistic, "statistic")
        guard looks.indices.contains(look) else {
            throw .outOfRange(argument: "look", value: Double(look), expected: "a look from 0 to \(looks.count - 1)")
        }
    }
}
