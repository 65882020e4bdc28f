import Enrollment
import Experiments
import HTTPServer

/// The page on which an experiment's plan is read, and written by those who may.
struct PlanEditorPage {
    let session: Session
    let experiment: Experiment
    let text: String
    /// The plan that was there when one began; nil for the one that is there.
    var seen: PlanSight?
    /// Who saved another plan meanwhile, so that this text was not saved.
    var other: String?
    /// What was typed, where it can be saved no more.
    var unsaved: String?
    /// Why the text was not taken, and where.
    var mistake: YAMLError?
    var notice: PageNotice?

    /// A whole plan: who pastes it can save it.
    static let example = """
        facts:
          purchase: {value: value}
        metrics:
          conversion: {kind: conversion, of: purchase}
          revenue: {kind: mean, of: purchase}
        decision: {ship on: conversion}
        """

    var html: HTML {
        let content: HTML = """
            <section class="card stack"><h2>Metrics plan: what is to be known</h2>
            <p class="quiet">Facts that clients send, metrics over them, guardrails, and what decides, as YAML: the words of plans, without
            sources and assignment, which the server knows. A change of the plan changes nobody's value; the audit trail keeps it.</p>
            \(end)\(other.map(theirs))\(mistake.map(excerpt))\(isEditable ? editor : reader)\(name)\(typed)</section>
            """
        let conflict = other.map { other in
            PageNotice.refused(
                "The plan was not saved: \(other) saved another one while you were writing. Nothing is lost: theirs is shown, and yours is in "
                    + "the field. Take over what you want to keep of theirs; to save then puts your text in the place of theirs.")
        }
        let notice = mistake.map { PageNotice.refused("The plan was not taken: \($0)") } ?? conflict ?? notice
        return ExperimentFrame(experiment: experiment, session: session, tab: .plan, notice: notice, content: content).html
    }

    private var isEditable: Bool { session.role >= .editor && experiment.state != .finished }

    /// Why nobody can change it any more.
    private var end: HTML? {
        guard experiment.state == .finished else { return nil }
        return """
            <p id="finished">The experiment is finished, so the plan stays as it is: what it was judged by is not chosen afterwards.</p>

            """
    }

    /// How the audit trail says which plan a verdict is about.
    private var name: HTML? {
        experiment.plan.map { plan in
            """
            <p class="quiet">A verdict is about one plan: with another it begins anew. The audit trail calls this one \(PlanSight(plan).name)</p>

            """
        }
    }

    /// What was typed in vain: whoever wrote it has it still.
    private var typed: HTML? {
        unsaved.map { "<div id=\"unsaved\"><h3>What you typed, and is not saved</h3><pre class=\"code\">\($0)</pre></div>\n" }
    }

    private var editor: HTML {
        let action = ExperimentAction.removePlan
        let removal: HTML? =
            action.isPossible(experiment)
            ? "<a class=\"button\" href=\"\(ExperimentPath.of(experiment.key, action.rawValue))\">\(action.title)</a>" : nil
        let invalid: HTML = mistake == nil ? "" : " aria-invalid=\"true\" aria-describedby=\"mistake\" autofocus"
        return """
            <form class="stack wide" method="post" action="\(ExperimentPath.of(experiment.key, "plan"))">\(session.field)\
            \((seen ?? PlanSight(experiment.plan)).html)\
            <label for="plan">\(other == nil ? "Metrics plan" : "Your plan")<textarea id="plan" class="code" name="plan" rows="18" spellcheck="false" autocapitalize="none" \
            placeholder="facts: …"\(invalid)>\n\(text)</textarea></label>
            <details\(text.isEmpty ? " open" : HTML.empty)><summary>An example to begin with</summary>
            <pre class="code" id="example">\(PlanEditorPage.example)</pre></details>
            <div class="actions"><button class="main">Save the plan</button>\(removal)</div></form>
            """
    }

    /// The plan that is in force, beside which one's own is decided about.
    private func theirs(_ other: String) -> HTML {
        let plan: HTML = experiment.plan.map { "<pre class=\"code\">\($0)</pre>" } ?? "<p>\(other) took the plan away.</p>"
        return "<div id=\"theirs\"><h3>What \(other) saved, and is in force</h3>\(plan)</div>\n"
    }

    private var reader: HTML {
        text.isEmpty ? "<p>There is no plan yet.</p>" : "<pre class=\"code\">\(text)</pre>"
    }

    /// The line of the mistake between its neighbours, with the column marked.
    private func excerpt(_ mistake: YAMLError) -> HTML {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let index = mistake.place.line - 1
        let shown = lines.indices.filter { abs($0 - index) <= 2 }.map { line -> HTML in
            let number = String(line + 1)
            let gutter = String(repeating: " ", count: max(0, 4 - number.count)) + number + "  "
            guard line == index else { return "\(gutter)\(lines[line])\n" }
            let caret = String(repeating: " ", count: gutter.count + max(0, mistake.place.column - 1)) + "^ " + mistake.message
            return "<mark>\(gutter)\(lines[line])</mark>\n\(caret)\n"
        }
        return "<pre class=\"code\" id=\"excerpt\">\(shown)</pre>"
    }
}
