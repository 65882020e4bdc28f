import Enrollment
import Experiments
import HTTPServer

/// The page at `/experiments/{key}/results`: what the data say of an experiment, and how sure that is.
struct ResultsPage {
    let session: Session
    let view: ResultsView

    var html: HTML {
        let key = view.experiment.key
        let content: HTML = """
            <div class="lead"><div><h1>\(key): results</h1>
            <p class="quiet">\(view.experiment.summary)</p></div>
            <p><a href="/experiments/\(key)">The experiment</a></p></div>
            <div data-live="/experiments/\(key)/results/live">\(view.html)</div>
            """
        return Page(
            title: "\(key): results", tab: .experiments, session: session, refresh: 30, head: ChartFigure.script, content: content
        ).html
    }
}
