/// Bootstraps of quantiles, in O(log n) a resample.
extension Bootstrap {
    /// A quantile of one sample, by linear interpolation: 0.5 is the median.
    public init(quantile probability: Double, of values: [Double], _ plan: Resampling = .standard) throws(StatisticsError) {
        try Require.probability(probability, "probability")
        let sample = try SortedSample(values, "values", atLeast: 2)
        let quantile = ResampledQuantile(sample, probability)
        let drawn = plan.collect(prepare: {}) { stream, _, cells in cells[0] = quantile.draw(&stream) }
        try self.init(
            estimate: sample.quantile(probability), replicates: drawn, jackknife: { [Self.withoutEach(sample, probability)] })
    }

    /// The difference between a quantile of one sample and the same of another, first less second.
    public init(
        differenceOfQuantiles probability: Double, _ first: [Double], _ second: [Double], _ plan: Resampling = .standard
    ) throws(StatisticsError) {
        try Require.probability(probability, "probability")
        let a = try SortedSample(first, "first", atLeast: 2)
        let b = try SortedSample(second, "second", atLeast: 2)
        let (x, y) = (ResampledQuantile(a, probability), ResampledQuantile(b, probability))
        let drawn = plan.collect(prepare: {}) { stream, _, cells in cells[0] = x.draw(&stream) - y.draw(&stream) }
        try self.init(
            estimate: a.quantile(probability) - b.quantile(probability), replicates: drawn,
            jackknife: { [Self.withoutEach(a, probability), Self.withoutEach(b, probability).map { -$0 }] })
    }

    private static func withoutEach(_ sample: SortedSample, _ probability: Double) -> [Double] {
        let count = sample.values.count - 1
        let place = SortedSample.place(probability, count)
        let next = min(place.index + 1, count - 1)
        return sample.values.indices.map { left in
            func value(_ k: Int) -> Double { sample.values[k >= left ? k + 1 : k] }
            return SortedSample.between(value(place.index), value(next), place.part)
        }
    }
}
