/// Which handler answers which method and path.
///
/// A pattern is a path whose segments are literal or named: `/api/v1/admin/experiments/{key}/start`. A literal segment is preferred
/// to a named one. A GET route also answers HEAD.
package struct Router: Sendable {
    /// Runs on the event loop: it must not block, or every connection of its thread waits.
    package typealias InlineHandler = @Sendable (borrowing Request) throws -> Reply
    /// Runs in a task of its own, while its connection waits.
    package typealias AsyncHandler = @Sendable (borrowing Request) async throws -> Response

    enum Handler: Sendable {
        case inline(InlineHandler)
        case async(AsyncHandler)
    }

    struct Route: Sendable {
        let method: Method
        let pattern: String
        let parameterNames: [String]
        let handler: Handler
        let largeBody: LargeBody?
    }

    /// Renders an error for a client, given the request without its body and what a pattern names; the default is problem+json.
    ///
    /// Browsers may be shown a page. A request that cannot be read is always answered by problem+json.
    package var renderProblem: @Sendable (_ problem: Problem, _ request: borrowing Request) -> Response = { problem, _ in
        .problem(problem)
    }

    private(set) var routes: [Route] = []
    private(set) var tree = PathTree()

    package init() {}

    package mutating func get(_ pattern: String, _ handler: @escaping AsyncHandler) { on(.get, pattern, handler) }
    package mutating func post(_ pattern: String, _ handler: @escaping AsyncHandler) { on(.post, pattern, handler) }
    package mutating func put(_ pattern: String, _ handler: @escaping AsyncHandler) { on(.put, pattern, handler) }
    package mutating func patch(_ pattern: String, _ handler: @escaping AsyncHandler) { on(.patch, pattern, handler) }
    package mutating func delete(_ pattern: String, _ handler: @escaping AsyncHandler) { on(.delete, pattern, handler) }

    /// - Parameter largeBody: what the route takes beyond the server's limit, and from whom.
    package mutating func on(_ method: Method, _ pattern: String, largeBody: LargeBody? = nil, _ handler: @escaping AsyncHandler) {
        add(method, pattern, .async(handler), largeBody)
    }

    package mutating func on(_ method: Method, _ pattern: String, inline handler: @escaping InlineHandler) {
        add(method, pattern, .inline(handler))
    }

    private mutating func add(_ method: Method, _ pattern: String, _ handler: Handler, _ largeBody: LargeBody? = nil) {
        precondition(pattern.hasPrefix("/"), "a pattern starts with a slash: \(pattern)")
        let names = tree.insert(pattern, method: method, route: routes.count)
        routes.append(Route(method: method, pattern: pattern, parameterNames: names, handler: handler, largeBody: largeBody))
    }

    /// The routes' methods and patterns, in the order they were added: for documentation and tests.
    package var endpoints: [(method: Method, pattern: String)] {
        routes.map { ($0.method, $0.pattern) }
    }
}
