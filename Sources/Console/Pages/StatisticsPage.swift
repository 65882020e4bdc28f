import Enrollment
import HTTPServer

/// The page at `/`: every experiment, the devices in it, and how they are spread.
struct StatisticsPage {
    /// Of ``live(_:)``.
    let part: LivePart
    /// Who is signed in.
    let session: Session?

    /// The document.
    var html: HTML { Page(title: "Statistics", tab: .statistics, session: session, refresh: 5, content: part.html).html }

    /// What changes while devices arrive.
    static func live(_ statistics: RegistryStatistics) -> HTML {
        let cards = statistics.experiments.map { SpreadCard(statistics: $0).html }
        let alarm: HTML? = statistics.alarm.map { "<p class=\"chip alarm\" role=\"alert\" id=\"alarm\">\($0)</p>\n" }
        let empty: HTML = """
            <section class="card empty"><p>No experiment has been started yet.</p>\
            <p>Create one <a href="/experiments/new">here</a>, or with <a href="/docs">the API</a>: \
            <code>POST /api/v1/admin/experiments</code>.</p></section>
            """
        return """
            <div class="lead"><div><h1>Statistics</h1>\
            <p class="legend"><svg viewBox="0 0 4 14" aria-hidden="true"><rect class="mark" width="2" height="14" rx="1"/></svg>\
            the share that was intended. The page keeps itself current.</p></div>
            <div class="total quiet"><b class="number" id="devices">\(Numbers.count(statistics.devices))</b>\
            \(statistics.devices == 1 ? "device" : "devices") seen</div></div>
            \(alarm)\(cards.isEmpty ? empty : cards.joined())
            """
    }
}
