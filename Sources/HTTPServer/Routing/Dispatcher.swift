internal import Logging
internal import Synchronization
import Text

/// From a request to a reply, without a socket in sight: the server and the in-process client share it.
///
/// It is a class because every request passes through: as a value, all that it holds would be retained each time.
final class Dispatcher: Sendable {
    /// Counts the asynchronous handlers that run.
    private final class Running: Sendable {
        let count = Atomic(0)
    }

    let router: Router
    let limits: Limits
    let logger: Logger
    private let running = Running()

    init(router: Router, limits: Limits, logger: Logger) {
        self.router = router
        self.limits = limits
        self.logger = logger
    }

    var asyncHandlersRunning: Int {
        running.count.load(ordering: .relaxed)
    }

    /// Calls the handler that the request is for.
    /// - Parameter isEncoded: whether the body is not what the handler reads but, say, compressed.
    /// - Returns: the reply and the index of the route, nil when none fits.
    func dispatch(_ method: Method?, _ head: RequestHead, body: [UInt8], isEncoded: Bool) -> (reply: Reply, route: Int?) {
        switch router.tree.match(method, head.path) {
        case .none:
            return (.response(response(for: Problem.notFound("There is nothing here."), head)), nil)
        case .otherMethods(let allowed):
            let names = allowed.map(\.rawValue).joined(separator: ", ")
            let problem = Problem(.methodNotAllowed, "This resource answers \(names).", headers: ["Allow": names])
            return (.response(response(for: problem, head)), nil)
        case .route(let index, _) where isEncoded && !body.isEmpty:
            return (.response(response(for: Problem.bodyEncoded(head), head)), index)
        case .route(let index, let ranges):
            let method = method ?? router.routes[index].method
            let parameters =
                ranges.isEmpty ? PathParameters() : PathParameters(names: router.routes[index].parameterNames, ranges: ranges)
            switch router.routes[index].handler {
            case .inline(let handler):
                do {
                    return (try handler(Request(method: method, head: head, parameters: parameters, body: body)), index)
                } catch {
                    return (.response(response(for: error, head)), index)
                }
            case .async(let handler):
                return (start(handler, method, head, parameters, body), index)
            }
        }
    }

    private func start(
        _ handler: @escaping Router.AsyncHandler, _ method: Method, _ head: RequestHead, _ parameters: PathParameters, _ body: [UInt8]
    ) -> Reply {
        guard running.count.add(1, ordering: .relaxed).newValue <= limits.asyncHandlers else {
            running.count.subtract(1, ordering: .relaxed)
            return .response(response(for: Problem.unavailable("The server is busy; try again."), head))
        }
        let owned = head.owned
        return .deferred { [running] responder in
            Task {
                defer { running.count.subtract(1, ordering: .relaxed) }
                do {
                    responder.respond(try await handler(Request(method: method, head: .copied(owned), parameters: parameters, body: body)))
                } catch {
                    responder.fail(error)
                }
            }
        }
    }

    /// What the client gets to see of an error.
    func response(for error: any Error, _ head: RequestHead) -> Response {
        // By which method it was asked makes no difference to how an error looks.
        router.renderProblem(problem(for: error), Request(method: .get, head: head, parameters: PathParameters(), body: []))
    }

    private func problem(for error: any Error) -> Problem {
        if let problem = error as? Problem { return problem }
        if let convertible = error as? any ProblemConvertible { return convertible.problem }
        let digits = String(UInt64.random(in: .min ... .max), radix: 36)
        logger.error("a handler failed", ["reference": .string(digits), "error": .string(String(describing: error))])
        return Problem(
            .internalServerError, "Something went wrong on our side. The log knows more under the reference.",
            extensions: ["reference": .string(digits)])
    }

    func answer(for outcome: Responder.Outcome, _ head: RequestHead) -> Answer {
        switch outcome {
        case .success(let making): making(head.stripe)
        case .failure(let error): .response(response(for: error, head))
        }
    }
}
