/// Limits to what a value may count: found once, from the pooled data, and then applied alike to every variant.
///
/// Winsorising moves what lies beyond to the limit; trimming leaves it out. Limits found in each variant by itself would bias the effect.
public struct Limits: Equatable, Sendable {
    /// One end.
    public enum End: Equatable, Sendable {
        /// No limit.
        case none
        /// A limit at a given value.
        case value(Double)
        /// A limit at a quantile of the pooled data.
        case quantile(Double)
    }

    /// The least value that is left as it is.
    public let low: Double
    /// The greatest value that is left as it is.
    public let high: Double

    /// Limits for values pooled over all variants.
    public init(pooled values: [Double], lower: End = .none, upper: End = .none) throws(StatisticsError) {
        let sample = try SortedSample(values, "values", atLeast: 1)
        low = try Self.limit(lower, sample, "lower") ?? -.infinity
        high = try Self.limit(upper, sample, "upper") ?? .infinity
        guard low <= high else { throw .outOfRange(argument: "lower", value: low, expected: "at most the upper limit \(high)") }
    }

    /// Limits at given values; an end that is infinite is open.
    public init(low: Double = -.infinity, high: Double = .infinity) throws(StatisticsError) {
        for (name, value) in [("low", low), ("high", high)] where value.isNaN { throw .notANumber(argument: name, index: nil) }
        guard low <= high else { throw .outOfRange(argument: "low", value: low, expected: "at most the upper limit \(high)") }
        (self.low, self.high) = (low, high)
    }

    /// The values, with those beyond a limit moved to it; all must be finite.
    public func winsorized(_ values: [Double]) throws(StatisticsError) -> [Double] {
        try Require.finite(values.span, "values")
        return values.map { min(max($0, low), high) }
    }

    /// The values that lie within the limits; all must be finite.
    public func trimmed(_ values: [Double]) throws(StatisticsError) -> [Double] {
        try Require.finite(values.span, "values")
        return values.filter { low <= $0 && $0 <= high }
    }

    private static func limit(_ end: End, _ sample: SortedSample, _ name: String) throws(StatisticsError) -> Double? {
        switch end {
        case .none: return nil
        case .value(let value):
            try Require.finite(value, name)
            return value
        case .quantile(let probability):
            try Require.probability(probability, name)
            return sample.quantile(probability)
        }
    }
}
