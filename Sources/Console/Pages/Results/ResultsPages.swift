import Enrollment
import Events
import Experiments
import HTTPServer

/// The page of an experiment's results, which keeps itself current.
struct ResultsPages: Sendable {
    let registry: Registry
    /// Nil where no events are taken in.
    let events: EventService?
    let now: @Sendable () -> Timestamp

    /// Bytes that may wait for a slow client: the page is sent whole, with the data of its charts.
    private static let capacity = 4 << 20
    /// How long a stream of news lasts; browsers come again, and are let in again or not.
    private static let patience = Duration.seconds(300)

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, "/experiments/{key}/results", .resultsPage,
                .page(.viewer) { request, session in
                    .html(ResultsPage(session: session, view: try view(ExperimentKey(request.parameter("key")))).html)
                }),
            Endpoint(
                .get, "/experiments/{key}/results/live", .resultsLive,
                .page(.viewer) { request, session in
                    let key = try ExperimentKey(request.parameter("key"))
                    _ = try view(key)
                    let end = ContinuousClock.now + ResultsPages.patience
                    return try .live(request, capacity: ResultsPages.capacity, every: .seconds(1)) {
                        guard ContinuousClock.now < end, session.isValid(by: registry.accessTokens, at: now()) else { return nil }
                        return try view(key).part
                    }
                }),
        ]
    }

    private func view(_ key: ExperimentKey) throws -> ResultsView {
        let experiment = try registry.catalogue.experiment(key)
        let dealer = experiment.firstOrdinal == nil ? nil : try registry.snapshot.assigner.dealer(key)
        let statistics = dealer.map { ExperimentStatistics($0, below: registry.nextOrdinal, missing: registry.census.missing) }
        return ResultsView(
            experiment: experiment, statistics: statistics, results: events?.results?.results(of: key),
            verdict: events?.results?.verdict(of: key)?.rule, earlierVerdict: events?.results?.earlierVerdict(of: key),
            obstacle: events?.obstacle, isServed: events?.results != nil)
    }
}
