import Enrollment
import Experiments
import HTTPServer

/// The page that says what the release of a holdout would mean and for whom, and asks whether to do it.
struct ReleasePage {
    let session: Session
    let release: HoldoutRelease
    /// Why nothing was done: it would mean something else by now.
    var conflict: String?

    /// Who may: it is the one act that changes answers that were given.
    static let role = AccessRole.admin
    /// The field by which the form says what was shown.
    static let seen = "seen"

    static func path(_ name: ExperimentKey) -> String { "/holdouts/\(name)/release" }

    var html: HTML {
        let name = release.holdout.name
        let content: HTML = """
            <div class="lead"><div><h1>Release the holdout ‘\(name)’?</h1></div></div>
            \(conflict.map { PageNotice.refused($0).html })\
            <section class="card" id="confirm">
            <ul class="consequences">\(ReleasePage.consequences(release).map { "<li>\($0)</li>" as HTML })</ul>
            <form class="stack" method="post" action="\(ReleasePage.path(name))">\(session.field)\
            <input type="hidden" name="\(ReleasePage.seen)" value="\(release.sight)">\
            <div class="actions"><button class="danger" name="do" value="release">Release</button>\
            <a class="button" href="\(LayersPage.path)">Leave it as it is</a></div></form></section>
            """
        return Page(title: "Release \(name)", tab: .layers, session: session, content: content).html
    }

    /// What will happen, and to whom.
    static func consequences(_ release: HoldoutRelease) -> [String] {
        var lines = release.winners.map { winner -> String in
            let devices =
                winner.devices.map { $0 == 1 ? "the device" : "the \(Numbers.devices($0))" } ?? "those of the devices for whom it is,"
            return "The winner ‘\(winner.value)’ of ‘\(winner.key)’ goes at once to \(devices) that the holdout kept out of it."
        }
        if release.winners.isEmpty { lines.append("No experiment under it is finished with a winner, so no answer changes now.") }
        if !release.running.isEmpty {
            lines.append(
                "\(names(release.running)): began before and \(release.running.count == 1 ? "goes" : "go") on without its devices, also without "
                    + "new ones that it would have, so that the statistics stay exact. When finished with a winner, they get it too.")
        }
        if !release.coming.isEmpty {
            lines.append("\(names(release.coming)): \(release.coming.count == 1 ? "is" : "are") for everybody who is new then.")
        }
        return lines + [
            "Experiments that are started from now on are for every new device. The \(Numbers.devices(release.devices)) that it has had so far "
                + "can no longer be compared with the others as those without experiments.",
            "This cannot be undone. It is in the audit trail.",
        ]
    }

    private static func names(_ keys: [ExperimentKey]) -> String { keys.map { "‘\($0)’" }.joined(separator: ", ") }
}
