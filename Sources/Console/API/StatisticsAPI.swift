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
                    let moment = live.moment
                    return .html(StatisticsPage(live.statistics, at: moment, session: session).html)
                }),
            Endpoint(
                .get, "/statistics/live",
                .page("statisticsLive", "The live part of the statistics page", type: "text/event-stream", parameters: [LivePart.shown]),
                .task { request in
                    try .live(request, every: .milliseconds(400)) {
                        let moment = live.moment
                        return (LivePart.version(of: moment), { StatisticsPage(live.statistics, at: moment).live })
                    }
                }),
        ]
    }
}
