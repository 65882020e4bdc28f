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

    /// The role that is needed, for the document.
    var role: AccessRole? {
        switch handler {
        case .bearer(let role, _), .inlineBearer(let role, _): role
        case .inline, .task: nil
        }
    }
}

extension Router {
    /// Adds an endpoint; those for bearers are let in by the registry's tokens.
    mutating func add(_ endpoint: Endpoint, registry: Registry) {
        switch endpoint.handler {
        case .inline(let handler):
            on(endpoint.method, endpoint.path, inline: handler)
        case .task(let handler):
            on(endpoint.method, endpoint.path, handler)
        case .inlineBearer(let role, let handler):
            let gate = Gate(registry: registry, role: role)
            on(endpoint.method, endpoint.path, inline: { request in try handler(request, gate.admit(request)) })
        case .bearer(let role, let handler):
            let gate = Gate(registry: registry, role: role)
            on(endpoint.method, endpoint.path) { request in
                let actor = try gate.admit(request)
                return try await handler(request, actor)
            }
        }
    }
}
