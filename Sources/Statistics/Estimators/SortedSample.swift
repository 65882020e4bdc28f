/// A sample in ascending order.
struct SortedSample: Sendable {
    let values: [Double]

    /// Sorts values that must be finite and not fewer than `needed`.
    init(_ values: [Double], _ argument: String, atLeast needed: Int) throws(StatisticsError) {
        try Require.sample(values.span, argument, atLeast: needed)
        self.values = values.sorted()
    }

    /// The quantile by linear interpolation between order statistics, R's type 7 and NumPy's default.
    ///
    /// R. J. Hyndman and Y. Fan, "Sample quantiles in statistical packages", The American Statistician 50 (1996), doi:10.2307/2684934.
    func quantile(_ p: Double) -> Double {
        let place = Self.place(p, values.count)
        return Self.between(values[place.index], values[min(place.index + 1, values.count - 1)], place.part)
    }

    /// Where the quantile lies among `count` values: an index and the part of the way to the next.
    static func place(_ p: Double, _ count: Int) -> (index: Int, part: Double) {
        let position = p * Double(count - 1)
        let index = min(Int(position), count - 1)
        return (index, position - Double(index))
    }

    static func between(_ a: Double, _ b: Double, _ part: Double) -> Double {
        if part == 0 || a == b { return a }
        // Between infinities of either sign there is no middle.
        return a.isInfinite && b.isInfinite ? (part < 0.5 ? a : b) : a * (1 - part) + b * part
    }
}
