import Analysis
import Comparison
import HTTPServer
import Text

/// The answer to a planning question as a card: how many units and days it takes, for this lift and for others.
struct PlanCard {
    let question: PlanQuestion

    /// Where it is said that there is no answer.
    static let refusal = "no-answer"

    /// The card, whether there is an answer, and the field that holds why there is none.
    var html: (card: HTML, isAnswered: Bool, mistaken: String?) {
        do {
            return (card(try question.answer()), true, nil)
        } catch let mistake as PlanQuestion.Mistake {
            let label = PlanQuestion.labels[mistake.field] ?? mistake.field
            return (refusal("“\(label)” \(mistake.reason)."), false, mistake.field)
        } catch {
            return (refusal("There is no answer: \(error)."), false, nil)
        }
    }

    private func refusal(_ text: String) -> HTML {
        "<section class=\"card\" role=\"alert\" id=\"\(PlanCard.refusal)\"><p>\(text)</p></section>"
    }

    private func card(_ answer: PlanQuestion.Answer) -> HTML {
        let (report, others) = (answer.report, answer.others)
        var rows = others.filter { abs($0.lift) < abs(report.each.lift) }.map { row("half the lift", $0) }
        rows.append(row("this lift", report.each))
        if let together = report.together { rows.append(row("all comparisons together", together)) }
        if let anyLook = answer.anyLook { rows.append(row("this lift, at any look", anyLook)) }
        rows += others.filter { abs($0.lift) > abs(report.each.lift) }.map { row("twice the lift", $0) }
        let assumptions = report.assumptions.map { "<li>\($0)</li>" as HTML }
        return """
            <section class="card" id="answer"><header><h2>\(report.conclusion(calling: .variant))</h2></header>
            \(question.liftMeaning(report.each.lift).map { "<p id=\"lift-meaning\">\($0)</p>\n" as HTML })\
            \(anyLook(answer.anyLook))
            <div class="scroll" tabindex="0" role="region" aria-label="How many units it takes"><table class="wide">\
            <caption class="hidden">How many units it takes</caption><thead><tr><th scope="col">To find</th><th scope="col" class="n">Lift</th>\
            <th scope="col" class="n">Confidence</th><th scope="col" class="n">Units a variant</th><th scope="col" class="n">Units in all</th>\
            <th scope="col" class="n">Days</th></tr></thead>
            <tbody>\(rows)</tbody></table></div>
            \(scale.legend.map { "<p class=\"quiet\">\($0)</p>\n" as HTML })\
            <footer><span>What is assumed:</span><ul>\(assumptions)</ul></footer></section>
            """
    }

    /// What it takes by the rule that decides an experiment here.
    private func anyLook(_ answer: PowerReport.Answer?) -> HTML? {
        answer.map { answer in
            let days = answer.daysText.map { ", \($0)" } ?? ""
            return """
                <p id="any-look">That is for one look at the end. A running experiment here is looked at all along, and its verdict may come at any \
                look: to be as sure of it takes \(PlanCard.sizes(answer)) units a variant, \(answer.totalText) in all\(days), though \
                a larger lift is found sooner.</p>
                """
        }
    }

    private func row(_ name: String, _ answer: PowerReport.Answer) -> HTML {
        """
        <tr><th scope="row">\(name)</th><td class="n">\(scale.cell(answer.lift))</td>\
        <td class="n">\(Figures.percent(answer.confidence))</td>\
        <td class="n">\(PlanCard.sizes(answer))</td>\
        <td class="n">\(answer.totalText)</td>\
        <td class="n">\(answer.days.map { Figures.roundedUp($0) } ?? "–")</td></tr>
        """
    }

    /// How lifts are written: as results write the differences that they are.
    private var scale: FigureScale { question.metric == .mean ? .plain : .share }

    /// One number where the arms are of one size, or those of the first few.
    private static func sizes(_ answer: PowerReport.Answer) -> String {
        guard answer.sizes.contains(where: { $0 != answer.sizes[0] }) else { return answer.sizeText() }
        return answer.sizes.indices.prefix(4).map { answer.sizeText($0) }.joined(separator: " / ") + (answer.sizes.count > 4 ? " / …" : "")
    }
}
