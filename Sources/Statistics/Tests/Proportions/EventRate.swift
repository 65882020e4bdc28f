/// Events counted over an exposure: a time, a distance, a number of visits.
public struct EventRate: Equatable, Sendable {
    /// How many events there were.
    public let events: Int
    /// What they were counted over.
    public let exposure: Double

    /// A rate; the exposure must be positive.
    public init(events: Int, exposure: Double) throws(StatisticsError) {
        try Require.nonNegative(events, "events")
        try Require.positive(exposure, "exposure")
        (self.events, self.exposure) = (events, exposure)
    }

    /// Events per unit of exposure.
    public var estimate: Double { Double(events) / exposure }

    /// The exact interval for the true rate.
    ///
    /// F. Garwood, Biometrika 28 (1936), doi:10.1093/biomet/28.3-4.437.
    public func confidenceInterval(level: Double = 0.95) throws(StatisticsError) -> ConfidenceInterval {
        try Require.properProbability(level, "level")
        let tail = (1 - level) / 2
        let low = events == 0 ? 0 : try Gamma(validatedShape: Double(events), scale: 1).quantile(tail) / exposure
        let high = try Gamma(validatedShape: Double(events + 1), scale: 1).inverseSurvival(tail) / exposure
        return ConfidenceInterval(low: low, high: high, level: level)
    }
}
