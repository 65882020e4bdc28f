/// What a handler on the event loop answers: something now, or the promise of it.
package enum Reply {
    case response(Response)
    /// A response that was built once and is sent again and again.
    case prepared(PreparedResponse)
    /// The closure is called at once, on the event loop, with the connection already waiting; it hands the responder to whoever will answer.
    case deferred((Responder) -> Void)
}

extension Reply {
    package static func answer(_ answer: Answer) -> Reply {
        switch answer {
        case .response(let response): .response(response)
        case .prepared(let prepared): .prepared(prepared)
        }
    }
}

/// What is sent in the end.
package enum Answer: Sendable {
    case response(Response)
    case prepared(PreparedResponse)

    var response: Response {
        switch self {
        case .response(let response): response
        case .prepared(let prepared): prepared.response
        }
    }
}
