import Experiments
import Text

/// What an experiment is and was, in words.
enum ExperimentWords {
    /// Who takes part in an experiment, and who never will.
    static func participants(_ experiment: Experiment, nextOrdinal: Ordinal) -> String {
        let older = experiment.firstOrdinal.map { first in
            let older = first == 1 ? "is older and knows" : "are older and know"
            return first == 0 ? "" : " The \(Numbers.devices(first)) known before \(older) nothing of it."
        }
        switch experiment.state {
        case .draft:
            return "Nobody yet: no device knows of a draft."
                + (nextOrdinal == 0
                    ? "" : " The \(Numbers.devices(nextOrdinal)) known by now would be older than the experiment, and never take part.")
        case .running:
            let pauses = wasPaused(experiment) ? " Those that were first seen during a pause are not in it." : ""
            return "Every device that is first seen since \(since(experiment)) takes part.\(pauses)\(older ?? "")"
        case .paused:
            return "Nobody new: devices first seen during the pause are never in. Those who are in keep their values and are served on."
                + (older ?? "")
        case .finished:
            return experiment.winner.map {
                "It is over. Its winner '\($0)' goes to every device that is not older than the experiment.\(older ?? "")"
            } ?? "It is over without a winner: no device is served it any more."
        }
    }

    /// Who of them is kept out all the same, one sentence for each reason.
    ///
    /// - Parameter cover: the holdout that it is under.
    static func limits(_ experiment: Experiment, under cover: (holdout: Holdout, admitsHeldOut: Bool)?) -> [String] {
        var limits: [String] = []
        if let layer = experiment.layer {
            limits.append(
                "It has \(layer.slots.count) of the \(layer.of) slots of the layer '\(layer.layer)': only their devices are in it, and they are "
                    + "in no other experiment of the layer.")
        }
        switch cover {
        case (let holdout, true)?:
            limits.append("The holdout '\(holdout.name)', under which it was made, was released before and keeps nobody out.")
        case (let holdout, false)?:
            let released = holdout.released.map { release in
                " It was released on \(DateText.minutes(release.time)), when the experiment had begun"
                    + (experiment.winner == nil ? "; its winner, if it gets one, is for them too." : "; its winner is for them too.")
            }
            limits.append("The devices of the holdout '\(holdout.name)' are kept out.\(released ?? "")")
        case nil: break
        }
        if let targeting = experiment.targeting {
            limits.append(
                "It is only for devices of which this is known at their first contact: "
                    + "\(TargetingWords.conditions(targeting).joined(separator: "; ")).")
        }
        return limits
    }

    /// Which devices a start or a resumption is about.
    ///
    /// - Parameter admitsHeldOut: whether its holdout was released before it had anybody, and keeps nobody out.
    static func newDevices(_ experiment: Experiment, admitsHeldOut: Bool) -> String {
        let reasons = [
            experiment.layer.map { "that has one of its slots of the layer '\($0.layer)'" },
            admitsHeldOut ? nil : experiment.holdout.map { "that is not in the holdout '\($0)'" },
            experiment.targeting.map { _ in "that meets its conditions" },
        ].compactMap(\.self)
        guard let last = reasons.last else { return "Every device that is first seen from now on" }
        let list = reasons.count == 1 ? last : "\(reasons.dropLast().joined(separator: ", ")) and \(last)"
        return "Every device that is first seen from now on and \(list)"
    }

    /// Whether devices were first seen, and kept out, between two times in which it ran.
    private static func wasPaused(_ experiment: Experiment) -> Bool {
        let spans = experiment.epochs.flatMap(\.spans)
        return zip(spans, spans.dropFirst()).contains { earlier, later in earlier.end.map { $0 < later.first } == true }
    }

    private static func since(_ experiment: Experiment) -> String {
        experiment.started.map(DateText.minutes) ?? "its start"
    }

    /// `old 75.0 %, new 25.0 %`.
    static func shares(_ allocation: Allocation) -> String {
        allocation.variants.enumerated().map { index, variant in "'\(variant.value)' \(Numbers.percent(allocation.percent(of: index)))" }
            .joined(separator: ", ")
    }

    /// Which devices an epoch admitted.
    static func admitted(_ epoch: Epoch, nextOrdinal: Ordinal) -> String {
        guard !epoch.spans.isEmpty else { return "It has admitted nobody." }
        let spans = epoch.spans.map { span in
            let first = Numbers.count(span.first + 1)
            return span.end.map { "\(first) to \(Numbers.count($0))" } ?? "\(first) on"
        }
        return "For devices number \(spans.joined(separator: ", and ")), counted over all that ever came."
    }
}
