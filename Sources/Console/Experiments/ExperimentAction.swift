import Enrollment
import Experiments

/// What can be done with an experiment from its page; each has a page that says what would happen, and asks.
enum ExperimentAction: String, CaseIterable, Sendable {
    case start
    case pause
    case resume
    case variants
    case finish
    case delete
    case removePlan = "remove-plan"

    /// Who may.
    static let role = AccessRole.editor

    func isPossible(_ experiment: Experiment) -> Bool {
        switch (self, experiment.state) {
        case (.start, .draft), (.delete, .draft), (.pause, .running), (.resume, .paused): true
        case (.variants, .draft), (.variants, .running), (.variants, .paused): true
        case (.finish, .running), (.finish, .paused): true
        case (.removePlan, .draft), (.removePlan, .running), (.removePlan, .paused): experiment.plan != nil
        default: false
        }
    }

    /// Whether it is what one mostly came for.
    func isMain(_ state: ExperimentState) -> Bool { self == .start || self == .resume }

    /// Whether it cannot be undone, or something is lost by it.
    var isDangerous: Bool { self == .delete || self == .finish || self == .removePlan }

    /// The experiment's page that offers it, and to which one comes back.
    var page: String { self == .removePlan ? "plan" : "" }

    /// What it is called in the API's document.
    var name: String { self == .removePlan ? "removePlan" : rawValue }

    /// The button's text.
    var title: String {
        switch self {
        case .start: "Start"
        case .pause: "Pause"
        case .resume: "Resume"
        case .variants: "Change weights"
        case .finish: "Finish"
        case .delete: "Throw away"
        case .removePlan: "Take the plan away"
        }
    }

    /// What is asked.
    func question(_ key: ExperimentKey) -> String {
        switch self {
        case .start: "Start '\(key)'?"
        case .pause: "Pause '\(key)'?"
        case .resume: "Resume '\(key)'?"
        case .variants: "Change the weights of '\(key)'"
        case .finish: "Finish '\(key)'"
        case .delete: "Throw the draft '\(key)' away?"
        case .removePlan: "Take the plan of '\(key)' away?"
        }
    }

    /// What will happen, and to whom.
    ///
    /// - Parameter admitsHeldOut: whether the experiment's holdout was released before it had anybody.
    func consequences(_ experiment: Experiment, devices: UInt64, nextOrdinal: Ordinal, admitsHeldOut: Bool) -> [String] {
        let allocation = experiment.allocation
        let newDevices = ExperimentWords.newDevices(experiment, admitsHeldOut: admitsHeldOut)
        let (those, they, have) =
            devices == 1 ? ("The device", "keeps its value", "is") : ("The \(Numbers.devices(devices))", "keep their values", "are")
        switch self {
        case .start:
            return [
                "\(newDevices) takes part: \(ExperimentWords.shares(allocation)), "
                    + "exact after every \(Numbers.devices(allocation.blockSize)).",
                nextOrdinal == 0
                    ? "No device is known yet, so none is older than the experiment."
                    : "The \(Numbers.devices(nextOrdinal)) known by now \(nextOrdinal == 1 ? "is" : "are") older than the experiment: "
                        + "\(nextOrdinal == 1 ? "it" : "they") will never be told of it.",
                "It cannot be a draft again: it can be paused, and it can be finished.",
            ]
        case .pause:
            return [
                "Devices that are first seen from now on are not in the experiment, and never will be, also not after the pause.",
                "\(those) in it \(they), and \(have) served on.", "It can be resumed at any time.",
            ]
        case .resume:
            return [
                "\(newDevices) takes part again: \(ExperimentWords.shares(allocation)). "
                    + "Blocks go on where they stopped, so the proportions stay exact.",
                "Devices that were first seen during the pause stay out.",
            ]
        case .variants:
            return [
                "Devices that are first seen from now on are dealt by the new weights, in a new epoch.",
                "\(those) in it \(they). A variant that is left out is closed to new devices; who has it keeps it.",
            ]
        case .finish:
            return ["This cannot be undone.", "What devices are told changes at once, in the way you choose."]
        case .delete:
            return ["No device knows of it, so nobody notices.", "The audit trail keeps what it was. Its key may be used again."]
        case .removePlan:
            return [
                "No results are worked out any more, and there is no verdict until there is a plan again.",
                "Nobody's value changes. The audit trail keeps the plan, and what was decided by it.",
            ]
        }
    }

    /// What is said when it was done, given by the next page.
    var done: String {
        switch self {
        case .start: "The experiment was started: it takes in every device that is first seen from now on."
        case .pause: "The experiment was paused: nobody new gets in, and those who are in keep their values."
        case .resume: "The experiment was resumed: it takes in new devices again."
        case .variants: "The weights were changed, for devices that come from now on."
        case .finish: "The experiment was finished."
        case .delete: "The draft was thrown away."
        case .removePlan: "The plan was taken away."
        }
    }
}
