import HTTPServer

/// The frame in which pages have their charts drawn: a document with an origin and a policy of its own.
///
/// Vega compiles expressions with `Function`, which pages may not. The sandbox takes every right from this document but that of running
/// the scripts of this server: it has no cookies, can read nothing of the page around it, and load nothing.
struct ChartFrame {
    static let path = "/charts/frame"

    static let endpoint = Endpoint(
        .get, path, .page("chartFrame", "The frame that draws the charts of pages"), .inline { _ in .response(response) })

    private static let policy = PagePolicy(
        contentSecurityPolicy: "default-src 'none'; script-src 'self' 'unsafe-eval'; style-src 'unsafe-inline'; base-uri 'none'; "
            + "form-action 'none'; frame-ancestors 'self'; sandbox allow-scripts",
        referrer: "no-referrer")

    private static var response: Response {
        var response = Response.html(html, policy: policy)
        response.headers["Cache-Control"] = "no-cache"
        return response
    }

    private static let html: HTML = """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="color-scheme" content="light dark">
        <title>Chart</title>
        <style>body { margin: 0; overflow: hidden; } #chart { width: 100%; }</style>
        </head>
        <body>
        <div id="chart"></div>
        <script src="\(Assets.vega)"></script>
        <script src="\(Assets.chartFrame)"></script>
        </body>
        </html>
        """
}
