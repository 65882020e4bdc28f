/// Many metrics of the same units, compared at once: step-down p-values from the greatest statistic of each reassignment.
///
/// Units change variants with all their metrics, so the dependence between these is used and not assumed. The family-wise error is
/// controlled. P. H. Westfall and S. S. Young, "Resampling-based Multiple Testing" (1993), algorithm 4.1, ISBN 978-0471557616;
/// Y. Ge, S. Dudoit and T. P. Speed, "Resampling-based multiple testing for microarray data analysis", Test 12 (2003),
/// doi:10.1007/BF02595811, box 4. O(metrics · n) a reassignment.
public struct PermutationMaxT: Sendable {
    /// Welch's t of each metric, first less second, in the order given.
    public let statistics: [Double]
    /// The two-sided p-values of each metric by itself.
    public let pValues: [Double]
    /// The p-values adjusted for all of them.
    public let adjustedPValues: [Double]
    /// Whether every assignment was gone through.
    public let isExact: Bool

    /// Compares two samples of units by several metrics; each metric is a column over the same units.
    ///
    /// A metric that does not vary is an error that names it.
    public init(_ first: [[Double]], _ second: [[Double]], _ plan: Resampling = .standard) throws(StatisticsError) {
        guard let m = first.first?.count, let n = second.first?.count else { throw .empty(argument: first.isEmpty ? "first" : "second") }
        guard first.count == second.count else {
            throw .countMismatch(argument: "second", count: second.count, expected: first.count)
        }
        var metrics: [Metric] = []
        for (j, (a, b)) in zip(first, second).enumerated() {
            guard a.count == m else { throw .countMismatch(argument: "first[\(j)]", count: a.count, expected: m) }
            guard b.count == n else { throw .countMismatch(argument: "second[\(j)]", count: b.count, expected: n) }
            try Require.sample(a.span, "first[\(j)]", atLeast: 2)
            try Require.sample(b.span, "second[\(j)]", atLeast: 2)
            let whole = try Summary(a + b)
            guard whole.squaredDeviations > 0 else { throw .noVariance(argument: "metric \(j)") }
            metrics.append(Metric((a + b).map { ($0 - whole.mean) / whole.standardDeviation }, m))
        }
        let units = Array(0..<Int32(truncatingIfNeeded: m + n))
        let fixed = metrics
        let observed = fixed.map { $0.statistic(units) }
        // From the most extreme metric to the least.
        let order = observed.indices.sorted { abs(observed[$0]) > abs(observed[$1]) }
        let ways = Subsets.count(m + n, m)
        isExact = ways.map { $0 <= plan.count } ?? false
        let rows =
            isExact
            ? Subsets.all(m + n, m).flatMap { subset in
                let chosen = subset.chosen.map { Int32(truncatingIfNeeded: $0) }
                return fixed.map { abs($0.statistic(chosen)) }
            }
            : plan.collect(width: fixed.count, prepare: { units }) { stream, shuffled, cells in
                shuffled = units
                stream.choose(m, &shuffled)
                for j in fixed.indices { cells[j] = abs(fixed[j].statistic(shuffled)) }
            }
        statistics = observed
        (pValues, adjustedPValues) = Self.count(rows, observed.map(abs), order, isExact)
    }

    private static func count(
        _ rows: [Double], _ observed: [Double], _ order: [Int], _ isExact: Bool
    ) -> (plain: [Double], adjusted: [Double]) {
        let width = observed.count
        var plain = Array(repeating: isExact ? 0 : 1, count: width)
        var adjusted = plain
        let limits = observed.map { $0 * (1 - 1e-12) }
        for row in stride(from: 0, to: rows.count, by: width) {
            var greatest = 0.0
            for j in order.reversed() {
                greatest = max(greatest, rows[row + j])
                if rows[row + j] >= limits[j] { plain[j] += 1 }
                if greatest >= limits[j] { adjusted[j] += 1 }
            }
        }
        let total = Double(rows.count / width + (isExact ? 0 : 1))
        var result = Array(repeating: 0.0, count: width)
        var least = 0.0
        for j in order {
            least = max(least, Double(adjusted[j]) / total)
            result[j] = least
        }
        return (plain.map { Double($0) / total }, result)
    }

    /// One metric, standardised over all units, so that sums of squares lose nothing.
    private struct Metric: Sendable {
        private let values: [Double]
        private let first: Int
        private let squares: Double

        init(_ values: [Double], _ first: Int) {
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
}
