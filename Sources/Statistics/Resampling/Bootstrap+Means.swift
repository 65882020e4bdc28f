/// Bootstraps of means and what is made of them.
extension Bootstrap {
    /// The mean of one sample; intervals of every kind.
    public init(mean values: [Double], _ plan: Resampling = .standard) throws(StatisticsError) {
        let sample = try Centered(values, "values")
        let drawn = plan.collect(width: 2, prepare: {}) { stream, _, cells in
            (cells[0], cells[1]) = sample.meanAndError(&stream)
        }
        let (means, errors) = Self.unzip(drawn)
        try self.init(
            estimate: sample.summary.mean, replicates: means, errors: (errors, sample.summary.standardError),
            jackknife: { [sample.withoutEach] })
    }

    /// The mean of one sample; intervals of every kind.
    public init(mean values: Span<Double>, _ plan: Resampling = .standard) throws(StatisticsError) {
        try self.init(mean: [Double](copying: values), plan)
    }

    /// The difference of two means, first less second.
    public init(
        differenceOfMeans first: Span<Double>, _ second: Span<Double>, studentizing: Bool = false, _ plan: Resampling = .standard
    ) throws(StatisticsError) {
        try self.init(differenceOfMeans: [Double](copying: first), [Double](copying: second), studentizing: studentizing, plan)
    }

    /// The difference of two means, first less second.
    ///
    /// The studentised interval needs a second sum for each draw: leave `studentizing` off for the fastest percentile interval.
    public init(
        differenceOfMeans first: [Double], _ second: [Double], studentizing: Bool = false, _ plan: Resampling = .standard
    ) throws(StatisticsError) {
        let a = try Centered(first, "first", squares: studentizing)
        let b = try Centered(second, "second", squares: studentizing)
        let estimate = a.summary.mean - b.summary.mean
        let jackknife: @Sendable () -> [[Double]] = { [a.withoutEach, b.withoutEach.map { -$0 }] }
        guard studentizing else {
            let drawn = plan.collect(prepare: {}) { stream, _, cells in
                cells[0] = a.mean(&stream) - b.mean(&stream)
            }
            try self.init(estimate: estimate, replicates: drawn, jackknife: jackknife)
            return
        }
        let drawn = plan.collect(width: 2, prepare: {}) { stream, _, cells in
            let (x, y) = (a.meanAndError(&stream), b.meanAndError(&stream))
            cells[0] = x.0 - y.0
            cells[1] = (x.1 * x.1 + y.1 * y.1).squareRoot()
        }
        let (differences, errors) = Self.unzip(drawn)
        let error = (a.summary.standardError * a.summary.standardError + b.summary.standardError * b.summary.standardError).squareRoot()
        try self.init(estimate: estimate, replicates: differences, errors: (errors, error), jackknife: jackknife)
    }

    /// The relative lift of the mean of one sample over that of another: 0.1 is ten per cent more.
    public init(relativeLiftOf treatment: [Double], over control: [Double], _ plan: Resampling = .standard) throws(StatisticsError) {
        let a = try Centered(treatment, "treatment", squares: false)
        let b = try Centered(control, "control", squares: false)
        let (x, y) = (a.summary.mean, b.summary.mean)
        guard y != 0 else { throw .outOfRange(argument: "control", value: 0, expected: "a mean other than zero") }
        let drawn = plan.collect(prepare: {}) { stream, _, cells in
            let base = b.mean(&stream)
            cells[0] = (a.mean(&stream) - base) / base
        }
        try self.init(
            estimate: (x - y) / y, replicates: drawn,
            jackknife: { [a.withoutEach.map { ($0 - y) / y }, b.withoutEach.map { (x - $0) / $0 }] })
    }

    /// The ratio of two sums over the same units, which are drawn as they are.
    public init(ratioOf numerators: [Double], to denominators: [Double], _ plan: Resampling = .standard) throws(StatisticsError) {
        guard numerators.count == denominators.count else {
            throw .countMismatch(argument: "denominators", count: denominators.count, expected: numerators.count)
        }
        try Require.sample(numerators.span, "numerators", atLeast: 2)
        try Require.sample(denominators.span, "denominators", atLeast: 2)
        let (above, below) = (try Summary(numerators).sum, try Summary(denominators).sum)
        guard below != 0 else { throw .outOfRange(argument: "denominators", value: 0, expected: "values whose sum is not zero") }
        let sums = ResampledSum(zip(numerators, denominators).map { SIMD2($0, $1) })
        let drawn = plan.collect(prepare: {}) { stream, _, cells in
            let sum = sums.draw(&stream)
            cells[0] = sum.x / sum.y
        }
        try self.init(
            estimate: above / below, replicates: drawn,
            jackknife: { [zip(numerators, denominators).map { (above - $0) / (below - $1) }] })
    }

    private static func unzip(_ pairs: [Double]) -> ([Double], [Double]) {
        (stride(from: 0, to: pairs.count, by: 2).map { pairs[$0] }, stride(from: 1, to: pairs.count, by: 2).map { pairs[$0] })
    }

    /// A sample ready to be resampled, less its mean so that sums lose nothing.
    private struct Centered: Sendable {
        let summary: Summary
        private let values: [Double]
        private let sums: ResampledSum<Double>
        private let squares: ResampledSum<SIMD2<Double>>

        init(_ values: [Double], _ argument: String, squares wanted: Bool = true) throws(StatisticsError) {
            try Require.sample(values.span, argument, atLeast: 2)
            let summary = try Summary(values)
            let deviations = values.map { $0 - summary.mean }.sorted()
            (self.summary, self.values) = (summary, values)
            sums = ResampledSum(wanted ? [] : deviations)
            squares = ResampledSum(wanted ? deviations.map { SIMD2($0, $0 * $0) } : [])
        }

        func mean(_ stream: inout RandomStream) -> Double {
            summary.mean + sums.draw(&stream) / Double(summary.count)
        }

        func meanAndError(_ stream: inout RandomStream) -> (Double, Double) {
            let n = Double(summary.count)
            let sum = squares.draw(&stream)
            let variance = max(0, sum.y - sum.x * sum.x / n) / (n - 1)
            return (summary.mean + sum.x / n, (variance / n).squareRoot())
        }

        /// The mean without each value in turn.
        var withoutEach: [Double] {
            values.map { summary.mean + (summary.mean - $0) / Double(summary.count - 1) }
        }
    }
}
