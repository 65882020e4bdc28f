import Enrollment
import Experiments
import HTTPServer
import Text

/// The page of one experiment: its hypothesis, who takes part, how devices are spread, what was decided when, and what can be done.
struct ExperimentPage {
    let session: Session
    let experiment: Experiment
    /// How its devices are spread.
    let spread: LivePart
    /// The devices that are known, in it or not.
    let nextOrdinal: Ordinal
    let standing: ExperimentStanding
    /// The holdout that it is under, and whether it takes in the devices of it.
    var cover: (holdout: Holdout, admitsHeldOut: Bool)?
    var notice: PageNotice?

    var html: HTML {
        let summary: HTML =
            experiment.summary.isEmpty
            ? "<p class=\"quiet\">Nobody wrote down a hypothesis.</p>" : "<p class=\"hypothesis\">\(experiment.summary)</p>"
        let content: HTML = """
            \(ending)<section class="card"><header><h2>Hypothesis</h2>\(standing.verdictChip)</header>
            \(summary)
            <h2>Who takes part</h2>
            <p>\(ExperimentWords.participants(experiment, nextOrdinal: nextOrdinal))</p>\
            \(ExperimentWords.limits(experiment, under: cover).map { "<p>\($0)</p>" as HTML })
            \(actions)</section>
            \(spread.html)
            \(epochs)
            """
        return ExperimentFrame(experiment: experiment, session: session, tab: .overview, notice: notice, content: content).html
    }

    /// What came of it, before all that is history: since when it is finished, what won, and what the verdict was.
    private var ending: HTML? {
        guard experiment.state == .finished else { return nil }
        let since = experiment.finished.map { " since \(DateText.minutes($0))" } ?? ""
        let results = ExperimentPath.of(experiment.key, "results")
        return """
            <section class="card" id="ended"><header><h2>Finished\(since), \(experiment.winner.map { "with the winner ‘\($0)’" } ?? "without a winner")</h2></header>
            <p>\(standing.lastVerdict)\(standing.hasPlan ? " <a href=\"\(results)\">What the data said</a>" : HTML.empty)</p></section>

            """
    }

    /// Links to the pages that say what would happen, and ask.
    private var actions: HTML? {
        let isDraft = experiment.state == .draft
        let actions = ExperimentAction.allCases.filter { action in
            action.isPossible(experiment) && action.page.isEmpty && session.role >= ExperimentAction.role
                // All of a draft is edited at once.
                && !(isDraft && action == .variants)
        }
        guard !actions.isEmpty else { return nil }
        var links = actions.map { action -> HTML in
            let style: HTML = action.isMain(experiment.state) ? " main" : ""
            return "<a class=\"button\(style)\" href=\"\(ExperimentPath.of(experiment.key, action.rawValue))\">\(action.title)</a>"
        }
        if isDraft { links.insert("<a class=\"button\" href=\"\(ExperimentPath.of(experiment.key, "edit"))\">Edit</a>", at: 1) }
        return "<div class=\"actions\" role=\"group\" aria-label=\"Actions\">\(links)</div>"
    }

    private var epochs: HTML {
        let items = experiment.epochs.enumerated().map { index, epoch -> HTML in
            """
            <li><b>Epoch \(index)</b>, decided \(DateText.minutes(epoch.decided)): \(ExperimentWords.shares(epoch.allocation)), \
            exact after every \(Numbers.devices(epoch.allocation.blockSize)). \(ExperimentWords.admitted(epoch, nextOrdinal: nextOrdinal))</li>

            """
        }
        return """
            <section class="card" id="epochs"><header><h2>Epochs</h2></header>
            <p class="quiet">A change of weights opens an epoch for the devices that come after it; nobody who has a value loses it.</p>
            <ol class="plain">\(items)</ol></section>
            """
    }
}
