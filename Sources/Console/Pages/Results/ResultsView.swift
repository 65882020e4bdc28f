import Analysis
import Experiments
import HTTPServer

/// What is known of an experiment at a moment: the part of its results' page that changes as data arrive.
struct ResultsView: Sendable {
    let experiment: Experiment
    /// Nil before it was started.
    let statistics: ExperimentStatistics?
    let results: LiveResults.Results?
    let verdict: VerdictRule?
    /// Why the warehouse takes no data at present, if it does not.
    let obstacle: String?

    /// What the view depends on; while it stays, so does the view.
    struct Moment: Hashable {
        let plan: String?
        let state: ExperimentState
        let computed: Timestamp?
        let failure: String?
        let verdict: VerdictRule?
        let obstacle: String?
    }

    var moment: Moment {
        Moment(
            plan: experiment.plan, state: experiment.state, computed: results?.computed, failure: results?.failure, verdict: verdict,
            obstacle: obstacle)
    }

    var html: HTML {
        guard experiment.plan != nil else { return withoutPlan }
        guard experiment.firstOrdinal != nil else {
            return notice("waiting", "The experiment is a draft. There are results once it is started and devices take part.")
        }
        let away: HTML? = obstacle.map { reason in
            "<section class=\"card problem\" role=\"alert\" id=\"obstacle\"><p>The warehouse takes no data at present: \(reason). "
                + "What arrives is kept and waits for it.</p></section>\n"
        }
        guard let results else {
            return away
                ?? notice("waiting", "There are no data yet. Results are here within seconds after the first devices and events arrived.")
        }
        let failure: HTML? = results.failure.map { reason in
            let age: HTML = results.alwaysValid == nil ? "" : " What is shown is older."
            return
                "<section class=\"card problem\" role=\"alert\" id=\"failure\"><p>The results cannot be worked out: \(reason).\(age)</p></section>\n"
        }
        let isEarlier = results.plan != experiment.plan && results.alwaysValid != nil
        let earlier: HTML? =
            isEarlier
            ? "<p class=\"notice warn\">The plan was changed; these are the results of the earlier one, until the new ones are there.</p>\n"
            : nil
        return "\(away)\(failure)\(earlier)\(results.alwaysValid.map { reports($0, results) })"
    }

    private func notice(_ id: String, _ text: String) -> HTML {
        "<section class=\"card empty\" id=\"\(id)\"><p>\(text)</p></section>\n"
    }

    private var withoutPlan: HTML {
        let address = ExperimentPath.of(experiment.key, "plan")
        return """
            <section class="card" id="no-plan"><header><h2>There is no plan yet</h2></header>
            <p>A plan says what is to be known: which events count, as what metrics, and which of them decides. \
            <a href="\(address)">Write one</a>, and results are here as data arrive.</p></section>

            """
    }

    private func reports(_ always: AnalysisReport, _ results: LiveResults.Results) -> HTML {
        let fixed = results.fixedHorizon
        let metrics = always.metrics.map { metric in
            MetricCard(
                always: metric, fixed: fixed?.metrics.first { $0.name == metric.name }, report: always,
                courses: always.courses.filter { $0.metric == metric.name }
            ).html
        }
        // Relative intervals for any look are not known for all metrics.
        let differences = (ReportCharts(always).differences ?? fixed.flatMap { ReportCharts($0).differences }).map { chart -> HTML in
            "<section class=\"card\" id=\"overview\">\(ChartFigure(chart: chart).html)</section>\n"
        }
        return """
            \(VerdictCard(report: always, rule: verdict, experiment: experiment, results: results).html)
            \(ChecksCard(checks: always.checks, statistics: statistics).html)
            \(differences)\(metrics)\(GuardrailsCard(guardrails: always.guardrails, metrics: always.metrics).html)
            """
    }
}
