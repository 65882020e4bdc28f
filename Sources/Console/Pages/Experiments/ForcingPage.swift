import Enrollment
import Experiments
import HTTPServer

/// A page that says what it means that a device is given a value, or what it is dealt again, and asks whether to do it.
struct ForcingPage {
    /// What the button sends that does it.
    static let confirmed = "force"

    let session: Session
    let experiment: Experiment
    let token: String
    /// Nil is to give it what it is dealt again.
    let value: String?
    /// The value that it is given by now; nil for what it is dealt.
    let forcedValue: String?
    /// Whether the device was ever seen.
    let isKnown: Bool

    var html: HTML {
        let consequences = consequences.map { "<li>\($0)</li>" as HTML }
        let question = value.map { "Give the device '\(token)' the value '\($0)'?" } ?? "Give the device '\(token)' what it is dealt again?"
        let content: HTML = """
            <section class="card" id="confirm"><h2>\(question)</h2>
            <ul class="consequences">\(consequences)</ul>
            <form class="stack" method="post" action="\(ExperimentPath.of(experiment.key, "explain"))">
            \(session.field)\(ExperimentSight(experiment).html)\
            <input type="hidden" name="device" value="\(token)"><input type="hidden" name="value" value="\(value ?? "")">\
            <div class="actions"><button class="main" name="do" value="\(ForcingPage.confirmed)">\
            \(value == nil ? "Give it what it is dealt" : "Give it this value")</button>\
            <a class="button" href="\(ExperimentPath.explain(experiment.key, device: token))">Leave it as it is</a></div>
            </form></section>
            """
        return ExperimentFrame(experiment: experiment, session: session, tab: nil, content: content).html
    }

    private var consequences: [String] {
        let time = isKnown ? "from its next request on" : "from its first request on"
        let unseen = isKnown ? [] : ["It was never seen here, and to ask about it does not make it known."]
        let before = forcedValue == value ? nil : forcedValue
        let isDraft = experiment.state == .draft
        guard let value else {
            return [
                "It gets what it is dealt \(time)\(before.map { ", and not '\($0)' any more" } ?? "").",
                isDraft
                    ? "As the experiment was not started, it counts as any other."
                    : "It still counts for nothing in this experiment, for ever.",
                "Nobody else's value changes.",
            ] + unseen
        }
        return [
            "It gets '\(value)' \(time), whatever it is dealt\(before.map { ", and not '\($0)' any more" } ?? "").",
            isDraft
                ? "It counts for nothing in this experiment, unless it is given what it is dealt again before the start."
                : "It counts for nothing in this experiment, for ever, also when it is given what it is dealt again.",
            "Nobody else's value changes.",
        ] + unseen
    }
}
