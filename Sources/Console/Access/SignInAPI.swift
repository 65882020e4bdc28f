import Enrollment
import HTTPServer
import Synchronization

/// Signing in with an access token, and out.
final class SignInAPI: Sendable {
    private let sessions: Sessions
    private let throttle = Mutex(SignInThrottle())

    init(sessions: Sessions) { self.sessions = sessions }

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, "/sign-in", .signInPage,
                .open { request, session in
                    let next = LocalPath(try request.query("next") ?? "")
                    return .html(SignInPage(session: session, next: next).html)
                }),
            Endpoint(.post, "/sign-in", .signIn, .open { request, session in try self.signIn(request, session) }),
            Endpoint(.post, "/sign-out", .signOut, .form(.viewer) { _, _, session in self.signOut(session) }),
        ]
    }

    private func signIn(_ request: borrowing Request, _ session: Session?) throws -> Response {
        try SameOrigin.check(request)
        let form = try request.form()
        let next = LocalPath(try form.value("next") ?? "")
        // People paste tokens, and with them the spaces around.
        let secret = (try form.value("token") ?? "").filter { $0 != " " && $0 != "\n" && $0 != "\r" && $0 != "\t" }
        guard !secret.isEmpty else { return try refuse(.badRequest("Please give your access token."), request, session, next) }
        let address = ClientAddress.of(request)
        let now = sessions.now()
        if let seconds = throttle.withLock({ $0.attempt(from: address, now: now) }) {
            let problem = Problem(
                .tooManyRequests, "There were too many attempts with wrong tokens. Please try again in \(SignInAPI.patience(seconds)).",
                headers: ["Retry-After": String(seconds)])
            return try refuse(problem, request, session, next)
        }
        guard let record = sessions.registry.accessTokens.bearer(of: secret) else {
            let problem = Problem(
                .unauthorized, "This access token is not valid.", headers: ["WWW-Authenticate": "Bearer realm=\"gosset\""])
            return try refuse(problem, request, session, next)
        }
        throttle.withLock { $0.succeeded(from: address) }
        var response = Response.redirect(to: (next ?? .home).text)
        response.set(sessions.begin(record, isSecure: try SignInAPI.isSecure(request)))
        return response
    }

    private func signOut(_ session: Session) -> Response {
        var response = Response.redirect(to: "/sign-in")
        response.set(sessions.end(session))
        // Pages that the browser still has are not shown to whoever comes next.
        response.headers["Clear-Site-Data"] = "\"cache\""
        return response
    }

    /// The page once more, with what is wrong; programs get the problem alone.
    private func refuse(_ problem: Problem, _ request: borrowing Request, _ session: Session?, _ next: LocalPath?) throws -> Response {
        guard try request.wantsPage else { throw problem }
        var response = Response.html(SignInPage(session: session, next: next, refusal: problem.detail).html, status: problem.status)
        for (name, value) in problem.headers.fields { response.headers.append(value, for: name) }
        response.headers["Cache-Control"] = "no-store"
        return response
    }

    /// Whether the browser came over HTTPS: it says so itself, with the form's origin, or a proxy says it.
    private static func isSecure(_ request: borrowing Request) throws(Problem) -> Bool {
        if let origin = try request.header("Origin") { return origin.hasPrefix("https://") }
        return try request.header("X-Forwarded-Proto") == "https"
    }

    private static func patience(_ seconds: Int) -> String {
        let minutes = (seconds + 59) / 60
        return seconds < 60 ? "\(seconds) s" : minutes == 1 ? "a minute" : "\(minutes) minutes"
    }
}
