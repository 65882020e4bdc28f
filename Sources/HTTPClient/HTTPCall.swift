/// A request to another server.
package struct HTTPCall: Sendable {
    package var method: String
    /// `http://…` or `https://…`.
    package var url: String
    package var headers: [(name: String, value: String)]
    /// Nil for a request without a body.
    package var body: [UInt8]?

    package init(_ method: String, _ url: String, headers: [(String, String)] = [], body: [UInt8]? = nil) {
        self.method = method
        self.url = url
        self.headers = headers.map { (name: $0.0, value: $0.1) }
        self.body = body
    }
}

/// What a server answered, whatever its status.
package struct HTTPAnswer: Sendable {
    package let status: Int
    package let headers: [(name: String, value: String)]
    package let body: [UInt8]

    /// The first header of a name, in any case.
    package func header(_ name: String) -> String? {
        let wanted = name.lowercased()
        return headers.first { $0.name.lowercased() == wanted }?.value
    }

    /// The seconds of `Retry-After`, up to a day.
    package var retryAfter: Int? { header("retry-after").flatMap { Int($0) }.flatMap { (0...86400).contains($0) ? $0 : nil } }
}

/// Why there is no answer, without the address, which may hold a secret.
package struct HTTPFailure: Error, Hashable, CustomStringConvertible {
    package enum Cause: Hashable, Sendable {
        case timedOut, unknownHost, unreachable, broken, insecure, calledOff, tooLarge, unwritable, malformed, astray
        case other(code: Int)
    }

    package let cause: Cause

    package init(_ cause: Cause) { self.cause = cause }

    package var description: String {
        switch cause {
        case .timedOut: "no answer came in time"
        case .unknownHost: "the host was not found"
        case .unreachable: "the host could not be reached"
        case .broken: "the connection broke"
        case .insecure: "TLS could not be agreed on"
        case .calledOff: "it was called off"
        case .tooLarge: "the answer is too large"
        case .unwritable: "what arrives cannot be written"
        case .malformed: "the address or a header is malformed"
        case .astray: "it is redirected too often"
        case .other(let code): "the connection failed (\(code))"
        }
    }
}
