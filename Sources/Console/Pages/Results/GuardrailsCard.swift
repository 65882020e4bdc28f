import Analysis
import HTTPServer
import Text

/// The metrics that must not get worse.
struct GuardrailsCard {
    let guardrails: [GuardrailReport]
    let metrics: [MetricReport]

    var html: HTML {
        guard !guardrails.isEmpty else { return .empty }
        let rows = guardrails.map { guardrail -> HTML in
            let (style, word) = GuardrailsCard.words(guardrail.outcome)
            return """
                <tr><th scope="row">\(guardrail.metric)</th><td>\(guardrail.treatment)</td>\
                <td class="n">\(Figures.significant(guardrail.margin))</td><td><span class="chip \(style)">\(word)</span></td></tr>

                """
        }
        let head = [("Guardrail", false), ("Treatment", false), ("May be worse by", true), ("Outcome", false)]
        return """
            <section class="card" id="guardrails"><header><h2>Guardrails</h2></header>
            \(DataTable.html("Guardrails", head: head.map { (title: $0.0, isNumber: $0.1) }, rows))</section>

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
