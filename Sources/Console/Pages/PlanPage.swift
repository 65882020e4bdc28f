import Comparison
import Enrollment
import HTTPServer
import Text

/// The page at `/plan`: how large an experiment must be, and how long it takes.
struct PlanPage {
    let question: PlanQuestion
    /// Who is signed in.
    var session: Session?

    /// The page, and whether it could answer.
    var html: (page: HTML, isAnswered: Bool) {
        let (result, isAnswered) = answer
        let content: HTML = """
            <div class="lead"><div><h1>Plan</h1>
            <p class="quiet">How many units an experiment needs to find a lift, if there is one, and how long that takes. Decide it before the \
            experiment starts, and keep to it.</p></div></div>
            \(form)\(result)
            """
        return (Page(title: "Plan", tab: .plan, session: session, content: content).html, isAnswered)
    }

    private var form: HTML {
        let isMean = question.metric == .mean
        return """
            <section class="card"><form class="ask plan" method="get" action="/plan">
            <label for="metric">Metric\
            <select id="metric" name="metric">\
            <option value="conversion"\(isMean ? HTML.empty : " selected")>Conversion</option>\
            <option value="mean"\(isMean ? " selected" : HTML.empty)>Mean, such as revenue a user</option></select></label>
            \(field("baseline", "Today", "5 %, or a mean"))\
            \(field("sd", "Standard deviation", "of a mean"))\
            \(field("lift", "Lift to find", "10 % of today, or 0.5"))\
            \(field("power", "Power", "80 %"))\
            \(field("confidence", "Confidence", "95 %"))\
            \(field("arms", "Variants, control included", "2"))\
            \(field("traffic", "New units a day", "if known"))
            <button class="main">Plan</button>
            </form></section>

            """
    }

    private func field(_ name: String, _ label: String, _ hint: String) -> HTML {
        """
        <label for="\(name)">\(label)\
        <input type="text" id="\(name)" name="\(name)" value="\(question.texts[name] ?? "")" placeholder="\(hint)"></label>

        """
    }

    private var answer: (HTML, Bool) {
        do {
            let (report, others) = try question.answer()
            return (card(report, others), true)
        } catch let mistake as PlanQuestion.Mistake {
            return (refusal("“\(PlanPage.labels[mistake.field] ?? mistake.field)” \(mistake.reason)."), false)
        } catch {
            return (refusal("There is no answer: \(error)."), false)
        }
    }

    private static let labels = [
        "metric": "Metric", "baseline": "Today", "sd": "Standard deviation", "lift": "Lift to find", "power": "Power",
        "confidence": "Confidence",
        "arms": "Variants", "traffic": "New units a day",
    ]

    private func refusal(_ text: String) -> HTML {
        "<section class=\"card\" role=\"alert\" id=\"mistake\"><p>\(text)</p></section>"
    }

    private func card(_ report: PowerReport, _ others: [PowerReport.Answer]) -> HTML {
        var rows = others.filter { $0.lift < report.each.lift }.map { row("half the lift", $0) }
        rows.append(row("this lift", report.each))
        if let together = report.together { rows.append(row("all pairs together", together)) }
        rows += others.filter { $0.lift > report.each.lift }.map { row("twice the lift", $0) }
        let assumptions = report.assumptions.map { "<li>\($0)</li>" as HTML }
        return """
            <section class="card" id="answer"><header><h2>\(report.conclusion)</h2></header>
            <div class="scroll"><table class="wide"><thead><tr><th>To find</th><th class="n">Lift</th><th class="n">Confidence</th>\
            <th class="n">Units a variant</th><th class="n">Units in all</th><th class="n">Days</th></tr></thead>
            <tbody>\(rows)</tbody></table></div>
            <footer><span>What is assumed:</span><ul>\(assumptions)</ul></footer></section>
            """
    }

    private func row(_ name: String, _ answer: PowerReport.Answer) -> HTML {
        """
        <tr><th scope="row">\(name)</th><td class="n">\(Figures.significant(answer.lift))</td>\
        <td class="n">\(Figures.percent(answer.confidence))</td>\
        <td class="n">\(Figures.roundedUp(answer.sizePerArm))</td>\
        <td class="n">\(Figures.roundedUp(answer.total))</td>\
        <td class="n">\(answer.days.map { Figures.roundedUp($0) } ?? "–")</td></tr>
        """
    }
}
