/// Something that has been estimated: the value as measured, and the range of values that the data leave open.
///
/// Tests of effects, estimates by any method, proportions, rates, standardised effects and bootstraps are all asked in these words.
public protocol Estimating: Sendable {
    /// The value as measured.
    var estimate: Double { get }
    /// The values that are compatible with the data; open on one side for a one-sided alternative.
    func confidenceInterval(level: Double, alternative: Alternative) throws(StatisticsError) -> ConfidenceInterval
}

extension Estimating {
    /// The two-sided interval.
    public func confidenceInterval(level: Double = 0.95) throws(StatisticsError) -> ConfidenceInterval {
        try confidenceInterval(level: level, alternative: .twoSided)
    }
}
