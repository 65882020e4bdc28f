import HTTPServer

/// How devices are spread, for programs and for people.
struct StatisticsAPI: Sendable {
    let live: LiveStatistics

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, "/api/v1/statistics", .statistics,
                .task { _ in
                    var response = Response.json(live.statistics.json)
                    response.headers["Cache-Control"] = "no-store"
                    return response
                }),
            Endpoint(
                .get, "/", .page("statisticsPage", "The statistics page"),
                .open { _, session in .html(StatisticsPage(live.statistics, session: session).html) }),
            Endpoint(
                .get, "/statistics/live", .page("statisticsLive", "The live part of the statistics page", type: "text/event-stream"),
                .task { _ in .events { try await live.follow($0) } }),
        ]
    }
}
