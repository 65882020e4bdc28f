/// Events counted over an exposure: a time, a distance, a number of visits.
public struct EventRate: Estimating, Equatable {
    /// How many events there were.
    public let events: Int
    /// What they were counted over.
    public let exposure: Double

    /// A rate; the exposure must be positive.
    public init(events: Int, exposure: Double) throws(StatisticsError) {
        try Require.nonNegative(events, "events")
        try Require.positive(exposure, "exposure")
        guard (Double(events + 1) / exposure).isFinite else {
            throw .outOfRange(argument: "exposure", value: exposure, expected: "a number that the events can be divided by")
        }
        (self.events, self.exposure) = (events, exposure)
    }

    /// Events per unit of exposure.
    public var estimate: Double { Double(events) / exposure }

    /// The exact interval for the true rate.
    ///
    /// F. Garwood, Biometrika 28 (1936), doi:10.1093/biomet/28.3-4.437.
    public func confidenceInterval(level: Double, alternative: Alternative) throws(StatisticsError) -> ConfidenceInterval {
        try Require.properProbability(level, "level")
        let tail = alternative == .twoSided ? (1 - level) / 2 : 1 - level
        var (low, high) = (0.0, Double.infinity)
        if alternative != .less, events > 0 { low = try Gamma(validatedShape: Double(events), scale: 1).quantile(tail) / exposure }
        if alternative != .greater { high = try Gamma(validatedShape: Double(events + 1), scale: 1).inverseSurvival(tail) / exposure }
        return ConfidenceInterval(low: low, high: high, level: level)
    }
}
