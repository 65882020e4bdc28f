/// Bootstraps of any statistic.
extension Bootstrap {
    /// A statistic of one's own of one sample.
    public init(
        _ values: [Double], _ plan: Resampling = .standard, statistic: @escaping @Sendable ([Double]) -> Double
    ) throws(StatisticsError) {
        try Require.sample(values.span, "values", atLeast: 2)
        let drawn = plan.collect(prepare: { values }) { stream, resample, cells in
            Self.draw(values, &resample, &stream)
            cells[0] = statistic(resample)
        }
        try self.init(
            estimate: statistic(values), replicates: drawn, jackknife: { [Self.withoutEach(values, statistic)] })
    }

    /// A statistic of one's own of two samples, which are drawn independently.
    public init(
        _ first: [Double], _ second: [Double], _ plan: Resampling = .standard,
        statistic: @escaping @Sendable ([Double], [Double]) -> Double
    ) throws(StatisticsError) {
        try Require.sample(first.span, "first", atLeast: 2)
        try Require.sample(second.span, "second", atLeast: 2)
        let drawn = plan.collect(prepare: { (first, second) }) { stream, resamples, cells in
            Self.draw(first, &resamples.0, &stream)
            Self.draw(second, &resamples.1, &stream)
            cells[0] = statistic(resamples.0, resamples.1)
        }
        try self.init(
            estimate: statistic(first, second), replicates: drawn,
            jackknife: {
                [Self.withoutEach(first) { statistic($0, second) }, Self.withoutEach(second) { statistic(first, $0) }]
            })
    }

    /// A statistic of one's own with its standard error, for studentised intervals.
    public init(
        studentizing values: [Double], _ plan: Resampling = .standard, statistic: @escaping @Sendable ([Double]) -> Replicate
    ) throws(StatisticsError) {
        try Require.sample(values.span, "values", atLeast: 2)
        let drawn = plan.collect(width: 2, prepare: { values }) { stream, resample, cells in
            Self.draw(values, &resample, &stream)
            let replicate = statistic(resample)
            (cells[0], cells[1]) = (replicate.value, replicate.standardError)
        }
        let whole = statistic(values)
        try self.init(
            estimate: whole.value, replicates: stride(from: 0, to: drawn.count, by: 2).map { drawn[$0] },
            errors: (stride(from: 1, to: drawn.count, by: 2).map { drawn[$0] }, whole.standardError),
            jackknife: { [Self.withoutEach(values) { statistic($0).value }] })
    }

    private static func draw(_ values: [Double], _ resample: inout [Double], _ stream: inout RandomStream) {
        let bound = UInt32(truncatingIfNeeded: values.count)
        for i in resample.indices { resample[i] = values[stream.below(bound)] }
    }

    private static func withoutEach(_ values: [Double], _ statistic: ([Double]) -> Double) -> [Double] {
        values.indices.map { left in
            var rest = values
            rest.remove(at: left)
            return statistic(rest)
        }
    }
}
