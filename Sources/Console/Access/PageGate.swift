import Enrollment
import HTTPServer

/// Lets people in who signed in with sufficient role: others are asked to sign in, or told that their role is not enough.
struct PageGate: Sendable {
    let sessions: Sessions

    /// Answers with a page for people of at least a role.
    func page(
        _ role: AccessRole, _ request: borrowing Request, _ make: @Sendable (borrowing Request, Session) async throws -> Response
    ) async throws -> Response {
        guard let session = sessions.session(request) else { return try PageGate.ask(request) }
        do {
            try PageGate.require(role, session)
            return PageGate.kept(try await make(request, session))
        } catch {
            return try PageGate.refusal(error, request, session)
        }
    }

    /// Does what a form of ours says, for people of at least a role.
    func form(
        _ role: AccessRole, _ request: borrowing Request, _ act: @Sendable (borrowing Request, Form, Session) async throws -> Response
    ) async throws -> Response {
        guard let session = sessions.session(request) else { return try PageGate.ask(request) }
        do {
            try PageGate.require(role, session, request)
            let form = try request.form()
            try PageGate.require(form, session)
            return PageGate.kept(try await act(request, form, session))
        } catch {
            return try PageGate.refusal(error, request, session)
        }
    }

    /// Does what a form with files says, for people of at least a role.
    func upload(
        _ role: AccessRole, _ request: borrowing Request, _ act: @Sendable (borrowing Request, Multipart, Session) async throws -> Response
    ) async throws -> Response {
        guard let session = sessions.session(request) else { return try PageGate.ask(request) }
        do {
            try PageGate.require(role, session, request)
            let form = try request.multipart()
            try PageGate.require(try form.form(), session)
            return PageGate.kept(try await act(request, form, session))
        } catch {
            return try PageGate.refusal(error, request, session)
        }
    }

    /// Whether somebody may send so much that it is asked before it is read.
    func admit(_ role: AccessRole, _ request: borrowing Request) throws(Problem) {
        guard let session = sessions.session(request) else {
            throw Problem(.unauthorized, "Files are taken from people who are signed in: see /sign-in.")
        }
        try PageGate.require(role, session, request)
    }

    /// Answers with a page for everybody, which also says who is signed in.
    func open(
        _ request: borrowing Request, _ make: @Sendable (borrowing Request, Session?) async throws -> Response
    ) async throws -> Response {
        let session = sessions.session(request)
        do {
            let response = try await make(request, session)
            return session == nil ? response : PageGate.kept(response)
        } catch {
            guard let session else { throw error }
            return try PageGate.refusal(error, request, session)
        }
    }

    /// Whether a form comes from a page of ours, and its sender has the role.
    private static func require(_ role: AccessRole, _ session: Session, _ request: borrowing Request) throws(Problem) {
        try SameOrigin.check(request)
        try require(role, session)
    }

    private static func require(_ form: Form, _ session: Session) throws(Problem) {
        guard session.accepts(formToken: try form.value(FormToken.name) ?? "") else {
            throw Problem(.forbidden, "This form was not made for your session. Go back, load the page again and repeat what you did.")
        }
    }

    private static func require(_ role: AccessRole, _ session: Session) throws(Problem) {
        guard session.role >= role else {
            throw Problem(
                .forbidden,
                "You are signed in as '\(session.name)', in the role \(session.role.rawValue); this wants the role \(role.rawValue).")
        }
    }

    /// Sends a browser to where one signs in, and then back; programs are told.
    private static func ask(_ request: borrowing Request) throws(Problem) -> Response {
        guard try request.wantsPage else {
            throw Problem(.unauthorized, "This page is for people who are signed in: see /sign-in.")
        }
        let path = request.path + (request.queryText.map { "?" + $0 } ?? "")
        return .redirect(to: "/sign-in?next=" + PercentEncoding.encode(path))
    }

    /// An error as a page that still says who is signed in; for programs, and for what nobody expected, as the server has it.
    private static func refusal(_ error: any Error, _ request: borrowing Request, _ session: Session) throws -> Response {
        let problem = error as? Problem ?? (error as? any ProblemConvertible)?.problem
        guard let problem, try request.wantsPage else { throw error }
        return ProblemPage(problem, session: session, path: request.path).response
    }

    /// What only some may see is kept by no cache.
    private static func kept(_ response: Response) -> Response {
        var response = response
        if response.headers["Cache-Control"] == nil { response.headers["Cache-Control"] = "no-store" }
        return response
    }
}

/// The field by which a form shows that one of our pages made it.
enum FormToken {
    static let name = "form_token"
}

extension Session {
    /// The hidden field that every form of a page needs.
    var field: HTML { "<input type=\"hidden\" name=\"\(FormToken.name)\" value=\"\(formToken)\">" }
}

extension Request {
    /// Whether a browser asks for something to show.
    var wantsPage: Bool {
        get throws(Problem) { try header("Accept")?.contains("text/html") ?? false }
    }
}
