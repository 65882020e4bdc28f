import Enrollment
import HTTPServer
import Statistics
import Text

/// What is asked of a file that was sent: its columns are offered, so nothing need be typed.
struct CompareForm {
    let session: Session
    let chosen: ComparePage.Chosen

    /// What people call the fields.
    static let labels = [
        "value": "What is compared", "kind": "What the values are", "group": "Which group a row belongs to", "control": "Control",
        "unit": "Whose row it is",
        "aggregate": "Several rows of a unit", "crossed": "Units in several groups", "where": "Only rows where", "confidence": "Confidence",
        "better": "Better is", "decimal": "Decimal mark", "weights": "Intended weights, by the groups’ names",
        "pairs": "What is compared with what", "adjust": "p adjusted for several pairs by",
    ]

    private var address: String { "/compare/\(chosen.upload.id)" }

    var html: HTML {
        let size = CompareForm.size(chosen.upload.bytes.count)
        return """
            <section class="card" id="file-chosen"><header><h2>\(chosen.upload.name)</h2><span class="number">\(size)</span></header>
            <form class="ask plan" method="get" action="\(address)">
            \(fields)
            <button class="main">Compare</button></form>
            \(preview)
            <form class="ask" method="post" action="\(address)/forget">\(session.field)<button>Forget this file</button></form></section>

            """
    }

    private var fields: [HTML] {
        let several = [
            Option("", "are a mistake"), Option("sum", "are added up"), Option("mean", "count as their mean"),
            Option("max", "count as their largest"), Option("min", "count as their least"),
        ]
        return [
            columns("value", none: "choose a column"),
            choice("kind", [Option("", "found out"), Option("conversion", "a conversion, 0 or 1, also where all are alike")]),
            columns("group", none: "choose a column"),
            columns("unit", none: "each row is a unit"),
            choice("aggregate", several), choice("crossed", [Option("", "are a mistake"), Option("leave-out", "are left out")]),
            text("control", "the first by name"), text("weights", "equal, or 2:1:1"), text("where", "purchase = 1"),
            text("confidence", "95 %"),
            choice("pairs", [Option("with-control", "each with the control"), Option("all-pairs", "all pairs")]),
            choice("adjust", Adjustment.allCases.map { Option($0.rawValue, CompareForm.words($0)) }),
            choice("better", [Option("higher", "more"), Option("lower", "less")]),
            choice("decimal", [Option("point", "1.5"), Option("comma", "1,5")]),
        ]
    }

    private static func words(_ adjustment: Adjustment) -> String {
        switch adjustment {
        case .none: "nothing"
        case .bonferroni: "Bonferroni"
        case .sidak: "Šidák"
        case .holm: "Holm"
        case .holmSidak: "Holm-Šidák"
        case .hochberg: "Hochberg"
        case .hommel: "Hommel"
        case .benjaminiHochberg: "Benjamini-Hochberg (false discoveries)"
        case .benjaminiYekutieli: "Benjamini-Yekutieli (false discoveries)"
        }
    }

    /// One of the values that a field may have.
    private struct Option {
        let value: String
        let text: String

        init(_ value: String, _ text: String) { (self.value, self.text) = (value, text) }
    }

    private func label(_ field: String, _ content: HTML) -> HTML {
        "<label for=\"\(field)\">\(CompareForm.labels[field] ?? field)\(content)</label>"
    }

    private func columns(_ field: String, none: String) -> HTML {
        choice(field, [Option("", none)] + chosen.preview.columns.map { Option($0, $0) })
    }

    private func choice(_ field: String, _ options: [Option]) -> HTML {
        let chosen = chosen.question[field]
        let choices = options.map { option -> HTML in
            "<option value=\"\(option.value)\"\(option.value == chosen ? " selected" : HTML.empty)>\(option.text)</option>"
        }
        return label(field, "<select id=\"\(field)\" name=\"\(field)\"\(mark(field))>\(choices)</select>")
    }

    private func text(_ field: String, _ hint: String) -> HTML {
        let text = chosen.question[field]
        return label(
            field, "<input type=\"text\" id=\"\(field)\" name=\"\(field)\" value=\"\(text)\" placeholder=\"\(hint)\"\(mark(field))>")
    }

    /// Tells a field that holds the mistake from the others.
    private func mark(_ field: String) -> HTML {
        guard case .failure(let mistake)? = chosen.answer, mistake.field == field else { return .empty }
        return " aria-invalid=\"true\" aria-describedby=\"mistake\" autofocus"
    }

    private var preview: HTML {
        let head = chosen.preview.columns.map { "<th scope=\"col\">\($0)</th>" as HTML }
        let rows = chosen.preview.rows.map { row -> HTML in "<tr>\(row.map { "<td>\($0)</td>" as HTML })</tr>\n" }
        return """
            <details><summary>The first rows</summary><div class="scroll" tabindex="0" role="region" aria-label="The first rows">\
            <table class="wide"><caption class="hidden">The first rows</caption><thead><tr>\(head)</tr></thead><tbody>\(rows)</tbody></table></div></details>
            """
    }

    /// Bytes as people read them.
    private static func size(_ bytes: Int) -> String {
        bytes < 1 << 20 ? "\(Figures.count((bytes + 1023) >> 10)) kB" : "\(Figures.significant(Double(bytes) / 1_048_576, 3)) MB"
    }
}
