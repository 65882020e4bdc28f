import Enrollment
import Experiments
import HTTPServer

/// The frame of one experiment's pages: its key and state, the way between them, and what was just done.
struct ExperimentFrame {
    enum Tab: String, CaseIterable {
        case overview = "Overview"
        case results = "Results"
        case plan = "Metrics plan"
        case explain = "Explain"
        case audit = "Audit trail"

        /// The last part of its path.
        var part: String {
            switch self {
            case .overview: ""
            case .results: "results"
            case .plan: "plan"
            case .explain: "explain"
            case .audit: "audit"
            }
        }
    }

    let experiment: Experiment
    let session: Session
    /// Nil for a page that is none of them, such as one that asks whether to do something.
    let tab: Tab?
    var notice: PageNotice?
    /// Further elements of the head.
    var head: HTML = .empty
    let content: HTML

    /// The whole document.
    var html: HTML {
        let links = Tab.allCases.map { tab -> HTML in
            let current: HTML = tab == self.tab ? " aria-current=\"page\"" : ""
            return "<a href=\"\(ExperimentPath.of(experiment.key, tab.part))\"\(current)>\(tab.rawValue)</a>"
        }
        let body: HTML = """
            <div class="lead of-one"><div><h1>\(experiment.key)</h1></div>\
            <span class="chip \(experiment.state.rawValue)">\(experiment.state.rawValue)</span></div>
            <nav class="tabs" aria-label="\(experiment.key)">\(links)</nav>
            \(notice?.html)\(content)
            """
        let title = "\(experiment.key)" + (tab.map { $0 == .overview ? "" : ": \($0.rawValue)" } ?? "")
        return Page(title: title, tab: .experiments, session: session, head: head, content: body).html
    }
}
