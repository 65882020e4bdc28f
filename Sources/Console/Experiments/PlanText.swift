import Comparison
import Experiments
import Foundation
import Text

/// The plan that the form writes: one metric, in the words of a person who would write it by hand.
///
/// A comment keeps what was typed into the form, so that a draft can be opened in it again; it is read back only from a text that says
/// nothing else than the form would write.
struct PlanText {
    let text: String

    /// The fields that a plan is made of.
    static let fields = ["fact", "metric", "baseline", "sd", "lift", "power", "confidence", "traffic"]
    private static let opening = "# Written by the form; see the documentation of plans for all that can be said.\n# Asked there: "

    init(_ form: NewExperimentForm, control: String) throws {
        guard let fact = try? ExperimentKey(form["fact"]) else {
            throw NewExperimentForm.Mistake(
                field: "fact",
                reason: "Name the fact that the metric is about, as clients send it: 1 to 64 of the characters A-Z a-z 0-9 . _ -")
        }
        let question = form.question
        let answer: PlanQuestion.Answer
        do { answer = try question.answer() } catch let mistake as PlanQuestion.Mistake {
            throw NewExperimentForm.Mistake(
                field: mistake.field, reason: "“\(PlanQuestion.labels[mistake.field] ?? mistake.field)” \(mistake.reason).")
        }
        let isMean = question.metric == .mean
        let name = isMean ? "mean-\(fact.text.prefix(50))" : "conversion-\(fact.text.prefix(50))"
        let decision = try question.decision()
        // All comparisons together are what is decided on, at any look. A size that no plan could name is no plan's either.
        let units = (answer.anyLook ?? answer.report.together ?? answer.report.each).wholeTotal
        let size = units <= 1 << 53 ? "size: \(units)\n" : ""
        let asked = JSONValue.object(PlanText.fields.filter { $0 != "sd" || isMean }.map { ($0, .string(form[$0])) })
        text = """
            \(PlanText.opening)\(asked)
            control: \(PlanText.quoted(control))
            \(size)\
            facts:
              \(PlanText.quoted(fact.text)): \(isMean ? "{value: value}" : "")
            metrics:
              \(PlanText.quoted(name)): {kind: \(isMean ? "mean" : "conversion"), of: \(PlanText.quoted(fact.text))}
            method: {confidence: \(decision.confidence)}
            decision: {ship on: \(PlanText.quoted(name)), smallest effect: \(decision.smallestEffect), power: \(decision.power)}

            """
    }

    /// What was typed for a plan that the form wrote; nil for another's.
    static func asked(_ plan: String) -> [String: String]? {
        guard plan.hasPrefix(opening), let line = plan.dropFirst(opening.count).split(separator: "\n").first else { return nil }
        return try? JSONDecoder().decode([String: String].self, from: Data(line.utf8)).filter { fields.contains($0.key) }
    }

    /// A text in double quotes, as YAML reads it; it has no control characters.
    private static func quoted(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
}
