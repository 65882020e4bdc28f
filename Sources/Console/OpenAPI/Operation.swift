import Enrollment
import HTTPServer
import Text

/// What the OpenAPI document says of an endpoint, apart from its method, path and access.
package struct Operation: Sendable {
    /// A parameter in the path, the query or a header.
    struct Parameter: Sendable {
        enum Place: String, Sendable { case path, query, header }

        let name: String
        let place: Place
        var isRequired = true
        let description: String
        let schema: JSONValue
        let example: JSONValue
    }

    /// What an answer carries.
    enum Content: Sendable {
        case none
        /// JSON of a named schema.
        case schema(String)
        /// Something else, such as a page.
        case text(String)
    }

    struct Answer: Sendable {
        let description: String
        let content: Content
    }

    package let id: String
    let tag: String
    let summary: String
    var description = ""
    var parameters: [Parameter] = []
    /// The named schema of the body, and an example of it.
    var body: (schema: String, isRequired: Bool, example: JSONValue)?
    /// The types that the body may have.
    var bodyTypes = ["application/json"]
    /// What it answers when all is well.
    let answers: [(status: Int, Answer)]
    /// The problems it can have of its own, with what they mean; those of access and of every route are added.
    var problems: [(status: Int, String)] = []
    /// The schema of its own problems, where another's protocol says what they look like; a body of another type is one of them.
    var failure: String?
}

extension Operation {
    /// The operation object of OpenAPI 3.1.
    func json(for access: Endpoint.Access) -> JSONValue {
        var members: [(String, JSONValue)] = [("operationId", .string(id)), ("tags", [.string(tag)]), ("summary", .string(summary))]
        let text = [description, access.text].compactMap(\.self).filter { !$0.isEmpty }.joined(separator: " ")
        if !text.isEmpty { members.append(("description", .string(text))) }
        if let scheme = access.scheme { members.append(("security", [.object([(scheme, .array([]))])])) }
        if !parameters.isEmpty { members.append(("parameters", .array(parameters.map(\.json)))) }
        if let body {
            let content = bodyTypes.enumerated().map { index, type -> (String, JSONValue) in
                // The example is JSON; other types carry the same.
                (type, index == 0 ? ["schema": .reference(body.schema), "example": body.example] : ["schema": ["type": "string"]])
            }
            members.append(("requestBody", ["required": .boolean(body.isRequired), "content": .object(content)]))
        }
        members.append(("responses", .object(responses(for: access))))
        return .object(members)
    }

    private func responses(for access: Endpoint.Access) -> [(String, JSONValue)] {
        var responses = answers.map { (String($0.status), $0.1.json) }
        if case .session = access, !answers.contains(where: { $0.status == 303 }) {
            responses.append(("303", Answer(description: "Nobody is signed in: browsers are sent to `/sign-in`.", content: .none).json))
        }
        var problems = problems + access.problems
        if body != nil, failure == nil {
            problems.append((415, "The body is not \(bodyTypes.joined(separator: " or "))."))
        }
        var merged: [(status: Int, String)] = []
        for (status, text) in problems {
            if let index = merged.firstIndex(where: { $0.status == status }) {
                merged[index].1 += " Or: " + text
            } else {
                merged.append((status, text))
            }
        }
        for (status, text) in merged.sorted(by: { $0.status < $1.status }) {
            let general = Operation.common.first { $0.status == status }?.text
            responses.append((String(status), Operation.problem(text, failure: failure, general: general)))
        }
        for common in Operation.common where !merged.contains(where: { $0.status == common.status }) {
            responses.append((String(common.status), ["$ref": .string("#/components/responses/" + common.name)]))
        }
        return responses.sorted { $0.0 < $1.0 }
    }

    /// What every route may answer, before it is asked or when it fails.
    static let common: [(status: Int, name: String, text: String)] = [
        (
            400, "Malformed",
            "The request is not HTTP as it should be: its first line, a header, a length or an escape is malformed. Or, where an access token "
                + "is wanted or there are query parameters: there is none of the name given."
        ),
        (408, "TooSlow", "The request did not arrive in time."),
        (413, "BodyTooLarge", "The body is larger than the server accepts."),
        (414, "TargetTooLong", "The path and the query are longer than the server accepts."),
        (415, "BodyEncoded", "The body has a `Content-Encoding` other than identity: it is compressed."),
        (431, "HeadTooLarge", "There are more headers, or larger ones, than the server accepts."),
        (500, "Failed", "Something failed that should not; the reference is in the server's log."),
        (501, "CodingUnknown", "The body has a transfer coding other than chunked."),
        (503, "Unavailable", "The server has too much to do, is stopping, or cannot write; `Retry-After` says when to try again."),
        (505, "VersionUnknown", "The version of HTTP is neither 1.1 nor 1.0."),
    ]

    /// - Parameters:
    ///   - failure: the schema of the operation's own problem, if it is another protocol's.
    ///   - general: what every route may answer with the same status.
    static func problem(_ text: String, failure: String? = nil, general: String? = nil) -> JSONValue {
        var content: [(String, JSONValue)] = []
        if let failure { content.append(("application/json", ["schema": .reference(failure)])) }
        if failure == nil || general != nil { content.append(("application/problem+json", ["schema": .reference("Problem")])) }
        return ["description": .string(text + (general.map { " Or: " + $0 } ?? "")), "content": .object(content)]
    }
}

extension Endpoint.Access {
    fileprivate var scheme: String? {
        switch self {
        case .everybody: nil
        case .bearer: "bearer"
        case .session: "session"
        }
    }

    fileprivate var text: String? {
        switch self {
        case .everybody: nil
        case .bearer(let role): "Wants an access token of the role \(role.rawValue) or above."
        case .session(let role):
            "For people who are signed in with the role \(role.rawValue) or above; browsers of others are sent to `/sign-in` (303)."
        }
    }

    fileprivate var problems: [(status: Int, String)] {
        switch self {
        case .everybody: []
        case .bearer:
            [(401, "No access token was given, or it is not valid."), (403, "The access token's role is not enough.")]
        case .session:
            [
                (401, "Nobody is signed in; to browsers: 303, to `/sign-in`."),
                (403, "The role is not enough, or the form was not made by a page for this session."),
            ]
        }
    }
}

extension Operation.Parameter {
    fileprivate var json: JSONValue {
        [
            "name": .string(name), "in": .string(place.rawValue), "required": .boolean(isRequired), "description": .string(description),
            "schema": schema, "example": example,
        ]
    }
}

extension Operation.Answer {
    fileprivate var json: JSONValue {
        switch content {
        case .none: ["description": .string(description)]
        case .schema(let name):
            ["description": .string(description), "content": ["application/json": ["schema": .reference(name)]]]
        case .text(let type):
            ["description": .string(description), "content": .object([(type, ["schema": ["type": "string"]] as JSONValue)])]
        }
    }
}

extension JSONValue {
    /// A reference to a schema of the document.
    static func reference(_ name: String) -> JSONValue { ["$ref": .string("#/components/schemas/" + name)] }
}
