import Enrollment
import Experiments
import HTTPServer
import Text

/// The page at `/layers`: which experiments never meet, who is kept out of them, and ways to make more of both.
struct LayersPage {
    /// Why a form was not taken, and which.
    struct Mistake {
        let form: LayerForm
        let field: String
        let reason: String
        /// What was typed, which stays.
        let typed: [String: String]
    }

    let session: Session
    let catalogue: Catalogue
    /// What the release of each holdout means, in the catalogue's order.
    let releases: [HoldoutRelease]
    var mistake: Mistake?
    var notice: PageNotice?

    static let path = "/layers"

    var html: HTML {
        let content: HTML = """
            <div class="lead"><div><h1>Layers and holdouts</h1>
            <p class="quiet">Experiments of one layer never meet in a device. A holdout keeps a share of devices out of all that is under it,
            so that what experiments have done together can be seen.</p></div></div>
            \((mistake.map { PageNotice.refused($0.reason) } ?? notice)?.html)\(layers)\(holdouts)
            """
        return Page(title: "Layers and holdouts", tab: .layers, session: session, content: content).html
    }

    // MARK: Layers

    private var layers: HTML {
        let rows = catalogue.layers.map { layer -> HTML in
            let users = catalogue.experiments.filter { $0.layer?.layer == layer.name }.map { experiment -> HTML in
                let slots = experiment.layer?.slots.count ?? 0
                return """
                    <li><a href="\(ExperimentPath.of(experiment.key))">\(experiment.key)</a> \
                    <span class="quiet">\(Figures.counted(Int(slots), "slot", "slots")), \(experiment.state.rawValue)</span></li>
                    """
            }
            let free = catalogue.freeSlots(of: layer).count
            let under: HTML? = layer.holdout.map { " <span class=\"quiet summary\">under the holdout ‘\($0)’</span>" }
            return """
                <tr><th scope="row">\(layer.name)<span class="quiet summary">\(layer.summary)</span>\(under)</th>\
                <td class="n">\(Numbers.count(UInt64(free))) of \(Numbers.count(layer.slots)) free</td>\
                <td class="last">\(LayersPage.list(users))</td></tr>

                """
        }
        return """
            <section class="card" id="layers"><header><h2>Layers</h2></header>
            \(rows.isEmpty ? LayersPage.none("layer") : LayersPage.table(["Layer", "Slots", "Experiments"], rows))\
            \(session.role >= .editor ? LayerForm.layer.html(session, catalogue, mistake) : .empty)</section>

            """
    }

    // MARK: Holdouts

    private var holdouts: HTML {
        let rows = releases.map { release -> HTML in
            let holdout = release.holdout
            let under =
                catalogue.layers.filter { $0.holdout == holdout.name }.map { "<li>layer ‘\($0.name)’</li>" as HTML }
                + catalogue.experiments.filter { $0.holdout == holdout.name }.map { experiment -> HTML in
                    "<li><a href=\"\(ExperimentPath.of(experiment.key))\">\(experiment.key)</a> "
                        + "<span class=\"quiet\">\(experiment.state.rawValue)</span></li>"
                }
            return """
                <tr><th scope="row">\(holdout.name)<span class="quiet summary">\(holdout.summary)</span></th>\
                <td class="n">\(Numbers.percent(holdout.percent))<span class="quiet summary">\(Numbers.devices(release.devices))</span></td>\
                <td>\(LayersPage.list(under))</td><td class="last">\(state(release))</td></tr>

                """
        }
        return """
            <section class="card" id="holdouts"><header><h2>Holdouts</h2></header>
            \(rows.isEmpty ? LayersPage.none("holdout") : LayersPage.table(["Holdout", "Held out", "Under it", "State"], rows))\
            \(session.role >= .editor ? LayerForm.holdout.html(session, catalogue, mistake) : .empty)</section>

            """
    }

    private func state(_ release: HoldoutRelease) -> HTML {
        if let released = release.holdout.released {
            return "<span class=\"chip finished\">released</span><span class=\"quiet summary\">\(DateText.minutes(released.time))</span>"
        }
        let link: HTML =
            session.role >= ReleasePage.role
            ? "<a class=\"button\" href=\"\(ReleasePage.path(release.holdout.name))\">Release…</a>"
            : "<span class=\"chip running\">in force</span>"
        return link
    }

    // MARK: Parts

    private static func table(_ head: [String], _ rows: [HTML]) -> HTML {
        let cells = head.enumerated().map { "<th scope=\"col\"\($0 == 1 ? " class=\"n\"" : HTML.empty)>\($1)</th>" as HTML }
        return """
            <table class="list"><caption class="hidden">\(head[0])s</caption><thead><tr>\(cells)</tr></thead>
            <tbody>\(rows)</tbody></table>

            """
    }

    private static func list(_ items: [HTML]) -> HTML {
        items.isEmpty ? "<span class=\"quiet\">none yet</span>" : "<ul class=\"plain\">\(items)</ul>"
    }

    private static func none(_ name: String) -> HTML { "<p class=\"quiet\">There is no \(name) yet.</p>\n" }
}
