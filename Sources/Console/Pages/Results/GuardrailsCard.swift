import Analysis
import HTTPServer
import Text

/// The metrics that must not get worse.
struct GuardrailsCard {
    let guardrails: [GuardrailReport]

    var html: HTML {
        guard !guardrails.isEmpty else { return .empty }
        let rows = guardrails.map { guardrail -> HTML in
            let (style, word) = GuardrailsCard.words(guardrail.outcome)
            return """
                <tr><th scope="row">\(guardrail.metric)</th><td>\(guardrail.treatment)</td>\
                <td class="n">\(guardrail.found)</td><td class="n">\(guardrail.range)</td><td class="n">\(guardrail.allowed)</td><td><span class="chip \(style)">\(word)</span>\(guardrail.note.map { " <span class=\"meaning\">\($0)</span>" as HTML })</td></tr>

                """
        }
        let head = [
            ("Guardrail", false), ("Treatment", false), ("Difference", true), ("Interval", true), ("May be worse by", true),
            ("Outcome", false),
        ]
        return """
            <section class="card" id="guardrails"><header><h2>Guardrails</h2></header>
            \(DataTable.html("Guardrails", head: head.map { (title: $0.0, isNumber: $0.1) }, rows))
            \(legend)</section>

            """
    }

    /// What the figures are, and what is shown by them.
    private var legend: HTML {
        let base = guardrails.contains { $0.base != nil } ? "Percentages are shares of the control's value, which is uncertain too. " : ""
        let points = guardrails.contains { $0.relativeMargin == nil && $0.scale == .share } ? " pp: percentage points." : ""
        return """
            <p class="quiet">\(base)A guardrail is held when the whole interval, which holds whenever you look, lies on the good side of what \
            may be lost, and broken when the whole lies on the other; where the control may be zero, what may be lost is tested by itself.\(points)</p>
            """
    }

    private static func words(_ outcome: GuardrailReport.Outcome) -> (style: String, word: String) {
        switch outcome {
        case .held: ("running", "held")
        case .broken: ("alarm", "broken")
        case .open: ("paused", "not shown yet")
        }
    }
}
