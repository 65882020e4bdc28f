package import Enrollment
package import HTTPServer

/// An error as a page, for people who came with a browser.
package struct ProblemPage {
    let problem: Problem
    /// Who is signed in; nil if nobody is, or if it is not known.
    let session: Session?
    /// Where the page leads back to, if it is known what it was about.
    var back: (path: String, name: String)?

    package init(_ problem: Problem, session: Session? = nil) {
        self.problem = problem
        self.session = session
    }

    /// About something that is there, as the path says: an experiment, the layers and holdouts, or who has access.
    init(_ problem: Problem, session: Session?, path: String) {
        self.init(problem, session: session)
        let parts = path.split(separator: "/")
        guard problem.status == .conflict, parts.count > 2 else { return }
        switch parts[0] {
        case "experiments": back = ("/experiments/\(parts[1])", "the experiment")
        case "holdouts": back = (LayersPage.path, "layers and holdouts")
        case "access": back = ("/access", "who has access")
        default: break
        }
    }

    /// The document.
    package var html: HTML {
        let (path, name) = back ?? (session == nil ? ("/", "the statistics") : ("/experiments", "the experiments"))
        let back: HTML = "<a href=\"\(path)\">Back to \(name)</a>"
        let content: HTML = """
            <section class="card problem"><h1>\(problem.title)</h1><p>\(problem.detail ?? "")</p>\
            <p>\(back)</p></section>
            """
        return Page(title: problem.title, session: session, showsAccount: session != nil, content: content).html
    }

    /// The answer, with the problem's status and headers.
    package var response: Response {
        var response = Response.html(html, status: problem.status)
        response.headers["Cache-Control"] = "no-store"
        for (name, value) in problem.headers.fields { response.headers.append(value, for: name) }
        return response
    }
}
