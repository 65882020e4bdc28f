import Enrollment
package import HTTPServer

/// The frame around every page: title, navigation, who is signed in, and the part that is the page's own.
package struct Page {
    /// The pages of the navigation, in its groups.
    package enum Tab: String, CaseIterable, Sendable {
        case experiments = "Experiments"
        case statistics = "Statistics"
        case layers = "Layers"
        case sampleSize = "Size"
        case simulate = "Simulate"
        case compare = "Compare"
        case effectCheck = "Effect check"
        case events = "Events"
        case spending = "Spending"
        case docs = "API"
        case audit = "Audit"
        case access = "Access"

        /// What pages are for, as the navigation puts them together.
        enum Group: String, CaseIterable {
            case experiments = "Experiments"
            case tools = "Tools"
            case data = "Data"
            case people = "People"

            fileprivate var tabs: [Tab] {
                switch self {
                case .experiments: [.experiments, .statistics, .layers]
                case .tools: [.sampleSize, .simulate, .compare, .effectCheck]
                case .data: [.events, .spending, .docs]
                case .people: [.audit, .access]
                }
            }
        }

        /// The path it stands at.
        package var path: String {
            switch self {
            case .statistics: "/"
            case .experiments: ExperimentPath.list
            case .layers: LayersPage.path
            case .sampleSize: "/plan"
            case .simulate: "/simulate"
            case .compare: "/compare"
            case .effectCheck: "/effect-check"
            case .events: EventsPage.path
            case .spending: "/spending"
            case .audit: "/audit"
            case .access: "/access"
            case .docs: "/docs"
            }
        }

        /// The role without which it is not even shown; nil for what everybody may know of.
        fileprivate var role: AccessRole? {
            switch self {
            case .layers, .events, .audit: .viewer
            case .access: .admin
            case .statistics, .experiments, .sampleSize, .simulate, .compare, .effectCheck, .spending, .docs: nil
            }
        }
    }

    let title: String
    var tab: Tab?
    /// Who is signed in.
    var session: Session?
    /// False where it is not known whether somebody is.
    var showsAccount = true
    /// Seconds after which a browser without JavaScript loads the page again.
    var refresh: Int?
    /// Further elements of the head.
    var head: HTML = .empty
    let content: HTML

    /// The whole document.
    package var html: HTML {
        let refreshing: HTML? = refresh.map { "<noscript><meta http-equiv=\"refresh\" content=\"\($0)\"></noscript>" }
        let document: HTML = """
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
            <button type="button" popovertarget="pages">Menu</button>
            <nav id="pages" popover aria-label="Pages">\(links)</nav>
            \(showsAccount ? account : .empty)</div></div>
            <main id="content">
            \(content)
            </main>
            <footer class="foot">\(help)</footer>
            </body>
            </html>
            """
        return document.keepingUnits
    }

    private var links: [HTML] {
        Tab.Group.allCases.compactMap { group -> HTML? in
            let tabs = group.tabs.filter { tab in tab.role.map { role in session.map { $0.role >= role } ?? false } ?? true }
            guard !tabs.isEmpty else { return nil }
            let links = tabs.map { tab -> HTML in
                "<a href=\"\(tab.path)\"\(tab == self.tab ? " aria-current=\"page\"" : HTML.empty)>\(tab.rawValue)</a>"
            }
            return """
                <div class="group" role="group" aria-label="\(group.rawValue)"><span aria-hidden="true">\(group.rawValue)</span>\
                <div>\(links)</div></div>

                """
        }
    }

    /// What tells of this page, and all that is told.
    private var help: HTML {
        let own: HTML? = tab.map { "About this page: <a href=\"\($0.help.path)\">\($0.help.title)</a> · " }
        return "\(own)<a href=\"\(Help.path)\">Documentation</a> · <a href=\"\(Tab.docs.path)\">API</a>"
    }

    private var account: HTML {
        guard let session else { return "<div class=\"account\"><a href=\"/sign-in\">Sign in</a></div>\n" }
        return """
            <form class="account" method="post" action="/sign-out">\(session.field)\
            <span><b>\(session.name)</b> <span class="quiet">\(session.role.rawValue)</span></span>\
            <button>Sign out</button></form>

            """
    }
}
