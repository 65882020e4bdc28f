import Experiments
import HTTPServer

/// What somebody saw of an experiment when they decided to change it: its state, and the allocation in force; all of a draft.
///
/// A form carries it, so that nobody changes what somebody else has changed meanwhile without knowing it.
struct ExperimentSight: Hashable, Sendable {
    /// The field of the form.
    static let field = "seen"

    let text: String

    init(_ experiment: Experiment) {
        let state = "\(experiment.state.rawValue)-\(experiment.epochs.count)-\(experiment.epochs.last?.decided.milliseconds ?? 0)"
        // All of a draft can be changed.
        text = experiment.state == .draft ? state + "-" + TextDigest(of: "\(experiment.json)\n\(experiment.plan ?? "")").text : state
    }

    /// What a form carries.
    init(_ form: Form) throws(Problem) { text = try form.value(Self.field) ?? "" }

    /// The hidden field.
    var html: HTML { "<input type=\"hidden\" name=\"\(Self.field)\" value=\"\(text)\">" }

    /// - Throws: `Problem` 409 if the experiment is not as it was seen.
    func check(_ experiment: Experiment) throws(Problem) {
        guard ExperimentSight(experiment) == self else {
            throw .conflict(
                "The experiment '\(experiment.key)' was changed while you were looking at it; it is \(experiment.state.words) now. "
                    + "Nothing was done: look again, and decide anew.")
        }
    }
}
