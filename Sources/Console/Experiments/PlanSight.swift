import Experiments
import HTTPServer

/// What somebody saw of an experiment's plan when they began to change it, as a short text: the ETag of the API, and a field of the form.
///
/// Another text has another; the same text written twice is the same plan.
struct PlanSight: Hashable, Sendable {
    /// The field of the form.
    static let field = "seen"

    let text: String

    init(_ plan: String?) {
        text = TextDigest(of: plan ?? "").text
    }

    init(text: String) { self.text = text }

    /// The hidden field.
    var html: HTML { "<input type=\"hidden\" name=\"\(PlanSight.field)\" value=\"\(text)\">" }

    /// As HTTP has it.
    var tag: String { "\"\(text)\"" }

    /// As people are shown it: enough to tell one plan of an experiment from another.
    var name: String { text.prefix(8) + "…" }

    /// Somebody else saved another plan meanwhile.
    struct Conflict: Error {}

    /// - Throws: ``Conflict`` if the plan is not as it was seen.
    func check(_ experiment: Experiment) throws(Conflict) {
        if PlanSight(experiment.plan) != self { throw Conflict() }
    }
}
