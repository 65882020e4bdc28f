import Experiments
import Statistics
import Warehouse

/// Asks the warehouse for the sufficient statistics of many metrics at once.
struct MomentsQuery {
    let units: UnitTable
    let metrics: [MetricColumns]
    let session: Session

    /// A variant, and a value of a segment's column where there is one.
    struct Group: Hashable {
        let variant: String
        let segment: String?
    }

    /// Means of all units together, near which deviations are summed.
    func centers() async throws(AnalysisError) -> [[Double]] {
        var list: [SQL] = []
        for (j, metric) in metrics.enumerated() {
            for (a, column) in metric.columns.enumerated() {
                list.append("avg(\(metric.counted(column, otherwise: units.dialect.missingNumber))) AS \(column: "c\(j)_\(a)")")
            }
        }
        let table = try await session.query(
            "centres of the metrics", "SELECT \(list.joined(", ")) FROM \(table: units.name) WHERE \(units.isAssigned)")
        var centers: [[Double]] = []
        for (j, metric) in metrics.enumerated() {
            var row: [Double] = []
            for a in metric.columns.indices {
                let center = try table.number("c\(j)_\(a)")
                row.append(center.isFinite ? center : 0)
            }
            centers.append(row)
        }
        return centers
    }

    /// The moments of every metric in every variant, in one pass over the units; and in every value of a text, if one is given with its name.
    func moments(
        around centers: [[Double]], policy: Plan.Assignment.Policy, by segment: (name: String, text: SQL)? = nil
    ) async throws(AnalysisError) -> [[Group: GroupMoments]] {
        let variant = units.variant(policy)
        var list: [SQL] = ["\(variant) AS g_variant"]
        if let segment { list.append("\(segment.text) AS g_segment") }
        for (j, metric) in metrics.enumerated() { list += aggregates(metric, j, centers[j]) }
        let keys: SQL = segment.map { "\(variant), \($0.text)" } ?? variant
        let table = try await session.query(
            segment.map { "moments by variant and \($0.name)" } ?? "moments by variant",
            "SELECT \(list.joined(", ")) FROM \(table: units.name) WHERE \(units.isAssigned) GROUP BY \(keys)")
        let variants = try table.column(texts: "g_variant")
        let segments = segment == nil ? variants.map { _ in nil } : try table.column(texts: "g_segment")
        var results: [[Group: GroupMoments]] = []
        for (j, metric) in metrics.enumerated() {
            var groups: [Group: GroupMoments] = [:]
            let columns = try Columns(table, j, metric.columns.count)
            for row in variants.indices {
                guard let variant = variants[row] else { continue }
                groups[Group(variant: variant, segment: segments[row])] = try columns.group(row, centers[j])
            }
            results.append(groups)
        }
        return results
    }

    private func aggregates(_ metric: MetricColumns, _ j: Int, _ centers: [Double]) -> [SQL] {
        let (columns, zero) = (metric.columns, "\(value: 0.0)" as SQL)
        func sum(_ number: SQL, _ name: String) -> SQL { "sum(\(metric.counted(number, otherwise: zero))) AS \(column: name)" }
        let deviations = zip(columns, centers).map { "(\($0) - \(value: $1))" as SQL }
        var list: [SQL] = [sum("\(value: 1.0)", "n\(j)")]
        for a in columns.indices {
            list.append(sum(deviations[a], "s\(j)_\(a)"))
            for b in a..<columns.count { list.append(sum("\(deviations[a]) * \(deviations[b])", "p\(j)_\(a)_\(b)")) }
        }
        let first = metric.counted(columns.first ?? zero, otherwise: units.dialect.missingNumber)
        list.append("min(\(first)) AS \(column: "l\(j)")")
        list.append("max(\(first)) AS \(column: "h\(j)")")
        list.append(sum("CASE WHEN \(columns.first ?? zero) < \(zero) THEN \(value: 1.0) ELSE \(zero) END", "g\(j)"))
        list.append(sum(columns.first ?? zero, "t\(j)"))
        return list
    }

    /// The columns of one metric in the answer.
    private struct Columns {
        let counts, minima, maxima, negatives, totals: [Double?]
        let sums: [[Double?]]
        let products: [[Double?]]

        init(_ table: ResultTable, _ j: Int, _ size: Int) throws(AnalysisError) {
            counts = try table.column(numbers: "n\(j)")
            minima = try table.column(numbers: "l\(j)")
            maxima = try table.column(numbers: "h\(j)")
            negatives = try table.column(numbers: "g\(j)")
            totals = try table.column(numbers: "t\(j)")
            var (sums, products): ([[Double?]], [[Double?]]) = ([], [])
            for a in 0..<size {
                sums.append(try table.column(numbers: "s\(j)_\(a)"))
                for b in 0..<size { products.append(try table.column(numbers: "p\(j)_\(min(a, b))_\(max(a, b))")) }
            }
            (self.sums, self.products) = (sums, products)
        }

        func group(_ row: Int, _ centers: [Double]) throws(AnalysisError) -> GroupMoments {
            do throws(StatisticsError) {
                return try GroupMoments(
                    count: Int(counts[row] ?? 0), centers: centers, sums: sums.map { $0[row] ?? 0 },
                    products: products.map { $0[row] ?? 0 },
                    minimum: minima[row], maximum: maxima[row], negatives: Int(negatives[row] ?? 0), sum: totals[row] ?? 0)
            } catch {
                throw .data("the moments of a metric cannot be used: \(error)")
            }
        }
    }
}
