/// Successes out of trials.
public struct Proportion: Estimating, Equatable {
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
    /// The number of successes, as a double.
    var hits: Double { Double(successes) }
    /// The number of failures, as a double.
    var misses: Double { Double(trials - successes) }
    /// The variance of the share, from the share itself.
    var variance: Double { estimate * (misses / Double(trials)) / Double(trials) }
}
