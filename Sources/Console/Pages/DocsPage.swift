package import Enrollment
package import HTTPServer

/// The page at `/docs`: Swagger UI over `/openapi.json`, from this server alone.
package struct DocsPage {
    /// Who is signed in.
    let session: Session?

    package init(session: Session? = nil) { self.session = session }

    /// Swagger UI writes style attributes and draws its icons from `data:` URLs.
    package static let policy = PagePolicy(
        contentSecurityPolicy: "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; "
            + "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )

    /// The document.
    package var html: HTML {
        let head: HTML = """
            <link rel="stylesheet" href="\(Assets.swaggerStyle)">
            <script src="\(Assets.swagger)" defer></script>
            <script src="\(Assets.docs)" defer></script>
            """
        let content: HTML = """
            <h1>API</h1>
            <p>Everything Gosset does over HTTP; the same as a machine reads it is in <a href="/openapi.json">openapi.json</a> (OpenAPI 3.1).
            Routes under <code>/api/v1/admin</code> want a bearer token: press Authorize.</p>
            <div id="swagger"></div>
            """
        return Page(title: "API", tab: .docs, session: session, head: head, content: content).html
    }
}
