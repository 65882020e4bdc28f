import Enrollment
import HTTPServer
import Text

/// Access tokens and the audit log.
struct AccessAPI: Sendable {
    let registry: Registry

    private static let tokens = "/api/v1/admin/tokens"

    var endpoints: [Endpoint] {
        [
            Endpoint(.get, AccessAPI.tokens, .listTokens, .bearer(.admin) { _, _ in list() }),
            Endpoint(.post, AccessAPI.tokens, .createToken, .bearer(.admin, create)),
            Endpoint(.delete, AccessAPI.tokens + "/{name}", .revokeToken, .bearer(.admin, revoke)),
            Endpoint(.get, "/api/v1/admin/audit", .auditLog, .bearer(.viewer) { request, _ in try await audit(request) }),
        ]
    }

    private func list() -> Response {
        .json(["tokens": .array(registry.accessTokens.all.map(\.json))])
    }

    private func create(_ request: borrowing Request, actor: String) async throws -> Response {
        let body = try request.json(TokenBody.self, .strict)
        guard let role = AccessRole(rawValue: body.role) else {
            let roles = AccessRole.allCases.map(\.rawValue).joined(separator: ", ")
            throw Problem(.unprocessableContent, "The role '\(body.role)' does not exist; there are \(roles).")
        }
        let token = AccessToken.random()
        try await registry.grantAccess(to: body.name, as: role, token: token, actor: actor)
        var response = Response.json(
            ["name": .string(body.name), "role": .string(role.rawValue), "token": .string(token.secret)], status: .created)
        response.headers["Cache-Control"] = "no-store"
        return response
    }

    private func revoke(_ request: borrowing Request, actor: String) async throws -> Response {
        let name = try request.parameter("name")
        try await registry.revokeAccess(of: name, actor: actor)
        return .empty()
    }

    private func audit(_ request: borrowing Request) async throws -> Response {
        let limit = try request.query("limit", as: Int.self) ?? 100
        guard (1...1000).contains(limit) else { throw Problem.badRequest("'limit' must be from 1 to 1000.") }
        let query = AuditQuery(subject: try request.query("subject"), before: try request.query("before", as: Int64.self), limit: limit)
        return .json(["entries": .array(try await registry.auditLog(query).map(\.json))])
    }
}

private struct TokenBody: Decodable {
    let name: String
    let role: String
}

extension AccessTokenRecord {
    fileprivate var json: JSONValue {
        ["name": .string(name), "role": .string(role.rawValue), "created": JSONValue(created), "revoked": JSONValue(revoked)]
    }
}

extension AuditEntry {
    /// What was before and after is JSON already, but for its times.
    var json: JSONValue {
        [
            "id": .integer(Int(id)),
            "time": JSONValue(time),
            "actor": .string(actor),
            "action": .string(action),
            "subject": .string(subject),
            "before": before.map { .encoded(AuditDocument($0).text) } ?? .null,
            "after": after.map { .encoded(AuditDocument($0).text) } ?? .null,
        ]
    }
}
