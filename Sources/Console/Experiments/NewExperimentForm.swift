import Comparison
import Enrollment
import Experiments
import HTTPServer

/// What is typed into the form for a new experiment.
struct NewExperimentForm: Sendable {
    /// Why there is no draft, and which field has it, if one has.
    struct Mistake: Error, Hashable {
        var field: String?
        var row: Int?
        let reason: String
    }

    var rows = VariantRows()
    /// The other fields, by their names.
    private(set) var texts: [String: String]

    /// The longest summary, in bytes.
    static let longestSummary = 4096

    private static let fields = ["key", "summary", "fact", "metric", "baseline", "sd", "lift", "power", "confidence", "traffic"]
    private static let beginning = PlanQuestion.beginning.merging(["key": "", "summary": "", "fact": "", "metric": ""]) { $1 }

    init() { texts = Self.beginning }

    init(_ form: Form) throws(Problem) { try self.init(form, rows: VariantRows(form)) }

    /// What is needed to show the size: the weights without the values, which may be long.
    init(previewed form: Form) throws(Problem) { try self.init(form, rows: VariantRows(weights: form.values("weight"))) }

    private init(_ form: Form, rows: VariantRows) throws(Problem) {
        self.rows = rows
        texts = Self.beginning
        for field in Self.fields {
            if let text = try form.value(field) { texts[field] = text }
        }
        texts["summary"] = texts["summary"]?.replacing("\r\n", with: "\n")
    }

    /// The text of a field.
    subscript(field: String) -> String { texts[field] ?? "" }

    /// Whether a metric is to decide it.
    var hasMetric: Bool { !self["metric"].isEmpty }

    /// What is asked about its size: of a conversion, as long as no metric is chosen.
    var question: PlanQuestion {
        PlanQuestion(texts: hasMetric ? texts : texts.merging(["metric": "conversion"]) { $1 }, weights: rows.weights ?? [])
    }

    /// The draft that the form describes.
    func draft(now: Timestamp) throws -> Experiment {
        let key: ExperimentKey
        do { key = try ExperimentKey(self["key"]) } catch { throw Mistake(field: "key", reason: "\(error)") }
        guard self["summary"].utf8.count <= Self.longestSummary else {
            throw Mistake(field: "summary", reason: "The hypothesis may have at most \(Self.longestSummary) bytes.")
        }
        let allocation: Allocation
        do { allocation = try rows.allocation() } catch { throw Mistake(row: error.row, reason: error.reason) }
        var experiment = Experiment(key: key, summary: self["summary"], allocation: allocation, created: now)
        if hasMetric { try experiment.analyse(by: try plan(control: allocation.variants[0].value)) }
        return experiment
    }

    /// A plan with the one metric, in the words of a person who would write it by hand.
    private func plan(control: String) throws -> String {
        guard let fact = try? ExperimentKey(self["fact"]) else {
            throw Mistake(
                field: "fact",
                reason: "Name the fact that the metric is about, as clients send it: 1 to 64 of the characters A-Z a-z 0-9 . _ -")
        }
        let report: PowerReport
        do { report = try question.answer().report } catch let mistake as PlanQuestion.Mistake {
            throw Mistake(field: mistake.field, reason: "“\(PlanQuestion.labels[mistake.field] ?? mistake.field)” \(mistake.reason).")
        }
        let isMean = question.metric == .mean
        let name = isMean ? "mean-\(fact.text.prefix(50))" : "conversion-\(fact.text.prefix(50))"
        let decision = try question.decision()
        // All comparisons together are what is decided on. A size that no plan could name is no plan's either.
        let units = (report.together ?? report.each).wholeTotal
        let size = units <= 1 << 53 ? "size: \(units)\n" : ""
        return """
            # Written by the form; see the documentation of plans for all that can be said.
            control: \(NewExperimentForm.quoted(control))
            \(size)\
            facts:
              \(NewExperimentForm.quoted(fact.text)): \(isMean ? "{value: value}" : "")
            metrics:
              \(NewExperimentForm.quoted(name)): {kind: \(isMean ? "mean" : "conversion"), of: \(NewExperimentForm.quoted(fact.text))}
            method: {confidence: \(decision.confidence)}
            decision: {ship on: \(NewExperimentForm.quoted(name)), smallest effect: \(decision.smallestEffect), power: \(decision.power)}

            """
    }

    /// A text in double quotes, as YAML reads it; it has no control characters.
    private static func quoted(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
}
