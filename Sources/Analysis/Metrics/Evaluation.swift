import Charts
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
    let survey: Survey

    var policy: Plan.Assignment.Policy { plan.assignment.policy }

    /// Every metric's report, and what its values say of the data; `progress` is told which metric it is.
    func metrics(_ progress: (String) -> Void) async throws(AnalysisError) -> (reports: [MetricReport], checks: [Check]) {
        var reports: [MetricReport] = []
        var checks: [Check] = []
        let samples = try await samples()
        for (j, metric) in plan.metrics.enumerated() {
            progress("computing \(metric.name.text), \(j + 1) of \(plan.metrics.count) metrics")
            let groups = variants.map { survey.moments(j, $0) }
            var report = MetricReport(
                name: metric.name.text, kind: metric.kind.rawValue, population: metric.population?.text,
                higherIsBetter: metric.higherIsBetter,
                groups: [], comparisons: [])
            let values = samples[j]
            let result = Comparing(metric: metric, method: plan.method).result(variants, groups, values: values)
            (report.groups, report.comparisons) = (result.groups, result.comparisons)
            (report.varianceReduction, report.problems) = (result.varianceReduction, result.problems)
            try await addBlocks(&report, metric, j)
            if let values {
                report.notes = Distribution(variants: variants, values: values).notes
                report.histogram = Histogram(variants: variants, values: values)
            }
            checks += try await self.checks(metric, survey.columns[j], groups)
            report.segments = segments(metric, j)
            reports.append(report)
        }
        try await addAlternatives(&reports)
        return (reports, checks)
    }

    /// By metric and variant the values themselves, where a test needs them, or where they are few enough to say something of their
    /// distribution.
    private func samples() async throws(AnalysisError) -> [[[Double]]?] {
        let places = plan.metrics.indices.filter { j in
            let metric = plan.metrics[j]
            let count = variants.reduce(0) { $0 + survey.moments(j, $1).count }
            return metric.kind == .quantile || metric.test == .ranks || metric.kind == .mean && count <= Analysis.describedUnits
        }
        let found = try await ValuesQuery(units: units, session: session).values(of: places.map { survey.columns[$0] }, policy: policy)
        var samples = plan.metrics.map { _ in [[Double]]?.none }
        for (place, groups) in zip(places, found) { samples[place] = variants.map { groups[$0] ?? [] } }
        return samples
    }

    private func segments(_ metric: Plan.Metric, _ j: Int) -> [MetricReport.Segment] {
        guard metric.kind != .quantile, metric.test != .ranks else { return [] }
        let parts = Set(survey.moments[j].keys.compactMap(\.part)).sorted { ($0.text, $0.value ?? "") < ($1.text, $1.value ?? "") }
        return parts.map { part in
            let result = Comparing(metric: metric, method: plan.method).result(
                variants, variants.map { survey.moments(j, $0, part) }, values: nil)
            return MetricReport.Segment(
                column: plan.segments[part.text].name.text, value: part.value ?? "(missing)", groups: result.groups,
                comparisons: result.comparisons)
        }
    }

    // MARK: What becomes of the result when units are counted in another way

    private func addAlternatives(_ reports: inout [MetricReport]) async throws(AnalysisError) {
        let places = plan.metrics.indices.filter {
            ![.quantile, .count].contains(plan.metrics[$0].kind) && plan.metrics[$0].test != .ranks
        }
        guard !places.isEmpty else { return }
        if survey.counts.contradicted > 0 {
            let query = MomentsQuery(units: units, metrics: places.map { survey.columns[$0] }, session: session)
            for (other, name) in alternatives {
                let centers = places.map { survey.centers[$0] }
                let answer = try await query.answer("all metrics, \(name)", around: centers, policy: other)
                add(name, places, answer.moments, to: &reports)
            }
        }
        let limited = places.filter { plan.metrics[$0].population != nil }
        guard !limited.isEmpty else { return }
        let everyone = limited.map { place in
            MetricColumns(plan.metrics[place].among(nil), of: units, cap: nil)
        }
        let wide = MomentsQuery(units: units, metrics: everyone, session: session)
        let answer = try await wide.answer("metrics among all units", around: try await wide.centers(), policy: policy)
        add("among all units", limited, answer.moments, to: &reports)
    }

    /// The other ways to count who is in several variants.
    private var alternatives: [(Plan.Assignment.Policy, String)] {
        if let crossover = plan.assignment.persons?.crossover {
            return crossover == .exclude ? [(.first, "crossed over: intention to treat")] : [(.exclude, "crossed over: exclude")]
        }
        let others = (units.knowsOrder ? Plan.Assignment.Policy.allCases : [.exclude]).filter { $0 != policy }
        return others.map { ($0, "in two variants: \($0)") }
    }

    private func add(
        _ name: String, _ places: [Int], _ moments: [[MomentsQuery.Group: GroupMoments]], to reports: inout [MetricReport]
    ) {
        for (place, found) in zip(places, moments) {
            let groups = variants.map {
                found[MomentsQuery.Group(variant: $0, part: nil)] ?? GroupMoments(empty: survey.columns[place].columns.count)
            }
            let result = Comparing(metric: plan.metrics[place], method: plan.method).result(variants, groups, values: nil)
            reports[place].alternatives.append((name, result.groups, result.comparisons))
        }
    }
}
