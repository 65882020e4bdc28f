/// The first four central moments of a sample and its extremes, mergeable.
///
/// Blocks are combined by P. Pébay's formulas: "Formulas for robust, one-pass parallel computation of covariances and arbitrary-order
/// statistical moments", Sandia report SAND2008-6212 (2008), doi:10.2172/1028931.
public struct Moments: Equatable, Sendable {
    /// Count, mean and squared deviations.
    public private(set) var summary = Summary()
    /// Σ (x - mean)³.
    public private(set) var cubedDeviations = 0.0
    /// Σ (x - mean)⁴.
    public private(set) var fourthDeviations = 0.0
    /// The least value; infinite where there are none.
    public private(set) var minimum = Double.infinity
    /// The greatest value; minus infinity where there are none.
    public private(set) var maximum = -Double.infinity

    /// The moments of no values.
    public init() {}

    /// The moments of raw values, which must be finite.
    public init(_ values: Span<Double>) throws(StatisticsError) {
        values.withUnsafeBufferPointer { pointer in
            var start = 0
            while start < pointer.count {
                let end = min(start + Lanes.block, pointer.count)
                merge(Moments(block: UnsafeBufferPointer(rebasing: pointer[start..<end])))
                start = end
            }
        }
        if !(fourthDeviations.isFinite && mean.isFinite) {
            try Require.finite(values, "values")
            throw .outOfRange(argument: "values", value: maximum, expected: "values whose fourth powers can be added")
        }
    }

    /// The moments of raw values, which must be finite.
    public init(_ values: [Double]) throws(StatisticsError) {
        try self.init(values.span)
    }

    private init(block: UnsafeBufferPointer<Double>) {
        let n = Double(block.count)
        let center = block[0] + Lanes.sum(block, minus: block[0]) / n
        let (s1, s2, s3, s4) = Lanes.powers(block, minus: center)
        // `center` is the mean but for its rounding d; the powers are moved over to the mean itself.
        let d = s1 / n
        summary = Summary(mean: center, correction: d, squaredDeviations: max(0, s2 - d * s1), count: block.count)
        cubedDeviations = s3 - 3 * d * s2 + 2 * d * d * s1
        fourthDeviations = max(0, s4 - 4 * d * s3 + 6 * d * d * s2 - 3 * d * d * d * s1)
        (minimum, maximum) = Lanes.extremes(block)
    }

    /// Takes in the values that other moments stand for.
    public mutating func merge(_ other: Moments) {
        guard other.count > 0 else { return }
        guard count > 0 else {
            self = other
            return
        }
        let (a, b) = (Double(count), Double(other.count))
        let n = a + b
        let delta = other.summary.difference(from: summary)
        let share = delta / n
        let (m2, o2) = (summary.squaredDeviations, other.summary.squaredDeviations)
        fourthDeviations +=
            other.fourthDeviations + delta * share * share * share * a * b * (a * a - a * b + b * b)
            + 6 * share * share * (a * a * o2 + b * b * m2) + 4 * share * (a * other.cubedDeviations - b * cubedDeviations)
        cubedDeviations += other.cubedDeviations + delta * share * share * a * b * (a - b) + 3 * share * (a * o2 - b * m2)
        summary.merge(other.summary)
        minimum = min(minimum, other.minimum)
        maximum = max(maximum, other.maximum)
    }

    /// How many values there are.
    public var count: Int { summary.count }
    /// Their arithmetic mean; 0 where there are none.
    public var mean: Double { summary.mean }
    /// The variance, n - 1 below the line; 0 for fewer than two values.
    public var variance: Double { summary.variance }
    /// The square root of the variance.
    public var standardDeviation: Double { summary.standardDeviation }

    /// The skewness g₁ = m₃ / m₂^1.5; `nil` where the values do not vary, or too little for their cubes to be doubles.
    public var skewness: Double? {
        let n = Double(count)
        let m2 = summary.squaredDeviations / n
        return m2 > 1e-180 ? cubedDeviations / n / (m2 * m2.squareRoot()) : nil
    }

    /// The excess kurtosis g₂ = m₄ / m₂² - 3; `nil` where the values do not vary, or too little for their fourth powers to be doubles.
    public var excessKurtosis: Double? {
        let n = Double(count)
        let m2 = summary.squaredDeviations / n
        return m2 > 1e-140 ? fourthDeviations / n / (m2 * m2) - 3 : nil
    }
}
