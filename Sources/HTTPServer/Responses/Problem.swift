package import Text

/// An error a client is told about: `application/problem+json` (RFC 9457).
///
/// Handlers throw it; whatever else they throw becomes a 500 that shows nothing but a reference into the log, unless it is `ProblemConvertible`.
package struct Problem: Error, Sendable {
    /// A URI that names the kind of problem; `about:blank` means that the status says it all.
    package var type: String
    /// The kind of problem in a few words, the same at each occurrence.
    package var title: String
    package var status: Status
    /// What went wrong this time, and what to do about it, for a person.
    package var detail: String?
    /// A URI of this occurrence.
    package var instance: String?
    /// Further members of the JSON object, in order; they cannot replace the ones above.
    package var extensions: KeyValuePairs<String, JSONValue>
    /// Headers of the response, such as `Allow` or `WWW-Authenticate`.
    package var headers: Headers

    package init(
        _ status: Status, _ detail: String? = nil, type: String = "about:blank", title: String? = nil, instance: String? = nil,
        extensions: KeyValuePairs<String, JSONValue> = [:], headers: Headers = [:]
    ) {
        self.type = type
        self.title = title ?? status.reason
        self.status = status
        self.detail = detail
        self.instance = instance
        self.extensions = extensions
        self.headers = headers
    }

    package static func badRequest(_ detail: String) -> Problem { Problem(.badRequest, detail) }
    package static func notFound(_ detail: String) -> Problem { Problem(.notFound, detail) }
    package static func conflict(_ detail: String) -> Problem { Problem(.conflict, detail) }
    package static func unavailable(_ detail: String, retryAfterSeconds: Int = 1) -> Problem {
        Problem(.serviceUnavailable, detail, headers: ["Retry-After": String(retryAfterSeconds)])
    }

    /// The JSON object of RFC 9457 § 3.1.
    var json: JSONValue {
        let reserved: Set = ["type", "title", "status", "detail", "instance"]
        var members: [(String, JSONValue)] = [("type", .string(type)), ("title", .string(title)), ("status", .integer(status.code))]
        if let detail { members.append(("detail", .string(detail))) }
        if let instance { members.append(("instance", .string(instance))) }
        for (name, value) in extensions where !reserved.contains(name) { members.append((name, value)) }
        return .object(members)
    }
}

/// An error of another room that a client may be told about.
package protocol ProblemConvertible: Error {
    var problem: Problem { get }
}

extension Response {
    package static func problem(_ problem: Problem) -> Response {
        var response = Response(problem.status, headers: problem.headers, body: Array(problem.json.description.utf8))
        response.headers["Content-Type"] = "application/problem+json"
        response.headers["Cache-Control"] = "no-store"
        return response
    }
}
