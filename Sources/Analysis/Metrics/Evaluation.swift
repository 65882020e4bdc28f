import Experiments
import Statistics
import Text
import Warehouse

/// Computes every metric of a plan from the table of units.
struct Evaluation {
    let plan: Plan
    let units: UnitTable
    let session: Session
    /// The control first.
    let variants: [String]
    /// Units in several variants.
    let contradicted: Int

    private var policy: Plan.Assignment.Policy { plan.assignment.policy }

    func metrics() async throws(AnalysisError) -> (reports: [MetricReport], checks: [Check]) {
        var columns: [MetricColumns] = []
        for metric in plan.metrics { columns.append(MetricColumns(metric, of: units, cap: try await cap(metric))) }
        let query = MomentsQuery(units: units, metrics: columns, session: session)
        let centers = try await query.centers()
        let (totals, parts) = try await moments(query, centers)
        var reports: [MetricReport] = []
        var checks: [Check] = []
        for (j, metric) in plan.metrics.enumerated() {
            let groups = variants.map { totals[j][MomentsQuery.Group(variant: $0, segment: nil)] ?? none(columns[j]) }
            var report = MetricReport(
                name: metric.name.text, kind: metric.kind.rawValue, population: metric.population?.text,
                higherIsBetter: metric.higherIsBetter,
                groups: [], comparisons: [])
            let values = try await values(metric, columns[j], groups)
            let result = Comparing(metric: metric, method: plan.method).result(variants, groups, values: values)
            (report.groups, report.comparisons) = (result.groups, result.comparisons)
            (report.varianceReduction, report.problems) = (result.varianceReduction, result.problems)
            if let values {
                report.notes = Distribution(variants: variants, values: values).notes
                report.histogram = Histogram(variants: variants, values: values)
            }
            checks += try await self.checks(metric, columns[j], groups)
            report.segments = segments(metric, columns[j], parts.map { $0[j] })
            reports.append(report)
        }
        try await addAlternatives(&reports, columns, centers)
        return (reports, checks)
    }

    private func none(_ columns: MetricColumns) -> GroupMoments { GroupMoments(empty: columns.columns.count) }

    func cap(_ metric: Plan.Metric) async throws(AnalysisError) -> Double? {
        guard let cap = metric.cap else { return nil }
        guard cap.isRelative else { return cap.value }
        let plain = MetricColumns(metric, of: units, cap: nil)
        return try await ValuesQuery(units: units, session: session).quantile(cap.value, of: plain)
    }

    /// The moments of all units, and those by every segment; the former are put together from the latter where there are any.
    private func moments(
        _ query: MomentsQuery, _ centers: [[Double]]
    ) async throws(AnalysisError) -> (totals: [[MomentsQuery.Group: GroupMoments]], parts: [[[MomentsQuery.Group: GroupMoments]]]) {
        guard !plan.segments.isEmpty else { return (try await query.moments(around: centers, policy: policy), []) }
        var parts: [[[MomentsQuery.Group: GroupMoments]]] = []
        for index in plan.segments.indices {
            let column: SQL = "\(column: UnitTable.column(segment: index))"
            parts.append(try await query.moments(around: centers, policy: policy, by: (plan.segments[index].text, column)))
        }
        let totals = parts[0].map { groups in
            var totals: [MomentsQuery.Group: GroupMoments] = [:]
            // In a fixed order, so that the same data give the same last digit.
            for (group, moments) in groups.sorted(by: { ($0.key.segment ?? "") < ($1.key.segment ?? "") }) {
                let key = MomentsQuery.Group(variant: group.variant, segment: nil)
                if totals[key] == nil { totals[key] = moments } else { totals[key]?.merge(moments) }
            }
            return totals
        }
        return (totals, parts)
    }

    /// The values themselves, where a test needs them, or where they are few enough to say something of their distribution.
    private func values(_ metric: Plan.Metric, _ columns: MetricColumns, _ groups: [GroupMoments]) async throws(AnalysisError)
        -> [[Double]]?
    {
        let isNeeded = metric.kind == .quantile || metric.test == .ranks
        let isSmall = metric.kind == .mean && groups.reduce(0) { $0 + $1.count } <= Analysis.describedUnits
        guard isNeeded || isSmall else { return nil }
        let found = try await ValuesQuery(units: units, session: session).values(of: columns, policy: policy)
        return variants.map { found[$0] ?? [] }
    }

    private func segments(_ metric: Plan.Metric, _ columns: MetricColumns, _ parts: [[MomentsQuery.Group: GroupMoments]]) -> [MetricReport
        .Segment]
    {
        guard metric.kind != .quantile, metric.test != .ranks else { return [] }
        var segments: [MetricReport.Segment] = []
        for (index, part) in parts.enumerated() {
            for value in Set(part.keys.map(\.segment)).sorted(by: { ($0 ?? "") < ($1 ?? "") }) {
                let groups = variants.map { part[MomentsQuery.Group(variant: $0, segment: value)] ?? none(columns) }
                let result = Comparing(metric: metric, method: plan.method).result(variants, groups, values: nil)
                segments.append(
                    MetricReport.Segment(
                        column: plan.segments[index].text, value: value ?? "(missing)", groups: result.groups,
                        comparisons: result.comparisons))
            }
        }
        return segments
    }

    // MARK: What becomes of the result when units are counted in another way

    private func addAlternatives(
        _ reports: inout [MetricReport], _ columns: [MetricColumns], _ centers: [[Double]]
    ) async throws(AnalysisError) {
        let places = columns.indices.filter { ![.quantile, .count].contains(plan.metrics[$0].kind) && plan.metrics[$0].test != .ranks }
        guard !places.isEmpty else { return }
        let query = MomentsQuery(units: units, metrics: places.map { columns[$0] }, session: session)
        if contradicted > 0 {
            let others = (units.knowsOrder ? Plan.Assignment.Policy.allCases : [.exclude]).filter { $0 != policy }
            for other in others {
                let moments = try await query.moments(around: places.map { centers[$0] }, policy: other)
                add("in two variants: \(other)", places, moments, columns, to: &reports)
            }
        }
        let limited = places.filter { plan.metrics[$0].population != nil }
        guard !limited.isEmpty else { return }
        let everyone = limited.map { place in
            MetricColumns(plan.metrics[place].among(nil), of: units, cap: nil)
        }
        let wide = MomentsQuery(units: units, metrics: everyone, session: session)
        let moments = try await wide.moments(around: try await wide.centers(), policy: policy)
        add("among all units", limited, moments, columns, to: &reports)
    }

    private func add(
        _ name: String, _ places: [Int], _ moments: [[MomentsQuery.Group: GroupMoments]], _ columns: [MetricColumns],
        to reports: inout [MetricReport]
    ) {
        for (place, found) in zip(places, moments) {
            let groups = variants.map { found[MomentsQuery.Group(variant: $0, segment: nil)] ?? none(columns[place]) }
            let result = Comparing(metric: plan.metrics[place], method: plan.method).result(variants, groups, values: nil)
            reports[place].alternatives.append((name, result.groups, result.comparisons))
        }
    }
}
