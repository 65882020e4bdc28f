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
                .open { _, session in
                    .html(StatisticsPage(part: part, session: session).html)
                }),
            Endpoint(
                .get, "/statistics/live",
                .page("statisticsLive", "The live part of the statistics page", type: "text/event-stream", parameters: [LivePart.shown]),
                .task { request in
                    try .live(request, every: .milliseconds(400)) { part }
                }),
        ]
    }

    private var part: LivePart { LivePart("/statistics/live", of: live.moment, StatisticsPage.live(live.statistics)) }
}
