import Analysis
import Experiments
import HTTPServer
import Text

/// What to do about an experiment, in plain words and first of all.
struct VerdictCard {
    let report: AnalysisReport
    let rule: VerdictRule?
    /// What was decided last by an earlier plan.
    let earlier: VerdictHistory.Entry?
    let experiment: Experiment
    let results: LiveResults.Results

    var html: HTML {
        // Nothing goes on in a finished experiment: what would have to come is told no more.
        let isOver = experiment.state == .finished
        let decision = rule?.decision ?? report.verdict.decision
        let variant = rule?.variant ?? (rule == nil ? report.verdict.variant : nil)
        // What was decided once stays, though later data waver.
        let latest: HTML? =
            decision != report.verdict.decision
            ? "<p class=\"quiet\">It was decided so by earlier data, and stays. The latest by themselves: \(report.verdict.decision.rawValue).</p>\n"
            : nil
        return """
            <section class="card verdict \(VerdictCard.style(decision))" id="verdict">
            <header><h2>\(isOver && decision == .keepRunning ? "It ended without a verdict" : VerdictCard.words(decision, variant))</h2><span class="chip \(experiment.state.rawValue)">\(experiment.state.rawValue)</span></header>
            \(report.question.map { "<p class=\"quiet\">\($0)</p>" as HTML })
            \(isOver && decision == .keepRunning ? "<p class=\"quiet\">What the data said when it ended:</p>\n" : HTML.empty)\
            <p>\(report.verdict.text)</p>
            \(latest)\(isOver || report.verdict.changes.isEmpty ? HTML.empty : "<p>What would change it: \(report.verdict.changes)</p>")
            \(progress)\(EarlierVerdict(earlier)?.html)<footer>\(facts.map { "<span>\($0)</span>" as HTML })</footer></section>

            """
    }

    /// How far it is on the way to the size that was planned.
    private var progress: HTML? {
        guard let size = results.size, let planned = size.planned, let share = size.progress else { return nil }
        let left: String
        switch (size.isReached, experiment.state) {
        case (true, _): left = "the planned size is reached"
        case (_, .finished): left = "it was finished before"
        default: left = size.timeLeft.map { "\($0) at the present pace" } ?? "how much longer it takes cannot be said yet"
        }
        let counts = "\(Figures.count(size.units)) of \(Figures.counted(planned, "planned unit", "planned units")): \(left)"
        return """
            <p id="size"><label for="progress">\(counts)</label>
            <progress id="progress" max="1" value="\(Numbers.fixed(share, decimals: 3))">\(Numbers.percent(share * 100))</progress></p>

            """
    }

    private var facts: [String] {
        let units = report.units.map { "\($0.variant.named) \(Figures.count($0.count))" }.joined(separator: ", ")
        return [
            "units: \(units)", "as of \(DateText.minutes(results.computed))",
            experiment.state == .finished ? "finished" : "worked out anew as data arrive",
        ]
    }

    private static func words(_ decision: Verdict.Decision, _ variant: String?) -> String {
        switch decision {
        case .ship: "Ship \(variant.map { "“\($0)”" } ?? "it")"
        case .doNotShip: "Do not ship"
        case .keepRunning: "Keep running"
        case .invalid: "These data cannot be trusted"
        }
    }

    private static func style(_ decision: Verdict.Decision) -> String {
        switch decision {
        case .ship: "good"
        case .doNotShip: "warn"
        case .keepRunning: "open"
        case .invalid: "bad"
        }
    }
}
