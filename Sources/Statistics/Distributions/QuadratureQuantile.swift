internal import Glibc

/// Quantiles of distributions whose tails are computed numerically.
extension ContinuousDistribution {
    /// Solves for the argument at which a tail has this probability, on the logarithm of the smaller tail.
    func solveQuantile(_ p: Double, upperTail: Bool, start: Double, step: Double) throws(StatisticsError) -> Double {
        try Require.probability(p, "probability")
        if p == 0 { return upperTail ? support.upperBound : support.lowerBound }
        if p == 1 { return upperTail ? support.lowerBound : support.upperBound }
        let small = p < 0.5
        let goal = small ? log(p) : log1p(-p)
        let useUpper = upperTail == small
        let excess = { (x: Double) in useUpper ? goal - logSurvival(x) : logCDF(x) - goal }
        let root: Double?
        if support.lowerBound == 0 {
            // On a logarithmic scale, so that the smallest quantile is as precise as the largest.
            root = Root.increasing(from: log(start), step: step / start, within: -708...709) { excess(exp($0)) }.map { exp($0) }
        } else {
            root = Root.increasing(from: start, step: step, within: support, excess)
        }
        guard let root else { throw .noConvergence(computation: "quantile") }
        // One step of Newton's method recovers what the logarithmic scale rounded away.
        let correction = excess(root) * exp(goal) / density(root)
        return correction.isFinite && abs(correction) < 1e-6 * abs(root) ? root - correction : root
    }
}
