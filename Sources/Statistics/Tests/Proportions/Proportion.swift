internal import Glibc

/// Successes out of trials.
public struct Proportion: Equatable, Sendable {
    /// How many trials succeeded.
    public let successes: Int
    /// How many trials there were.
    public let trials: Int

    /// A proportion; the trials must be positive and the successes lie among them.
    public init(successes: Int, trials: Int) throws(StatisticsError) {
        try Require.positive(trials, "trials")
        try Require.nonNegative(successes, "successes")
        guard successes <= trials else {
            throw .outOfRange(argument: "successes", value: Double(successes), expected: "at most the \(trials) trials")
        }
        (self.successes, self.trials) = (successes, trials)
    }

    /// The share of successes.
    public var estimate: Double { Double(successes) / Double(trials) }

    /// The variance of the share, from the share itself.
    var variance: Double { estimate * (1 - estimate) / Double(trials) }

    /// How an interval for one proportion is made.
    ///
    /// L. D. Brown, T. T. Cai and A. DasGupta, "Interval estimation for a binomial proportion", Statistical Science 16 (2001),
    /// doi:10.1214/ss/1009213286, compare them; Wilson's is the default.
    public enum IntervalMethod: String, Sendable, CaseIterable {
        /// estimate ± z standard errors: too short for small or extreme proportions.
        case wald
        /// The inverted score test: E. B. Wilson, JASA 22 (1927), doi:10.1080/01621459.1927.10502953.
        case wilson
        /// Wald's interval about Wilson's centre: A. Agresti and B. A. Coull, The American Statistician 52 (1998), doi:10.2307/2685469.
        case agrestiCoull = "agresti-coull"
        /// The inverted exact test, never below its level: C. J. Clopper and E. S. Pearson, Biometrika 26 (1934), doi:10.2307/2331986.
        case clopperPearson = "clopper-pearson"
        /// The equal-tailed posterior under Jeffreys' prior.
        case jeffreys
    }

    /// An interval for the true probability.
    public func confidenceInterval(level: Double = 0.95, method: IntervalMethod = .wilson) throws(StatisticsError) -> ConfidenceInterval {
        try Require.properProbability(level, "level")
        let tail = (1 - level) / 2
        let (n, x, p) = (Double(trials), Double(successes), estimate)
        let z = -Normal.standardQuantile(tail)
        func interval(_ low: Double, _ high: Double) -> ConfidenceInterval {
            ConfidenceInterval(low: max(0, low), high: min(1, high), level: level)
        }
        switch method {
        case .wald:
            let reach = z * variance.squareRoot()
            return interval(p - reach, p + reach)
        case .wilson:
            let center = (p + z * z / (2 * n)) / (1 + z * z / n)
            let reach = z / (1 + z * z / n) * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot()
            return interval(successes == 0 ? 0 : center - reach, successes == trials ? 1 : center + reach)
        case .agrestiCoull:
            let size = n + z * z
            let center = (x + z * z / 2) / size
            let reach = z * (center * (1 - center) / size).squareRoot()
            return interval(center - reach, center + reach)
        case .clopperPearson:
            return interval(
                successes == 0 ? 0 : try Beta(validatedAlpha: x, beta: n - x + 1).quantile(tail),
                successes == trials ? 1 : try Beta(validatedAlpha: x + 1, beta: n - x).inverseSurvival(tail))
        case .jeffreys:
            let posterior = Beta(validatedAlpha: x + 0.5, beta: n - x + 0.5)
            return interval(try posterior.quantile(tail), try posterior.inverseSurvival(tail))
        }
    }
}
