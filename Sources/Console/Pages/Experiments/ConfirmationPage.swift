import Enrollment
import Experiments
import HTTPServer

/// A page that says what an action would do and to whom, and asks whether to do it.
struct ConfirmationPage {
    let session: Session
    let experiment: Experiment
    let action: ExperimentAction
    let devices: UInt64
    let nextOrdinal: Ordinal
    /// Whether the experiment's holdout was released before it had anybody.
    let admitsHeldOut: Bool
    /// Further consequences, which depend on what was chosen.
    var further: [String] = []
    /// What the form carries or asks besides.
    var fields: HTML = .empty
    var notice: PageNotice?
    /// What somebody else did while this was being decided.
    var last: AuditEntry?
    /// What the button says that does it; the action's title if not given.
    var button: String?

    var html: HTML {
        let told = action.consequences(experiment, devices: devices, nextOrdinal: nextOrdinal, admitsHeldOut: admitsHeldOut)
        let consequences = (further + told).map { "<li>\($0)</li>" as HTML }
        let style: HTML = action.isDangerous ? "danger" : "main"
        let content: HTML = """
            \(last.map(ConflictPage.lastChange))<section class="card" id="confirm"><h2>\(action.question(experiment.key))</h2>
            <ul class="consequences">\(consequences)</ul>
            <form class="stack" method="post" action="\(ExperimentPath.of(experiment.key, action.rawValue))">
            \(session.field)\(ExperimentSight(experiment).html)\(fields)\
            <div class="actions"><button class="\(style)" name="do" value="\(action.rawValue)">\(button ?? action.title)</button>\
            <a class="button" href="\(ExperimentPath.of(experiment.key, action.page))">Leave it as it is</a></div>
            </form></section>
            """
        return ExperimentFrame(experiment: experiment, session: session, tab: nil, notice: notice, content: content).html
    }

    /// What can win, and what each choice means.
    ///
    /// - Parameter chosen: the value that is chosen to begin with; nothing is, if it is none of them.
    static func winners(_ experiment: Experiment, _ statistics: ExperimentStatistics, chosen: String?) -> HTML {
        let choices = experiment.values.enumerated().map { index, value -> HTML in
            let own = statistics.variants.first { $0.value == value }?.devices ?? 0
            let others = statistics.devices - min(own, statistics.devices)
            return """
                <label class="choice" for="winner-\(index)"><input type="radio" id="winner-\(index)" name="winner" value="\(value)" required\(value == chosen ? " checked" : HTML.empty)>\
                <span><b>‘\(value)’ wins.</b> Every device that is not older than the experiment gets it from now on: the \
                \(Numbers.devices(own)) that \(own == 1 ? "has" : "have") it, the \(Numbers.count(others)) that \
                \(others == 1 ? "has" : "have") another value, and all that come.</span></label>

                """
        }
        return """
            <fieldset><legend>How it ends</legend>
            \(choices)<label class="choice" for="no-winner"><input type="radio" id="no-winner" name="winner" value="" required>\
            <span><b>Nobody wins.</b> No device is told of the experiment any more; clients fall back to what they do without it.</span></label>
            </fieldset>

            """
    }
}
