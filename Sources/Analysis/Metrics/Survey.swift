import Experiments
import Warehouse

/// What one statement over the table of units tells: how many units there are of every sort, and the moments of every metric, by variant and
/// by every segment.
struct Survey {
    let columns: [MetricColumns]
    /// Near what deviations are summed, by metric and column.
    let centers: [[Double]]
    let counts: UnitCounts
    /// By metric.
    let moments: [[MomentsQuery.Group: GroupMoments]]
    /// By metric why it cannot be judged, if it cannot; then there are no moments of it.
    let faults: [MetricFault?]

    /// How often better centres are tried: variants may be so unlike each other that none serves all.
    private static let attempts = 2

    init(_ units: UnitTable, _ session: Session) async throws(AnalysisError) {
        let plan = units.plan
        var columns: [MetricColumns] = []
        for metric in plan.metrics { columns.append(MetricColumns(metric, of: units, cap: try await Survey.cap(metric, units, session))) }
        var (centers, bases) = try await MomentsQuery(units: units, metrics: columns, session: session).centers(plan.assignment.policy)
        for (j, base) in bases.enumerated() where base != 0 {
            columns[j].base = base
            centers[j][0] = 0
        }
        let query = MomentsQuery(units: units, metrics: columns, session: session)
        func answer(_ centers: [[Double]]) async throws(AnalysisError) -> MomentsQuery.Answer {
            try await query.answer(
                plan.segments.isEmpty ? "all metrics by variant" : "all metrics by variant and by every segment", around: centers,
                policy: plan.assignment.policy, by: plan.segments.indices.map { "\(column: UnitTable.column(segment: $0))" },
                more: UnitCounts.aggregates(units))
        }
        var found = try await answer(centers)
        // A variant may be unlike the others, and the first units of a view unlike those that follow.
        for _ in 0..<Survey.attempts {
            guard let better = MomentsQuery.better(centers, after: found.moments) else { break }
            centers = better
            found = try await answer(centers)
        }
        self.centers = centers
        var (moments, faults) = (found.moments, found.faults)
        for (j, column) in columns.enumerated() where faults[j] == nil {
            faults[j] = MetricFault(flattening: column, moments[j].filter { $0.key.part == nil }.map(\.value))
            if faults[j] != nil { moments[j] = [:] }
        }
        (self.columns, self.moments, self.faults) = (columns, moments, faults)
        counts = try UnitCounts(units, found)
    }

    private static func cap(_ metric: Plan.Metric, _ units: UnitTable, _ session: Session) async throws(AnalysisError) -> Double? {
        guard let cap = metric.cap, cap.isRelative else { return metric.cap?.value }
        let plain = MetricColumns(metric, of: units, cap: nil)
        return try await ValuesQuery(units: units, session: session).quantile(cap.value, of: plain, policy: units.plan.assignment.policy)
    }

    /// The moments of a metric in a variant; of no units where it has none.
    func moments(_ metric: Int, _ variant: String, _ part: MomentsQuery.Part? = nil) -> GroupMoments {
        moments[metric][MomentsQuery.Group(variant: variant, part: part)] ?? GroupMoments(empty: columns[metric].columns.count)
    }
}
