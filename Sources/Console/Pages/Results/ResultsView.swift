import Analysis
import Experiments
import HTTPServer
import Text

/// What is known of an experiment at a moment: the part of its results' page that changes as data arrive.
struct ResultsView: Sendable {
    let experiment: Experiment
    /// Nil before it was started.
    let statistics: ExperimentStatistics?
    let results: LiveResults.Results?
    let verdict: VerdictRule?
    /// What was decided last by an earlier plan.
    let earlierVerdict: VerdictHistory.Entry?
    /// Why there is no news at present, if there is none.
    let obstacle: LiveResults.Obstacle?
    /// Whether this server works results out at all.
    let isServed: Bool
    /// Whether whoever looks may finish the experiment.
    var mayFinish = false
    /// Facts of which no unit told anything that counts, if that is worth telling by now.
    var silentFacts: [String] = []

    /// What the view depends on; while it stays, so does the view.
    private struct Moment: Hashable {
        let plan: String?
        let state: ExperimentState
        let computed: Timestamp?
        let failure: String?
        let verdict: VerdictRule?
        let earlierVerdict: VerdictHistory.Entry?
        let obstacle: LiveResults.Obstacle?
        let mayFinish: Bool
        let silentFacts: [String]
    }

    private var moment: Moment {
        Moment(
            plan: experiment.plan, state: experiment.state, computed: results?.computed, failure: results?.failure, verdict: verdict,
            earlierVerdict: earlierVerdict, obstacle: obstacle, mayFinish: mayFinish, silentFacts: silentFacts)
    }

    var part: LivePart { LivePart(ExperimentPath.of(experiment.key, "results/live"), of: moment, html) }

    private var html: HTML {
        guard isServed else { return withoutWarehouse }
        guard experiment.plan != nil else { return withoutPlan }
        guard experiment.firstOrdinal != nil else {
            return notice("waiting", "The experiment is a draft. There are results once it is started and devices take part.")
        }
        let away: HTML? = obstacle.map { obstacle in
            "<section class=\"card problem\" role=\"alert\" id=\"obstacle\"><p>There is no news from the warehouse since "
                + "\(DateText.minutes(obstacle.since)): \(Sentence.ended(obstacle.reason)) What arrives is kept and waits for it.</p></section>\n"
        }
        guard let results else {
            let waiting = notice(
                "waiting", "There are no data yet. Results are here within seconds after the first devices and events arrived.")
            return away ?? verdict.map(earlier) ?? "\(waiting)\(EarlierVerdict(earlierVerdict)?.card)"
        }
        let failure: HTML? = results.failure.map { reason in
            let age: HTML = results.alwaysValid == nil ? "" : " What is shown is older."
            return
                "<section class=\"card problem\" role=\"alert\" id=\"failure\"><p>The results cannot be worked out: \(Sentence.ended(reason))\(age)</p></section>\n"
        }
        // Where there are results, the card of the verdict tells of the earlier one.
        guard let always = results.alwaysValid else { return "\(away)\(failure)\(EarlierVerdict(earlierVerdict)?.card)" }
        return "\(away)\(failure)\(reports(always, results))"
    }

    private func notice(_ id: String, _ text: String) -> HTML {
        "<section class=\"card empty\" id=\"\(id)\"><p>\(text)</p></section>\n"
    }

    /// What was decided before the server was started, until the data were looked at again.
    private func earlier(_ verdict: VerdictRule) -> HTML {
        let variant = verdict.variant.map { " ‘\($0)’" } ?? ""
        return """
            <section class="card" id="loading"><header><h2>Results are being worked out</h2></header>
            <p>The server has just been started. The verdict so far is “\(verdict.decision.rawValue)\(variant)”; figures are here within
            seconds.</p></section>

            """
    }

    /// What is missing, and what to do.
    private var withoutWarehouse: HTML {
        """
        <section class="card" id="no-results"><header><h2>This server works out no results</h2></header>
        <p>Events and results need a directory of this server’s own, and it was started without one. Whoever runs it can start it with
        <code>--data DIRECTORY</code>, and with <code>--warehouse ADDRESS</code> if events shall go to a warehouse that is shared. Devices
        are assigned and counted all the same: see the overview.</p></section>

        """
    }

    private var withoutPlan: HTML {
        guard experiment.state != .finished else {
            return notice("no-plan", "It was finished without a plan, and a plan is made before the end: there are no results.")
        }
        let address = ExperimentPath.of(experiment.key, "plan")
        return """
            <section class="card" id="no-plan"><header><h2>There is no plan yet</h2></header>
            <p>A plan says what is to be known: which events count, as what metrics, and which of them decides. \
            <a href="\(address)">Write one</a>, and results are here as data arrive.</p></section>

            """
    }

