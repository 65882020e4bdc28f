extension Beta {
    /// The uniform distribution, a prior that favours no proportion.
    public static let uniform = Beta(validatedAlpha: 1, beta: 1)
    /// Jeffreys' prior for a proportion.
    public static let jeffreys = Beta(validatedAlpha: 0.5, beta: 0.5)

    /// The belief about a proportion after these trials, when it was `prior` before.
    public init(posteriorOf proportion: Proportion, prior: Beta = .uniform) {
        self.init(
            validatedAlpha: prior.alpha + Double(proportion.successes),
            beta: prior.beta + Double(proportion.trials - proportion.successes))
    }

    /// An interval that holds the proportion with this probability, the rest shared by both tails.
    public func credibleInterval(level: Double = 0.95) throws(StatisticsError) -> CredibleInterval {
        try Require.properProbability(level, "level")
        let tail = (1 - level) / 2
        return CredibleInterval(low: try quantile(tail), high: try inverseSurvival(tail), level: level)
    }
}
