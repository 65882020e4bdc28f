import Charts
import Experiments
import Statistics
import Text

/// Judges every metric of a plan by its method, from what the warehouse told.
struct Evaluation {
    let plan: Plan
    /// The control first.
    let variants: [String]
    let survey: Survey
    let evidence: Evidence

    /// Every metric's report, and what its values say of the data.
    func metrics() -> (reports: [MetricReport], checks: [Check]) {
        var reports: [MetricReport] = []
        var checks: [Check] = []
        let parts = plan.metrics.indices.map { self.parts($0) }
        let segmented = Breadth.fitting(plan.metrics.indices.filter { !parts[$0].isEmpty }, of: plan, room: Breadth.segments) {
            parts[$0].count * max(0, variants.count - 1)
        }
        for (j, metric) in plan.metrics.enumerated() {
            let groups = variants.map { survey.moments(j, $0) }
            var report = MetricReport(
                name: metric.name.text, kind: metric.kind.rawValue, population: metric.population?.text,
                higherIsBetter: metric.higherIsBetter,
                groups: [], comparisons: [])
            if let fault = survey.faults[j] {
                (report.fault, report.problems) = (fault, [fault.text])
                let isDecisive = fault.isOfData && metric.name.text == plan.decision.metric
                checks.append(Check(fault.check, isDecisive ? .failed : .warning, fault.text))
                reports.append(report)
                continue
            }
            let values = evidence.samples[j]
            let result = comparing(j).result(variants, groups, values: values)
            (report.groups, report.comparisons) = (result.groups, result.comparisons)
            report.problems = result.problems
            addBlocks(&report, metric, groups, j)
            if let values {
                report.notes = Distribution(variants: variants, values: values).notes
                if variants.count <= Breadth.spreads { report.histogram = Histogram(variants: variants, values: values) }
            }
            if let cut = MetricFault.cut(survey.columns[j], groups) { report.notes.append(cut) }
            checks += self.checks(metric, groups, evidence.carriers[j])
            if segmented.contains(j) {
                report.segments = segments(metric, j, parts[j])
            } else if !parts[j].isEmpty {
                report.problems.append(
                    "its segments are not told: there are more than \(Figures.count(Breadth.segments)) comparisons within segments, and the metric "
                        + "that decides and those before this one come first")
            }
            if let course = evidence.course, !course.places.contains(j), Collecting.isByMoments(metric), !report.comparisons.isEmpty {
                report.problems.append(
                    "how its differences went is not told: that is of \(Breadth.courses) comparisons at most, and the metric that decides and "
                        + "those before this one come first")
            }
            report.alternatives = alternatives(metric, j)
            reports.append(report)
        }
        return (reports, (strataCheck(reports).map { [$0] } ?? []) + checks)
    }

    /// What tests a metric.
    private func comparing(_ j: Int) -> Comparing { Comparing(metric: plan.metrics[j], method: plan.method, base: survey.columns[j].base) }

    /// The segments in which a metric is known.
    private func parts(_ j: Int) -> [MomentsQuery.Part] {
        guard plan.metrics[j].kind != .quantile, plan.metrics[j].test != .ranks, survey.faults[j] == nil else { return [] }
        return Set(survey.moments[j].keys.compactMap(\.part)).sorted { a, b in
            // What is missing comes first, and then an empty text.
            (a.text, a.value == nil ? 0 : 1, a.value ?? ExactText("")) < (b.text, b.value == nil ? 0 : 1, b.value ?? ExactText(""))
        }
    }

    private func segments(_ metric: Plan.Metric, _ j: Int, _ parts: [MomentsQuery.Part]) -> [MetricReport.Segment] {
        parts.map { part in
            let result = comparing(j).result(
                variants, variants.map { survey.moments(j, $0, part) }, values: nil)
            return MetricReport.Segment(
                column: plan.segments[part.text].name.text, value: part.value?.text ?? "(missing)", groups: result.groups,
                comparisons: result.comparisons)
        }
    }

    /// What becomes of the result when units are counted in another way.
    private func alternatives(
        _ metric: Plan.Metric, _ j: Int
    ) -> [(policy: String, groups: [MetricReport.Group], comparisons: [MetricReport.Comparison])] {
        evidence.alternatives.compactMap { alternative in
            guard let place = alternative.places.firstIndex(of: j) else { return nil }
            let groups = variants.map {
                alternative.moments[place][MomentsQuery.Group(variant: $0, part: nil)]
                    ?? GroupMoments(empty: survey.columns[j].columns.count)
            }
            let result = comparing(j).result(variants, groups, values: nil)
            return (alternative.name, result.groups, result.comparisons)
        }
    }
}
