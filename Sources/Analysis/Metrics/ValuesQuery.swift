import Experiments
import Warehouse

/// Asks the warehouse how often each value occurs: for ranks, quantiles and what is said of a distribution.
struct ValuesQuery {
    let units: UnitTable
    let session: Session

    /// The values of a metric in every variant, in ascending order.
    func values(of metric: MetricColumns, policy: Plan.Assignment.Policy) async throws(AnalysisError) -> [String: [Double]] {
        let variant = units.variant(policy)
        guard let column = metric.columns.first else { return [:] }
        let counted: SQL = metric.population.map { " AND \($0)" } ?? ""
        let table = try await session.query(
            "values of \(metric.metric.name.text)",
            """
            SELECT \(variant) AS g_variant, \(column) AS g_value, count(*) AS g_count FROM \(table: units.name)
            WHERE \(units.isAssigned)\(counted) GROUP BY \(variant), \(column) ORDER BY g_value
            """)
        let (variants, numbers, counts) = (
            try table.column(texts: "g_variant"), try table.column(numbers: "g_value"), try table.column(numbers: "g_count")
        )
        var values: [String: [Double]] = [:]
        for row in variants.indices {
            guard let variant = variants[row], let number = numbers[row], let count = counts[row] else { continue }
            values[variant, default: []].append(contentsOf: repeatElement(number, count: Int(count)))
        }
        return values
    }

    /// A quantile of all units together, by linear interpolation between order statistics; nil where there are no units.
    func quantile(_ probability: Double, of metric: MetricColumns) async throws(AnalysisError) -> Double? {
        guard let column = metric.columns.first else { return nil }
        let counted: SQL = "\(units.isAssigned)\(metric.population.map { " AND \($0)" as SQL } ?? "")"
        let size = try await session.query(
            "units of \(metric.metric.name.text)", "SELECT count(*) AS g_count FROM \(table: units.name) WHERE \(counted)")
        let count = Int(try size.number("g_count"))
        guard count > 0 else { return nil }
        let place = probability * Double(count - 1)
        let index = Int(place)
        let table = try await session.query(
            "a quantile of \(metric.metric.name.text)",
            "SELECT \(column) AS g_value FROM \(table: units.name) WHERE \(counted) ORDER BY g_value LIMIT 2 OFFSET \(value: index)")
        let around = try table.column(numbers: "g_value").compactMap(\.self)
        guard let low = around.first else { return nil }
        return low + (place - Double(index)) * ((around.count > 1 ? around[1] : low) - low)
    }
}
