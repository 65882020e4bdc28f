import Enrollment
import Experiments
import HTTPServer

/// What is said when somebody else changed an experiment so that what was to be done cannot be done any more.
struct ConflictPage {
    let session: Session
    let experiment: Experiment
    let action: ExperimentAction
    /// Why nothing was done.
    let reason: String
    /// The last change of it.
    let last: AuditEntry?

    var html: HTML {
        let content: HTML = """
            \(last.map(ConflictPage.lastChange))<section class="card" id="conflict"><h2>‘\(action.title)’ is not possible any more</h2>
            <div class="actions"><a class="button main" href="\(ExperimentPath.of(experiment.key, action.page))">See how it stands now</a>\
            <a class="button" href="\(ExperimentPath.of(experiment.key, "audit"))">Audit trail</a></div></section>
            """
        return ExperimentFrame(experiment: experiment, session: session, tab: nil, notice: .refused(reason), content: content).html
    }

    /// Who changed it last, when and how.
    static func lastChange(_ entry: AuditEntry) -> HTML {
        let what = AuditWords(entry).text
        return "<section class=\"card\" id=\"theirs\"><p><b>\(entry.actor)</b>, \(DateText.minutes(entry.time)): \(what)</p></section>\n"
    }
}
