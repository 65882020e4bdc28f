import Enrollment
import HTTPServer

/// The documentation as pages, for everybody.
struct HelpPages: Sendable {
    var endpoints: [Endpoint] {
        [
            Endpoint(.get, Help.path, .helpPages, .open { _, session in .html(HelpPages.list(session)) }),
            Endpoint(
                .get, Help.path + "/{page}", .helpPage,
                .open { request, session in
                    let name = try request.parameter("page")
                    guard let help = Help.allCases.first(where: { $0.file == name }) else {
                        throw Problem.notFound("There is no page '\(name.prefix(80))' in the documentation: see \(Help.path).")
                    }
                    let document = help.document
                    let content: HTML = """
                        <p class="quiet"><a href="\(Help.path)">Documentation</a></p>
                        <article class="card help">\(document.html)</article>
                        """
                    return .html(Page(title: document.title, session: session, content: content).html)
                }),
        ]
    }

    private static func list(_ session: Session?) -> HTML {
        let links = Help.allCases.map { "<li><a href=\"\($0.path)\">\($0.title)</a></li>\n" as HTML }
        let content: HTML = """
            <div class="lead"><div><h1>Documentation</h1>
            <p class="quiet">Of this version of the program. The HTTP API is told, and can be tried, at <a href="/docs">/docs</a>.</p></div></div>
            <section class="card help"><ul>\(links)</ul></section>
            """
        return Page(title: "Documentation", session: session, content: content).html
    }
}
