internal import Glibc

/// The count, mean and sum of squared deviations of a sample: all that tests of means need.
///
/// Summaries of parts of a sample merge into the summary of the whole. Nothing is ever computed from a sum of squares.
public struct Summary: Equatable, Sendable {
    /// How many values there are.
    public private(set) var count: Int
    /// Their arithmetic mean; 0 where there are none.
    public private(set) var mean: Double
    /// What the mean lost when it was rounded to a double: it matters when two means that share a large part are subtracted.
    private(set) var meanResidual: Double
    /// The sum of their squared deviations from the mean.
    public private(set) var squaredDeviations: Double

    /// The summary of no values.
    public init() {
        (count, mean, meanResidual, squaredDeviations) = (0, 0, 0, 0)
    }

    /// A summary from its published numbers; the standard deviation has n - 1 below the line.
    public init(mean: Double, standardDeviation: Double, count: Int) throws(StatisticsError) {
        try Require.finite(mean, "mean")
        try Require.nonNegative(standardDeviation, "standardDeviation")
        try Require.positive(count, "count")
        let squares = standardDeviation * standardDeviation * Double(count - 1)
        guard squares.isFinite, squares > 1e-280 || standardDeviation == 0 || count == 1 else {
            throw .outOfRange(argument: "standardDeviation", value: standardDeviation, expected: "a number that can be squared")
        }
        self.init(mean: mean, squaredDeviations: squares, count: count)
    }

    /// A summary from a mean and a variance with n - 1 below the line.
    public init(mean: Double, variance: Double, count: Int) throws(StatisticsError) {
        try Require.finite(mean, "mean")
        try Require.nonNegative(variance, "variance")
        try Require.positive(count, "count")
        try Require.finite(variance * Double(count - 1), "variance")
        self.init(mean: mean, squaredDeviations: variance * Double(count - 1), count: count)
    }

    init(mean: Double, correction: Double = 0, squaredDeviations: Double, count: Int) {
        let rounded = mean + correction
        // The exact error of that sum (D. E. Knuth, The Art of Computer Programming 2, 4.2.2).
        let added = rounded - mean
        let residual = (mean - (rounded - added)) + (correction - added)
        (self.count, self.mean, self.meanResidual, self.squaredDeviations) = (count, rounded, residual, squaredDeviations)
    }

    /// The summary of raw values, which must be finite.
    ///
    /// Each block is read twice while it lies in the cache: for its mean, then for the deviations from it (the corrected two-pass
    /// algorithm of T. F. Chan, G. H. Golub and R. J. LeVeque, The American Statistician 37 (1983), doi:10.1080/00031305.1983.10483115).
    public init(_ values: Span<Double>) throws(StatisticsError) {
        try self.init(values, argument: "values")
    }

    /// The summary of raw values; an error names them as `argument`.
    init(_ values: Span<Double>, argument: String, atLeast needed: Int = 0) throws(StatisticsError) {
        if needed > 0 { try Require.count(values.count, argument, atLeast: needed) }
        self.init(unchecked: values)
        try requireFinite(values, argument)
        // Squares this small have lost digits, or have vanished although the values differ.
        if squaredDeviations < 1e-280, let other = (0..<values.count).first(where: { values[$0] != values[0] }) {
            throw .outOfRange(argument: argument, value: values[other], expected: "values whose squares can be added")
        }
    }

    /// Rejects sums on which an infinite or undefined value has left its mark, or which have left the range of a double.
    func requireFinite(_ values: Span<Double>, _ argument: String) throws(StatisticsError) {
        guard !(squaredDeviations.isFinite && mean.isFinite) else { return }
        try Require.finite(values, argument)
        throw .outOfRange(argument: argument, value: values[0], expected: "values whose squares can be added")
    }

    /// The summary of raw values, which must be finite.
    public init(_ values: [Double]) throws(StatisticsError) {
        try self.init(values.span)
    }

    private init(unchecked values: Span<Double>) {
        self.init()
        values.withUnsafeBufferPointer { pointer in
            var start = 0
            while start < pointer.count {
                let end = min(start + Lanes.block, pointer.count)
                merge(Summary(block: UnsafeBufferPointer(rebasing: pointer[start..<end])))
                start = end
            }
        }
    }

    private init(block: UnsafeBufferPointer<Double>) {
        let count = Double(block.count)
        // Deviations from a first guess are small, so their mean loses nothing to a large common part.
        let guess = block[0]
        let center = guess + Lanes.sum(block, minus: guess) / count
        let (first, second) = Lanes.sums(block, minus: center)
        self.init(mean: center, correction: first / count, squaredDeviations: max(0, second - first * first / count), count: block.count)
    }

    /// Takes in the values that another summary stands for.
    public mutating func merge(_ other: Summary) {
        guard other.count > 0 else { return }
        guard count > 0 else {
            self = other
            return
        }
        let (a, b) = (Double(count), Double(other.count))
        let delta = other.difference(from: self)
        let spread = squaredDeviations + other.squaredDeviations + delta * delta * (a * b / (a + b))
        self = Summary(
            mean: mean, correction: meanResidual + delta * (b / (a + b)), squaredDeviations: spread,
            count: min(count + other.count, 1 << 61))
    }

    /// The mean less another's, to more digits than the two means hold.
    func difference(from other: Summary) -> Double {
        (mean - other.mean) + (meanResidual - other.meanResidual)
    }

    /// The variance, n - 1 below the line; 0 for fewer than two values.
    public var variance: Double { count > 1 ? squaredDeviations / Double(count - 1) : 0 }
    /// The square root of the variance.
    public var standardDeviation: Double { variance.squareRoot() }
    /// The standard deviation of the mean.
    public var standardError: Double { count > 0 ? (variance / Double(count)).squareRoot() : 0 }
    /// The sum of the values.
    public var sum: Double { mean * Double(count) }
}
