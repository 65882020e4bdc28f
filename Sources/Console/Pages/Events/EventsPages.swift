import Enrollment
import Events
import Experiments
import HTTPServer

/// The page of what clients tell, which keeps itself current.
struct EventsPages: Sendable {
    let registry: Registry
    /// Nil where no events are taken in.
    let service: EventService?
    let planned: PlannedFacts
    let now: @Sendable () -> Timestamp

    /// Bytes that may wait for a slow client: the view is sent whole, with a thousand facts at most.
    private static let capacity = 1 << 20
    /// How long a stream of news lasts; browsers come again, and are let in again or not.
    private static let patience = Duration.seconds(300)

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, EventsPage.path, .eventsPage,
                .page(.viewer) { _, session in .html(EventsPage(session: session, part: part).html) }),
            Endpoint(
                .get, EventsPage.path + "/live", .eventsLive,
                .page(.viewer) { request, session in
                    let end = ContinuousClock.now + EventsPages.patience
                    return try .live(request, capacity: EventsPages.capacity, every: .seconds(1)) {
                        guard ContinuousClock.now < end, session.isValid(by: registry.accessTokens, at: now()) else { return nil }
                        return part
                    }
                }),
        ]
    }

    private var part: LivePart {
        let view = view
        return LivePart(EventsPage.path + "/live", of: view, EventsPage.live(view))
    }

    private var view: EventsView? {
        guard let service else { return nil }
        let (spool, delivery) = (service.spool.status, service.deliverer.status)
        return EventsView(
            spool: spool, lag: spool.lag(at: now()), obstacle: delivery.obstacle, exposures: delivery.exposures,
            devices: registry.nextOrdinal, refused: service.refusals.counts.map { .init(reason: $0.reason, batches: $0.batches) },
            planned: planned.names)
    }
}

extension Spool.Status {
    /// Whole seconds for which the oldest event has waited for the warehouse; 0 if none waits.
    func lag(at now: Timestamp) -> Int64 { oldest.map { max(0, now.milliseconds - $0.milliseconds) / 1000 } ?? 0 }
}
