package import Enrollment
package import HTTPServer

/// A route with everything that is said about it: what answers it, who may call it, and its entry in the OpenAPI document.
///
/// One list of endpoints makes both the router and the document, so neither can forget what the other knows.
package struct Endpoint: Sendable {
    package enum Handler: Sendable {
        /// Runs on the event loop; must not wait.
        case inline(Router.InlineHandler)
        /// Runs in a task.
        case task(Router.AsyncHandler)
        /// Runs on the event loop, for whoever bears a token of at least this role; must not wait.
        case inlineBearer(AccessRole, @Sendable (borrowing Request, _ actor: String) throws -> Reply)
        /// Runs in a task, for whoever bears a token of at least this role; given the bearer's name.
        case bearer(AccessRole, @Sendable (borrowing Request, _ actor: String) async throws -> Response)
        /// A page for everybody, given who is signed in, if anybody is.
        case open(@Sendable (borrowing Request, Session?) async throws -> Response)
        /// A page for people who are signed in with at least this role; others are sent to `/sign-in`.
        case page(AccessRole, @Sendable (borrowing Request, Session) async throws -> Response)
        /// What a form of a page does, for people who are signed in with at least this role.
        ///
        /// The form must hold the session's hidden ``Session/field``.
        case form(AccessRole, @Sendable (borrowing Request, Form, Session) async throws -> Response)
        /// What a form with files does, of so many bytes at most; strangers' bodies are not even read.
        case upload(AccessRole, bytes: Int, @Sendable (borrowing Request, Multipart, Session) async throws -> Response)
    }

    /// What one must show to be let in.
    enum Access: Sendable, Hashable {
        case everybody
        /// An access token in a header.
        case bearer(AccessRole)
        /// A session's cookie.
        case session(AccessRole)
    }

    package let method: Method
    package let path: String
    package let operation: Operation
    package let handler: Handler

    init(_ method: Method, _ path: String, _ operation: Operation, _ handler: Handler) {
        self.method = method
        self.path = path
        self.operation = operation
        self.handler = handler
    }

    /// What is needed, for the document.
    var access: Access {
        switch handler {
        case .bearer(let role, _), .inlineBearer(let role, _): .bearer(role)
        case .page(let role, _), .form(let role, _), .upload(let role, _, _): .session(role)
        case .inline, .task, .open: .everybody
        }
    }

    /// The query parameters that there are, if others are refused; nil where they are let pass.
    ///
    /// Programs that ask with a token, or with parameters, are told of a misspelt one. Pages' links pass through other people's hands, which
    /// add to them, and so do probes of the server's health.
    var soleQuery: [String]? {
        let names = operation.parameters.filter { $0.place == .query }.map(\.name)
        return switch handler {
        case .bearer, .inlineBearer: names
        case .inline, .task: names.isEmpty ? nil : names
        case .open, .page, .form, .upload: nil
        }
    }
}

extension Router {
    /// Adds an endpoint; bearers are let in by the registry's tokens, people by their sessions.
    mutating func add(_ endpoint: Endpoint, registry: Registry, sessions: Sessions) {
        let (method, path) = (endpoint.method, endpoint.path)
        let people = PageGate(sessions: sessions)
        let names = endpoint.soleQuery
        switch endpoint.handler {
        case .inline(let handler):
            guard let names else { return on(method, path, inline: handler) }
            on(
                method, path,
                inline: { request in
                    try request.expectQuery(only: names)
                    return try handler(request)
                })
        case .task(let handler):
            guard let names else { return on(method, path, handler) }
            on(method, path) { request in
                try request.expectQuery(only: names)
                return try await handler(request)
            }
        case .inlineBearer(let role, let handler):
            let gate = Gate(registry: registry, role: role)
            on(
                method, path,
                inline: { request in
                    let actor = try gate.admit(request)
                    try request.expectQuery(only: names ?? [])
                    return try handler(request, actor)
                })
        case .bearer(let role, let handler):
            let gate = Gate(registry: registry, role: role)
            on(method, path) { request in
                let actor = try gate.admit(request)
                try request.expectQuery(only: names ?? [])
                return try await handler(request, actor)
            }
        case .open(let handler):
            on(method, path) { request in try await people.open(request, handler) }
        case .page(let role, let handler):
            on(method, path) { request in try await people.page(role, request, handler) }
        case .form(let role, let handler):
            on(method, path) { request in try await people.form(role, request, handler) }
        case .upload(let role, let bytes, let handler):
            let large = LargeBody(bytes: bytes) { request in try people.admit(role, request) }
            on(method, path, largeBody: large) { request in try await people.upload(role, request, handler) }
        }
    }
}
