import Enrollment
import HTTPServer
import Text

/// What those who run the server ask of it.
struct ServerAPI: Sendable {
    let registry: Registry
    let live: LiveStatistics
    let measurements: Measurements
    let document: JSONValue
    let events: EventService?

    init(
        registry: Registry, live: LiveStatistics, measurements: Measurements, document: JSONValue = .null, events: EventService? = nil
    ) {
        self.registry = registry
        self.live = live
        self.measurements = measurements
        self.document = document
        self.events = events
    }

    var endpoints: [Endpoint] {
        let document = Array(document.description.utf8)
        return [
            Endpoint(.get, "/healthz", .health, .inline { _ in .response(.json(["status": "ok"])) }),
            Endpoint(
                .get, "/readyz", .readiness,
                .inline { _ in
                    if let failure = registry.failure { throw failure.problem }
                    return .response(.json(["status": "ok"]))
                }),
            Endpoint(
                .get, "/metrics", .metrics,
                .task { _ in
                    let text = MetricsText(http: measurements.snapshot(), registry: registry, statistics: live.statistics, events: events)
                        .text
                    return Response(
                        headers: ["Content-Type": "text/plain; version=0.0.4; charset=utf-8", "Cache-Control": "no-store"],
                        body: Array(text.utf8))
                }),
            Endpoint(.get, "/openapi.json", .document, .task { _ in .json(bytes: document) }),
            Endpoint(
                .get, "/docs", .page("docsPage", "This document, to read and try"),
                .open { _, session in .html(DocsPage(session: session).html, policy: DocsPage.policy) }),
        ]
    }
}
