/// A sample of which a share has been cut off at each end.
struct TrimmedSample {
    /// The mean of what is kept.
    let mean: Double
    /// How many values are kept.
    let kept: Int
    /// How many values there were.
    let count: Int
    /// The sum of squared deviations of the winsorised sample: each value that was cut off stands at the last one kept.
    let winsorizedSquares: Double

    /// Trims values that are finite; `share` is from 0 to below one half, so at least one value is kept.
    init(_ values: Span<Double>, _ share: Double) throws(StatisticsError) {
        var sorted = [Double](copying: values)
        sorted.sort()
        let cut = Int(share * Double(sorted.count))
        (count, kept) = (sorted.count, sorted.count - 2 * cut)
        mean = try Summary(sorted.span.extracting(cut..<(count - cut))).mean
        for i in 0..<cut {
            sorted[i] = sorted[cut]
            sorted[count - 1 - i] = sorted[count - 1 - cut]
        }
        winsorizedSquares = try Summary(sorted.span).squaredDeviations
    }

    /// Trims a sample of which at least two values must be left.
    init(_ values: Span<Double>, _ argument: String, _ share: Double) throws(StatisticsError) {
        try Require.sample(values, argument, atLeast: 2)
        try self.init(values, share)
        try Require.count(kept, argument, atLeast: 2)
    }
}
