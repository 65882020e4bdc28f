import Enrollment
import Experiments
import HTTPServer

/// The page at `/experiments`: all of them, how they stand, and a way to make another.
struct ExperimentsPage {
    struct Row {
        let experiment: Experiment
        let devices: UInt64
        /// Whether its devices are out of balance, or some are missing.
        let isImbalanced: Bool
        let standing: ExperimentStanding
    }

    let session: Session
    let rows: [Row]
    var notice: PageNotice?

    var html: HTML {
        let new: HTML? =
            session.role >= .editor ? "<a class=\"button main\" href=\"\(ExperimentPath.new)\">New experiment</a>" : nil
        let content: HTML = """
            <div class="lead"><div><h1>Experiments</h1></div>\(new)</div>
            \(notice?.html)\(rows.isEmpty ? empty : table)
            """
        return Page(title: "Experiments", tab: .experiments, session: session, content: content).html
    }

    private var empty: HTML {
        "<section class=\"card empty\"><p>There is no experiment yet.</p></section>"
    }

    private var table: HTML {
        let order = [ExperimentState.running, .paused, .draft, .finished]
        // Within a state the youngest first.
        let sorted = order.flatMap { state in rows.reversed().filter { $0.experiment.state == state } }
        return """
            <section class="card"><table class="list" id="experiments"><caption class="hidden">Experiments</caption>
            <thead><tr><th scope="col">Experiment</th><th scope="col">State</th><th scope="col" class="n">Devices</th>\
            <th scope="col">Verdict</th></tr></thead>
            <tbody>\(sorted.map(row))</tbody></table></section>
            """
    }

    private func row(_ row: Row) -> HTML {
        let experiment = row.experiment
        let alarm: HTML? = row.isImbalanced ? " <span class=\"chip alarm\">out of balance</span>" : nil
        return """
            <tr><th scope="row"><a href="\(ExperimentPath.of(experiment.key))">\(experiment.key)</a>\
            <span class="quiet summary">\(experiment.summary)</span></th>\
            <td class="state"><span class="chip \(experiment.state.rawValue)">\(experiment.state.rawValue)</span>\(alarm)</td>\
            <td class="n count">\(Numbers.count(row.devices))</td>\
            <td class="last">\(row.standing.verdictChip)\(row.standing.timeLeft)</td></tr>

            """
    }
}
