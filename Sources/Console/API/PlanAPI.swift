import HTTPServer
import Text

/// How large an experiment must be, for people.
struct PlanAPI: Sendable {
    var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, "/plan", .planPage,
                .open { request, session in
                    let (page, isAnswered) = PlanPage(question: try PlanQuestion(try request.query()), session: session).html
                    return .html(page, status: isAnswered ? .ok : .unprocessableContent)
                })
        ]
    }
}
