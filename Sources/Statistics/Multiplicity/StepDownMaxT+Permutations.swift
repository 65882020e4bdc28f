/// What hangs together is learnt from reassignments of the units.
///
/// Y. Ge, S. Dudoit and T. P. Speed, "Resampling-based multiple testing for microarray data analysis", Test 12 (2003),
/// doi:10.1007/BF02595811, box 4.
extension StepDownMaxT {
    /// Adjusts any statistics by what they were in permutations of the units among the arms, one row a permutation.
    ///
    /// The observed arrangement counts as one more, so no p-value is zero: with B rows the least is 1 / (B + 1).
    public init(
        _ statistics: [Double], permutations: [[Double]], alternative: Alternative = .twoSided
    ) throws(StatisticsError) {
        try Require.sample(statistics.span, "statistics", atLeast: 1)
        try Require.count(permutations.count, "permutations", atLeast: 1)
        for (row, permuted) in permutations.enumerated() {
            guard permuted.count == statistics.count else {
                throw .countMismatch(argument: "permutations[\(row)]", count: permuted.count, expected: statistics.count)
            }
            try Require.finite(permuted.span, "permutations[\(row)]")
        }
        self.init(statistics, rows: permutations.flatMap { $0 }, alternative, isExact: false)
    }

    /// Compares two samples of units by several metrics, each a column over the same units, by Welch's t of each, first less second.
    ///
    /// Units change sides with all their metrics. Where all assignments are few enough they are gone through one by one, else they are
    /// drawn. A metric that does not vary is an error that names it. O(metrics · n) a reassignment.
    public init(
        _ first: [[Double]], _ second: [[Double]], alternative: Alternative = .twoSided, _ plan: Resampling = .standard
    ) throws(StatisticsError) {
        let metrics = try PermutedMetric.all(first, second)
        let (m, n) = (first[0].count, second[0].count)
        let units = Array(0..<Int32(truncatingIfNeeded: m + n))
        let isExact = Subsets.count(m + n, m).map { $0 <= plan.count } ?? false
        let rows =
            isExact
            ? Subsets.all(m + n, m).flatMap { subset in
                let chosen = subset.chosen.map { Int32(truncatingIfNeeded: $0) }
                return metrics.map { $0.statistic(chosen) }
            }
            : plan.collect(width: metrics.count, prepare: { units }) { stream, shuffled, cells in
                shuffled = units
                stream.choose(m, &shuffled)
                for j in metrics.indices { cells[j] = metrics[j].statistic(shuffled) }
            }
        self.init(metrics.map { $0.statistic(units) }, rows: rows, alternative, isExact: isExact)
    }

    /// Counts in how many rows a statistic, or the greatest of those that are no more extreme, reaches the observed one.
    private init(_ statistics: [Double], rows: [Double], _ alternative: Alternative, isExact: Bool) {
        let width = statistics.count
        let sizes = statistics.map(alternative.size)
        let order = sizes.indices.sorted { sizes[$0] > sizes[$1] }
        // Statistics that differ by rounding alone are equal.
        let limits = sizes.map { $0.isInfinite ? $0 : $0 - 1e-12 * abs($0) }
        // Among drawn rows the observed arrangement counts as one more.
        let extra = isExact ? 0 : 1
        var plain = Array(repeating: extra, count: width)
        var reached = plain
        for row in stride(from: 0, to: rows.count, by: width) {
            var greatest = -Double.infinity
            for j in order.reversed() {
                let size = alternative.size(rows[row + j])
                greatest = max(greatest, size)
                if size >= limits[j] { plain[j] += 1 }
                if greatest >= limits[j] { reached[j] += 1 }
            }
        }
        let total = Double(rows.count / width + extra)
        var (adjusted, highest) = (statistics, 0.0)
        for j in order {
            highest = max(highest, Double(reached[j]) / total)
            adjusted[j] = highest
        }
        self.init(statistics, alternative, pValues: plain.map { Double($0) / total }, adjusted: adjusted, isExact: isExact)
    }
}

/// One metric, standardised over all units, so that sums of squares lose nothing.
private struct PermutedMetric: Sendable {
    private let values: [Double]
    private let first: Int
    private let squares: Double

    static func all(_ first: [[Double]], _ second: [[Double]]) throws(StatisticsError) -> [PermutedMetric] {
        guard let m = first.first?.count, let n = second.first?.count else { throw .empty(argument: first.isEmpty ? "first" : "second") }
        guard first.count == second.count else { throw .countMismatch(argument: "second", count: second.count, expected: first.count) }
        var metrics: [PermutedMetric] = []
        for (j, (a, b)) in zip(first, second).enumerated() {
            guard a.count == m else { throw .countMismatch(argument: "first[\(j)]", count: a.count, expected: m) }
            guard b.count == n else { throw .countMismatch(argument: "second[\(j)]", count: b.count, expected: n) }
            try Require.sample(a.span, "first[\(j)]", atLeast: 2)
            try Require.sample(b.span, "second[\(j)]", atLeast: 2)
            let whole = try Summary((a + b).span, argument: "metric \(j)")
            guard whole.squaredDeviations > 0 else { throw .noVariance(argument: "metric \(j)") }
            metrics.append(PermutedMetric((a + b).map { ($0 - whole.mean) / whole.standardDeviation }, m))
        }
        return metrics
    }

    private init(_ values: [Double], _ first: Int) {
        (self.values, self.first) = (values, first)
        squares = values.reduce(0) { $0 + $1 * $1 }
    }

    /// Welch's t where the first `first` of these units are the first sample.
    func statistic(_ units: [Int32]) -> Double {
        var (sum, square) = (0.0, 0.0)
        for i in 0..<first {
            let value = values[Int(units[i])]
            sum += value
            square += value * value
        }
        let (m, n) = (Double(first), Double(values.count - first))
        let within = max(0, square - sum * sum / m) / (m - 1) / m
        let without = max(0, squares - square - sum * sum / n) / (n - 1) / n
        let difference = sum / m + sum / n
        // Samples that do not vary within and yet differ are the most extreme there is.
        let error = (within + without).squareRoot()
        return error > 1e-12 ? difference / error : (abs(difference) > 1e-12 ? difference * .infinity : 0)
    }
}
