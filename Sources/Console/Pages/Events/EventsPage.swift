import Enrollment
import HTTPServer

/// The page at `/events`: what clients told of units, what was odd about it, and how far it came.
struct EventsPage {
    static let path = "/events"

    let session: Session
    /// Of ``live(_:)``.
    let part: LivePart

    var html: HTML {
        let content: HTML = """
            <div class="lead"><div><h1>Events</h1>
            <p class="quiet">What clients told of units since the data directory was made, and how far it came. The page keeps itself \
            current.</p></div></div>
            \(part.html)
            """
        return Page(title: "Events", tab: .events, session: session, refresh: 5, content: content).html
    }

    /// What changes; of nil where no events are taken in.
    static func live(_ view: EventsView?) -> HTML { view?.html ?? withoutSpool }

    /// What is missing, and what to do.
    private static let withoutSpool: HTML = """
        <section class="card" id="no-events"><header><h2>This server takes no events</h2></header>
        <p>Events need a directory of this server’s own, and it was started without one. Whoever runs it can start it with
        <code>--data DIRECTORY</code>, and with <code>--warehouse ADDRESS</code> if events shall go to a warehouse that is shared.</p></section>

        """
}
