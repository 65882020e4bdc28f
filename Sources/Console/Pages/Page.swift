package import HTTPServer

/// The frame around every page: title, navigation, and the part that is the page's own.
package struct Page {
    /// The pages of the navigation.
    package enum Tab: String, CaseIterable, Sendable {
        case statistics = "Statistics"
        case plan = "Plan"
        case simulate = "Simulate"
        case spending = "Spending"
        case docs = "API"

        /// The path it stands at.
        package var path: String {
            switch self {
            case .statistics: "/"
            case .plan: "/plan"
            case .simulate: "/simulate"
            case .spending: "/spending"
            case .docs: "/docs"
            }
        }
    }

    let title: String
    var tab: Tab?
    /// Seconds after which a browser without JavaScript loads the page again.
    var refresh: Int?
    /// Further elements of the head.
    var head: HTML = .empty
    let content: HTML

    /// The whole document.
    package var html: HTML {
        let refreshing: HTML? = refresh.map { "<noscript><meta http-equiv=\"refresh\" content=\"\($0)\"></noscript>" }
        let links = Tab.allCases.map { tab -> HTML in
            "<a href=\"\(tab.path)\"\(tab == self.tab ? " aria-current=\"page\"" : HTML.empty)>\(tab.rawValue)</a>"
        }
        return """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(title) · Gosset</title>
            <link rel="icon" href="\(Assets.icon)" type="image/svg+xml">
            <link rel="stylesheet" href="\(Assets.style)">
            <script src="\(Assets.live)" type="module"></script>
            \(refreshing)\(head)
            </head>
            <body>
            <a class="skip" href="#content">To the content</a>
            <div class="top"><div>
            <a class="brand" href="/"><img src="\(Assets.icon)" alt="">Gosset</a>
            <nav aria-label="Pages">\(links)</nav>
            </div></div>
            <main id="content">
            \(content)
            </main>
            </body>
            </html>
            """
    }
}