    /// What stands in the place of the verdict until there are results by the plan that there is now.
    private var changed: HTML {
        """
        <section class="card verdict open" id="verdict"><header><h2>The plan was changed</h2>\
        <span class="chip \(experiment.state.rawValue)">\(experiment.state.rawValue)</span></header>
        <p>The new plan has no verdict yet: it begins anew, and is here with the first results by the new plan.</p>
        \(EarlierVerdict(earlierVerdict)?.html)</section>
        <p class="notice warn">What follows are the results by the earlier plan, until the new ones are there.</p>

        """
    }

    // MARK: What to do with them

    /// The way from the verdict to the end, and what can be taken along.
    private func ending(_ report: AnalysisReport) -> HTML {
        let key = experiment.key
        var links: [HTML] = []
        if mayFinish, results?.plan == experiment.plan, let winner = winner(report) {
            let title = (verdict?.decision ?? report.verdict.decision) == .ship ? "Finish with" : "Finish, and keep"
            let address = ExperimentPath.finish(key, winner: winner)
            links.append("<a class=\"button main\" id=\"finish\" href=\"\(address)\">\(title) ‘\(winner)’ …</a>")
        }
        links += ResultsDownload.all.map { form in
            "<a class=\"button\" href=\"\(ExperimentPath.of(key, "results/\(form.name)"))\" download>\(form.title)</a>"
        }
        return "<div class=\"actions after\" role=\"group\" aria-label=\"What to do with the results\">\(links)</div>\n"
    }

    /// The value that a verdict is for: what is to be shipped, or the control if that is not.
    private func winner(_ report: AnalysisReport) -> String? {
        guard ExperimentAction.finish.isPossible(experiment) else { return nil }
        let (decision, variant) = verdict.map { ($0.decision, $0.variant) } ?? (report.verdict.decision, report.verdict.variant)
        switch decision {
        case .ship: return variant
        case .doNotShip: return report.units.first?.variant
        case .keepRunning, .invalid: return nil
        }
    }

    /// That a fact of the plan has not come at all: it is misspelt, or not sent, or told of other units.
    private var silence: HTML? {
        guard !silentFacts.isEmpty else { return nil }
        let names =
            silentFacts.prefix(20).map { fact in "‘\(fact)’" + (results?.events[fact].map { " (of the events ‘\($0)’)" } ?? "") }
            .joined(separator: ", ") + (silentFacts.count > 20 ? ", …" : "")
        return """
            <p class="notice warn" id="silent-facts">No unit of this experiment has told \(names) so that the plan counts it. See whether \
            clients send it, under this name, with the token that the device asks with, and such that its ‘where’ in the plan, if it has \
            one, is met: which facts come is told under <a href="\(EventsPage.path)">Events</a>.</p>

            """
    }

    /// Of how many variants, of all metrics together, charts are drawn: some megabytes of page, and more than anybody looks at.
    static let mostCharted = 200

    /// The metrics of which charts are drawn: the one that decides, and the others in their order while there is room.
    private func charted(_ report: AnalysisReport) -> Set<String> {
        var (room, names) = (ResultsView.mostCharted, Set<String>())
        let ordered = report.metrics.filter { $0.name == report.primaryMetric } + report.metrics.filter { $0.name != report.primaryMetric }
        for metric in ordered where names.isEmpty || metric.groups.count <= room {
            room -= metric.groups.count
            names.insert(metric.name)
        }
        return names
    }

    private func reports(_ always: AnalysisReport, _ results: LiveResults.Results) -> HTML {
        let fixed = results.fixedHorizon
        let charted = charted(always)
        let metrics = always.metrics.map { metric in
            MetricCard(
                always: metric, fixed: fixed?.metrics.first { $0.name == metric.name }, report: always,
                courses: always.courses.filter { $0.metric == metric.name }, isCharted: charted.contains(metric.name)
            ).html
        }
        // Relative intervals for any look are not known for all metrics.
        let differences = (ReportCharts(always).differences ?? fixed.flatMap { ReportCharts($0).differences }).map { chart -> HTML in
            "<section class=\"card\" id=\"overview\">\(ChartFigure(chart: chart).html)</section>\n"
        }
        let verdict =
            results.plan == experiment.plan
            ? VerdictCard(report: always, rule: verdict, earlier: earlierVerdict, experiment: experiment, results: results).html
            : changed
        return """
            \(verdict)\(ending(always))\(silence)
            \(ChecksCard(checks: always.checks, statistics: statistics).html)
            \(differences)\(metrics)\(GuardrailsCard(guardrails: always.guardrails).html)
            """
    }
}
