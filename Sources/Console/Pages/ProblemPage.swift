package import HTTPServer

/// An error as a page, for people who came with a browser.
package struct ProblemPage {
    let problem: Problem

    package init(_ problem: Problem) { self.problem = problem }

    /// The document.
    package var html: HTML {
        let content: HTML = """
            <section class="card problem"><h1>\(problem.title)</h1><p>\(problem.detail ?? "")</p>\
            <p><a href="/">Back to the statistics</a></p></section>
            """
        return Page(title: problem.title, content: content).html
    }
}
