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
    private static let capacity = 8 << 20
    /// How long a stream of news lasts; browsers come again, and are let in again or not.
    private static let patience = Duration.seconds(300)

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, "/experiments/{key}/results", .resultsPage,
                .page(.viewer) { request, session in
                    .html(ResultsPage(session: session, view: try view(ExperimentKey(request.parameter("key")), for: session)).html)
                }),
            Endpoint(
                .get, "/experiments/{key}/results/live", .resultsLive,
                .page(.viewer) { request, session in
                    let key = try ExperimentKey(request.parameter("key"))
                    _ = try view(key, for: session)
                    let end = ContinuousClock.now + ResultsPages.patience
                    return try .live(request, capacity: ResultsPages.capacity, every: .seconds(1)) {
                        guard ContinuousClock.now < end, session.isValid(by: registry.accessTokens, at: now()) else { return nil }
                        return try view(key, for: session).part
                    }
                }),
        ]
            + ResultsDownload.all.map { form in
                Endpoint(
                    .get, "/experiments/{key}/results/\(form.name)", .resultsDownload(form),
                    .page(.viewer) { request, _ in try download(form, request) })
            }
    }

    private func download(_ form: ResultsDownload, _ request: borrowing Request) throws -> Response {
        let key = try ExperimentKey(request.parameter("key"))
        _ = try registry.catalogue.experiment(key)
        guard let events, let results = events.results else { throw Problem.notFound("This server works out no results.") }
        var response: Response
        switch form.content {
        case .answer: response = .json(try ResultsAPI(registry: registry, service: events, results: results).document(of: key))
        case .text(let text):
            guard let found = results.results(of: key), let report = found.alwaysValid else {
                throw Problem.notFound("There are no results of '\(key)' yet.")
            }
            let body = Array(text(report, found.fixedHorizon).utf8)
            response = Response(headers: ["Content-Type": "\(form.type); charset=utf-8"], body: body)
        }
        response.headers["Cache-Control"] = "no-store"
        response.headers["Content-Disposition"] = "attachment; filename=\"\(key)-\(form.fileName)\""
        return response
    }

    /// After how long a fact that never came is told, where nothing else came either.
    private static let silence: Int64 = 86_400_000

    /// Facts of the plan of which no unit of the experiment told anything that counts: told when others come, or after a day.
    private func silentFacts(_ experiment: Experiment, _ results: LiveResults.Results?) -> [String] {
        guard let results, let started = experiment.started, !results.silentFacts.isEmpty else { return [] }
        let isLate = now().milliseconds - started.milliseconds >= ResultsPages.silence
        let silentEvents = results.silentFacts.map { results.events[$0] ?? $0 }
        let othersCame = events?.spool.status.tally.facts.keys.contains { !silentEvents.contains($0) } ?? false
        return isLate || othersCame || results.hasOtherFacts ? results.silentFacts : []
    }

    private func view(_ key: ExperimentKey, for session: Session) throws -> ResultsView {
        let experiment = try registry.catalogue.experiment(key)
        let dealer = experiment.firstOrdinal == nil ? nil : try registry.snapshot.assigner.dealer(key)
        let statistics = dealer.map { ExperimentStatistics($0, below: registry.nextOrdinal, missing: registry.census.missing) }
        let results = events?.results?.results(of: key)
        return ResultsView(
            experiment: experiment, statistics: statistics, results: results,
            verdict: events?.results?.verdict(of: key)?.rule, earlierVerdict: events?.results?.earlierVerdict(of: key),
            obstacle: events?.obstacle, isServed: events?.results != nil,
            mayFinish: session.role >= ExperimentAction.role, silentFacts: silentFacts(experiment, results))
    }
}
