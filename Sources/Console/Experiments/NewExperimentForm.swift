import Comparison
import Enrollment
import Experiments
import HTTPServer

/// What is typed into the form for an experiment that is new, or a draft.
struct NewExperimentForm: Sendable {
    /// Why there is no draft, and which field has it, if one has.
    struct Mistake: Error, Hashable {
        var field: String?
        var row: Int?
        /// The condition that has it.
        var condition: Int?
        let reason: String
    }

    var rows = VariantRows()
    var conditions = TargetingRows()
    /// The other fields, by their names.
    private(set) var texts: [String: String]
    /// Whether the draft has a plan that was written by hand, which the form leaves as it is.
    var hasOwnPlan = false

    /// What the field of the layer says for one that is made along.
    static let newLayer = "*new"

    private static let fields =
        ["key", "summary", "fact", "layer", "slots", "new_layer", "new_slots", "holdout"] + PlanText.fields
    private static let beginning = PlanQuestion.beginning.merging(["metric": "", "new_slots": "100"]) { $1 }

    init() { texts = Self.beginning }

    init(_ form: Form) throws(Problem) { try self.init(form, rows: VariantRows(form)) }

    /// What is needed to show the size: the weights without the values, which may be long.
    init(previewed form: Form) throws(Problem) { try self.init(form, rows: VariantRows(weights: form.values("weight"))) }

    private init(_ form: Form, rows: VariantRows) throws(Problem) {
        self.rows = rows
        conditions = try TargetingRows(form)
        texts = Self.beginning
        for field in Self.fields {
            if let text = try form.value(field) { texts[field] = text }
        }
        texts["summary"] = texts["summary"]?.replacing("\r\n", with: "\n")
    }

    /// A draft as it could have been typed.
    init(_ draft: Experiment) {
        texts = Self.beginning
        rows = VariantRows(draft.allocation)
        conditions = TargetingRows(draft.targeting)
        (texts["key"], texts["summary"]) = (draft.key.text, draft.summary)
        if let layer = draft.layer {
            (texts["layer"], texts["slots"]) = (layer.layer.text, "\(layer.slots.count)")
        } else {
            texts["holdout"] = draft.holdout?.text
        }
        guard let plan = draft.plan else { return }
        if let asked = PlanText.asked(plan) { texts.merge(asked) { $1 } }
        hasOwnPlan = (try? PlanText(self, control: draft.allocation.variants[0].value).text) != plan
    }

    /// The text of a field.
    subscript(field: String) -> String { texts[field] ?? "" }

    /// Whether a metric is to decide it.
    var hasMetric: Bool { !self["metric"].isEmpty }

    /// What is asked about its size: of a conversion, as long as no metric is chosen.
    var question: PlanQuestion {
        PlanQuestion(texts: hasMetric ? texts : texts.merging(["metric": "conversion"]) { $1 }, weights: rows.weights ?? [])
    }

    // MARK: What is made of it

    /// The draft that the form describes; it has the layers that the form makes along made in the catalogue.
    ///
    /// - Parameter old: the draft that it replaces.
    func draft(replacing old: Experiment? = nil, in catalogue: inout Catalogue, now: Timestamp) throws -> (Experiment, ExperimentScope) {
        let key: ExperimentKey
        do { key = try old?.key ?? ExperimentKey(self["key"]) } catch { throw Mistake(field: "key", reason: "\(error)") }
        if let flaw = Summary.flaw(in: self["summary"]) { throw Mistake(field: "summary", reason: "The hypothesis \(flaw).") }
        let allocation: Allocation
        do { allocation = try rows.allocation() } catch { throw Mistake(row: error.row, reason: error.reason) }
        var experiment = Experiment(
            key: key, summary: self["summary"], allocation: allocation, targeting: try targeting(), created: old?.created ?? now)
        if hasOwnPlan, let plan = old?.plan {
            do { try experiment.analyse(by: plan) } catch {
                throw Mistake(reason: "The plan, which was written by hand, does not go with this: \(error). Change it first, under Plan.")
            }
        } else if hasMetric {
            try experiment.analyse(by: try PlanText(self, control: allocation.variants[0].value).text)
        }
        return (experiment, try scope(in: &catalogue, now: now))
    }

    /// Whom it is for; nil for everybody.
    func targeting() throws(Mistake) -> Targeting? {
        do { return try conditions.targeting() } catch { throw Mistake(condition: error.row, reason: error.reason) }
    }

    private func scope(in catalogue: inout Catalogue, now: Timestamp) throws -> ExperimentScope {
        guard let slots = try slots(in: catalogue) else { return try holdoutName.map { .under($0) } ?? .everybody }
        if self["layer"] == Self.newLayer {
            try catalogue.make(Layer(name: slots.layer, slots: slots.total, holdout: slots.holdout, created: now))
        }
        return .slots(slots.count, of: slots.layer)
    }

    /// The holdout that is chosen.
    var holdoutName: ExperimentKey? {
        get throws { try self["holdout"].isEmpty ? nil : ExperimentKey(self["holdout"]) }
    }

    /// The layer that is chosen or made along, how many slots of it are asked for, how many are free, how many it has, and its holdout.
    func slots(
        in catalogue: Catalogue
    ) throws -> (layer: ExperimentKey, count: Int, free: Int, total: Int, holdout: ExperimentKey?)? {
        guard !self["layer"].isEmpty else { return nil }
        guard let count = Int(self["slots"].filter { $0 != " " }), count >= 1 else {
            throw Mistake(
                field: "slots", reason: "Say how many slots of the layer it gets, such as 50\(TypedNumber.advice(self["slots"])).")
        }
        if self["layer"] == Self.newLayer {
            let name: ExperimentKey
            do { name = try ExperimentKey(self["new_layer"]) } catch {
                throw Mistake(field: "new_layer", reason: "Name the new layer: \(error)")
            }
            guard let total = Int(self["new_slots"].filter { $0 != " " }), Layer.slotCounts.contains(total) else {
                let counts = Layer.slotCounts
                throw Mistake(field: "new_slots", reason: "A layer has \(counts.lowerBound) to \(counts.upperBound) slots.")
            }
            guard count <= total else {
                throw Mistake(field: "slots", reason: "The new layer has \(total) slots, fewer than \(count).")
            }
            return (name, count, total, total, try holdoutName)
        }
        let layer = try catalogue.layer(ExperimentKey(self["layer"]))
        if let chosen = try holdoutName, chosen != layer.holdout {
            throw Mistake(
                field: "holdout",
                reason:
                    "The layer ‘\(layer.name)’ is \(layer.holdout.map { "under the holdout ‘\($0)’" } ?? "under no holdout"), and so is all in it: "
                    + "choose None here, or another layer.")
        }
        // A draft's own slots are free for it.
        let own = catalogue.experiments.first { $0.key.text == self["key"] && $0.state == .draft && $0.layer?.layer == layer.name }
        return (
            layer.name, count, catalogue.freeSlots(of: layer).count + (own?.layer?.slots.count ?? 0), Int(layer.slots), layer.holdout
        )
    }
}
