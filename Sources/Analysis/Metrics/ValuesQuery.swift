import Experiments
import Statistics
import Warehouse

/// Asks the warehouse how often each value occurs: for ranks, quantiles and what is said of a distribution.
struct ValuesQuery {
    let units: UnitTable
    let session: Session

    /// The values of metrics in every variant, in ascending order; one statement and one scan for all of them.
    ///
    /// Where values are told apart, by ranks and quantiles, those that differ by rounding only are one: a warehouse adds up a unit's events in
    /// whatever order it likes.
    func values(of metrics: [MetricColumns], policy: Plan.Assignment.Policy) async throws(AnalysisError) -> [[String: [Double]]] {
        let missing = units.dialect.missingNumber
        let columns = metrics.map { $0.counted($0.outcome.first ?? missing, otherwise: missing) }
        guard !columns.isEmpty else { return [] }
        let table = try await session.query(
            "how often each value occurs",
            units.dialect.divided(
                "(SELECT * FROM \(table: units.name) WHERE \(units.isAssigned)) AS g_assigned", by: units.variant(policy), and: columns,
                missing: missing, aggregates: ["count(*) AS g_count"]))
        let (variants, places) = (try table.column(texts: "g_variant"), try table.column(numbers: "g_place"))
        let (numbers, counts) = (try table.column(numbers: "g_value"), try table.column(numbers: "g_count"))
        let isOrdered = metrics.map { $0.metric.kind == .quantile || $0.metric.test == .ranks }
        var found = metrics.map { _ in [String: [(value: Double, count: Int)]]() }
        for row in variants.indices {
            guard let variant = variants[row], let place = places[row], place > 0, let value = numbers[row], let count = counts[row] else {
                continue
            }
            let metric = Int(place) - 1
            found[metric][variant, default: []].append((isOrdered[metric] ? value.roundedToTwelveDigits : value, Int(count)))
        }
        return found.map { groups in
            groups.mapValues { values in
                values.sorted { $0.value < $1.value }.flatMap { repeatElement($0.value, count: $0.count) }
            }
        }
    }

    /// A quantile of all units that count together, by linear interpolation between order statistics; nil where there are no units.
    func quantile(_ probability: Double, of metric: MetricColumns, policy: Plan.Assignment.Policy) async throws(AnalysisError) -> Double? {
        guard let column = metric.outcome.first else { return nil }
        let isCounted: SQL = "\(units.isAssigned) AND (\(units.variant(policy))) IS NOT NULL"
        let counted: SQL = "\(isCounted)\(metric.population.map { " AND \($0)" as SQL } ?? "")"
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
