/// An interval that covers the true value with the stated probability.
public struct ConfidenceInterval: Hashable, Sendable {
    /// The lower end; minus infinity for an upper bound alone.
    public let low: Double
    /// The upper end; infinity for a lower bound alone.
    public let high: Double
    /// The coverage, between 0 and 1.
    public let level: Double

    /// An interval from its ends.
    public init(low: Double, high: Double, level: Double) {
        (self.low, self.high, self.level) = (low, high, level)
    }

    /// Whether a value lies in the interval.
    public func contains(_ value: Double) -> Bool { low <= value && value <= high }

    /// estimate ± the quantile of a symmetric reference distribution times the standard error, on the sides that the alternative leaves.
    static func symmetric(
        _ estimate: Double, _ standardError: Double, _ level: Double, _ alternative: Alternative, _ quantile: (Double) -> Double
    ) throws(StatisticsError) -> ConfidenceInterval {
        try Require.properProbability(level, "level")
        switch alternative {
        case .twoSided:
            let reach = -quantile((1 - level) / 2) * standardError
            return ConfidenceInterval(low: estimate - reach, high: estimate + reach, level: level)
        case .greater:
            return ConfidenceInterval(low: estimate + quantile(1 - level) * standardError, high: .infinity, level: level)
        case .less:
            return ConfidenceInterval(low: -.infinity, high: estimate - quantile(1 - level) * standardError, level: level)
        }
    }
}
