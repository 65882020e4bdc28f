import Enrollment
import Experiments
import HTTPServer

/// The page at `/experiments/{key}/results`: what the data say of an experiment, and how sure that is.
struct ResultsPage {
    let session: Session
    let view: ResultsView

    /// Without JavaScript, the page is loaded again now and then.
    private static let head: HTML = "<noscript><meta http-equiv=\"refresh\" content=\"30\"></noscript>"

    var html: HTML {
        ExperimentFrame(
            experiment: view.experiment, session: session, tab: .results, head: ChartFigure.script + ResultsPage.head,
            content: view.part.html
        ).html
    }
}
