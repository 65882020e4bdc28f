/// An interval that holds the unknown value with the stated probability, given the data and the prior.
public struct CredibleInterval: Equatable, Sendable {
    /// The lower end.
    public let low: Double
    /// The upper end.
    public let high: Double
    /// The probability, between 0 and 1.
    public let level: Double

    /// An interval from its ends.
    public init(low: Double, high: Double, level: Double) {
        (self.low, self.high, self.level) = (low, high, level)
    }

    /// Whether a value lies in the interval.
    public func contains(_ value: Double) -> Bool { low <= value && value <= high }
}
