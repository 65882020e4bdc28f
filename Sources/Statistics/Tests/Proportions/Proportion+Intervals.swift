internal import Glibc

extension Proportion {
    /// How an interval for one proportion is made.
    ///
    /// L. D. Brown, T. T. Cai and A. DasGupta, "Interval estimation for a binomial proportion", Statistical Science 16 (2001),
    /// doi:10.1214/ss/1009213286, compare them; Wilson's is the default.
    public enum IntervalMethod: String, Sendable, CaseIterable {
        /// estimate ± z standard errors: too short for small or extreme proportions.
        case wald
        /// The inverted score test: E. B. Wilson, JASA 22 (1927), doi:10.1080/01621459.1927.10502953.
        case wilson
        /// Wilson's interval corrected for continuity: R. G. Newcombe, Statistics in Medicine 17 (1998),
        /// doi:10.1002/(SICI)1097-0258(19980430)17:8<857::AID-SIM777>3.0.CO;2-E, method 4; R's `prop.test`.
        case wilsonCorrected = "wilson-corrected"
        /// Wald's interval about Wilson's centre: A. Agresti and B. A. Coull, The American Statistician 52 (1998), doi:10.2307/2685469.
        case agrestiCoull = "agresti-coull"
        /// The inverted exact test, never below its level: C. J. Clopper and E. S. Pearson, Biometrika 26 (1934), doi:10.2307/2331986.
        case clopperPearson = "clopper-pearson"
        /// The equal-tailed posterior under Jeffreys' prior.
        case jeffreys
        /// Wald's interval of the log odds, turned back; Clopper and Pearson's where the proportion is 0 or 1.
        case logit
        /// The inverted likelihood-ratio test.
        case likelihoodRatio = "likelihood-ratio"
    }

    /// Wilson's interval for the true probability; a bound alone reaches to 0 or 1.
    public func confidenceInterval(level: Double, alternative: Alternative) throws(StatisticsError) -> ConfidenceInterval {
        try confidenceInterval(level: level, alternative: alternative, method: .wilson)
    }

    /// An interval for the true probability by the method of choice; a bound alone reaches to 0 or 1.
    public func confidenceInterval(
        level: Double = 0.95, alternative: Alternative = .twoSided, method: IntervalMethod
    ) throws(StatisticsError) -> ConfidenceInterval {
        try Require.properProbability(level, "level")
        let (low, high) = try bounds(tail: alternative == .twoSided ? (1 - level) / 2 : 1 - level, method)
        return ConfidenceInterval(
            low: alternative == .less ? 0 : max(0, low), high: alternative == .greater ? 1 : min(1, high), level: level)
    }

    private func bounds(tail: Double, _ method: IntervalMethod) throws(StatisticsError) -> (Double, Double) {
        let (n, p) = (Double(trials), estimate)
        let z = -Normal.standardQuantile(tail)
        switch method {
        case .wald:
            let reach = z * variance.squareRoot()
            return (p - reach, p + reach)
        case .wilson:
            return (wilson(below: z, 0), wilson(above: z, 0))
        case .wilsonCorrected:
            return (wilson(below: z, 0.5), wilson(above: z, 0.5))
        case .agrestiCoull:
            let size = n + z * z
            let center = (hits + z * z / 2) / size
            let reach = z * (center * (1 - center) / size).squareRoot()
            return (center - reach, center + reach)
        case .clopperPearson:
            return (
                successes == 0 ? 0 : try Beta(validatedAlpha: hits, beta: misses + 1).quantile(tail),
                successes == trials ? 1 : try Beta(validatedAlpha: hits + 1, beta: misses).inverseSurvival(tail)
            )
        case .jeffreys:
            let posterior = Beta(validatedAlpha: hits + 0.5, beta: misses + 0.5)
            return (try posterior.quantile(tail), try posterior.inverseSurvival(tail))
        case .logit:
            guard successes > 0, successes < trials else { return try bounds(tail: tail, .clopperPearson) }
            let odds = hits / misses
            let factor = exp(z * (1 / hits + 1 / misses).squareRoot())
            return (1 / (1 + factor / odds), 1 / (1 + 1 / (odds * factor)))
        case .likelihoodRatio:
            return try likelihoodBounds(z)
        }
    }

    /// The lesser root of the score equation, with this much taken off the number of successes.
    private func wilson(below z: Double, _ correction: Double) -> Double {
        guard hits > correction else { return 0 }
        let (n, x) = (Double(trials), hits - correction)
        let reach = z * (x * ((n - x) / n) + z * z / 4).squareRoot()
        return (x + z * z / 2 - reach) / (n + z * z)
    }

    private func wilson(above z: Double, _ correction: Double) -> Double {
        guard misses > correction else { return 1 }
        let (n, x) = (Double(trials), hits + correction)
        let reach = z * (x * ((n - x) / n) + z * z / 4).squareRoot()
        return (x + z * z / 2 + reach) / (n + z * z)
    }

    /// The probabilities whose likelihood is that of the estimate times exp(-z²/2), on the scale of log odds.
    private func likelihoodBounds(_ z: Double) throws(StatisticsError) -> (Double, Double) {
        let best = Self.term(hits, estimate) + Self.term(misses, misses / Double(trials))
        let excess = { (w: Double) in
            // log p = -log(1 + e⁻ʷ) and log(1 - p) = -log(1 + eʷ), neither of which cancels.
            best + hits * log1p(exp(-w)) + misses * log1p(exp(w)) - z * z / 2
        }
        let center = min(max(log((hits + 0.5) / (misses + 0.5)), -700), 700)
        let low = successes == 0 ? -.infinity : Root.increasing(from: center, step: 0.5, within: -700...700) { -excess($0) }
        let high = successes == trials ? .infinity : Root.increasing(from: center, step: 0.5, within: -700...700) { excess($0) }
        guard let low, let high else { throw .noConvergence(computation: "likelihood-ratio interval") }
        let ends = (1 / (1 + exp(-low)), 1 / (1 + exp(-high)))
        // A one-sided bound of a level below one half lies beyond the estimate.
        return z < 0 ? (ends.1, ends.0) : ends
    }

    private static func term(_ count: Double, _ share: Double) -> Double { count == 0 ? 0 : count * log(share) }
}
