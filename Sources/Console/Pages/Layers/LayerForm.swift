import Enrollment
import Experiments
import HTTPServer

/// The two small forms of the page of layers and holdouts.
enum LayerForm: String, Sendable {
    case layer, holdout

    /// Where it is sent.
    var path: String { "\(LayersPage.path)/new-\(rawValue)" }

    /// - Parameter mistake: what is wrong with what was sent, if it was this one.
    func html(_ session: Session, _ catalogue: Catalogue, _ mistake: LayersPage.Mistake?) -> HTML {
        let mistake = mistake?.form == self ? mistake : nil
        let open: HTML = mistake == nil ? "" : " open"
        let own: HTML =
            switch self {
            case .layer:
                """
                \(field("slots", "Slots", "100 unless you say otherwise", "inputmode=\"numeric\"", mistake))\
                <label for="layer-holdout">Holdout<select id="layer-holdout" name="holdout">\
                \(LayerForm.options(catalogue, chosen: mistake?.typed["holdout"]))</select></label>
                """
            case .holdout: field("percent", "Percentage that is held out", "5", "inputmode=\"decimal\" required", mistake)
            }
        return """
            <details\(open)><summary>New \(rawValue)</summary>
            <form class="ask plan" method="post" action="\(path)">\(session.field)\
            \(field("name", "Name", "", "maxlength=\"64\" autocapitalize=\"none\" spellcheck=\"false\" required", mistake))\(own)\
            \(field("summary", "What it is for", "", "", mistake))\
            <button class="main">Make the \(rawValue)</button></form></details>

            """
    }

    private func field(_ name: String, _ label: String, _ hint: String, _ attributes: HTML, _ mistake: LayersPage.Mistake?) -> HTML {
        let invalid: HTML = name == mistake?.field ? " aria-invalid=\"true\" aria-describedby=\"mistake\" autofocus" : ""
        return """
            <label for="\(rawValue)-\(name)">\(label)<input type="text" id="\(rawValue)-\(name)" name="\(name)" value="\(mistake?.typed[name] ?? "")" placeholder="\(hint)" \
            autocomplete="off" \(attributes)\(invalid)></label>

            """
    }

    /// The holdouts under which something new may be.
    static func options(_ catalogue: Catalogue, chosen: String?) -> [HTML] {
        let holdouts = catalogue.holdouts.filter { $0.released == nil }
        return ["<option value=\"\">None</option>"]
            + holdouts.map { holdout in
                """
                <option value="\(holdout.name)"\(chosen == holdout.name.text ? " selected" : HTML.empty)>\(holdout.name): \
                \(Numbers.percent(holdout.percent)) are kept out</option>
                """
            }
    }
}
