package import Enrollment
package import HTTPServer

/// An error as a page, for people who came with a browser.
package struct ProblemPage {
    let problem: Problem
    /// Who is signed in; nil if nobody is, or if it is not known.
    let session: Session?

    package init(_ problem: Problem, session: Session? = nil) {
        self.problem = problem
        self.session = session
    }

    /// The document.
    package var html: HTML {
        let back: HTML =
            session == nil ? "<a href=\"/\">Back to the statistics</a>" : "<a href=\"/experiments\">Back to the experiments</a>"
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
