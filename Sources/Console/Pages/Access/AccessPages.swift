import Enrollment
import HTTPServer

/// The pages on which administrators let people and programs in, and shut them out.
struct AccessPages: Sendable {
    let registry: Registry

    var endpoints: [Endpoint] {
        let one = "/access/{name}/revoke"
        return [
            Endpoint(.get, "/access", .accessPage, .page(.admin, show)),
            Endpoint(.post, "/access", .grantForm, .form(.admin) { _, form, session in try await grant(form, session) }),
            Endpoint(.get, one, .revocationPage, .page(.admin, ask)),
            Endpoint(.post, one, .revocationForm, .form(.admin) { request, _, session in try await revoke(request, session) }),
        ]
    }

    private func show(_ request: borrowing Request, _ session: Session) throws -> Response {
        let notice: PageNotice? =
            try request.query("done") == "revoke"
            ? .done("The token was revoked. It opens nothing any more, and its sessions have ended.") : nil
        return .html(AccessPage(session: session, tokens: registry.accessTokens.all, notice: notice).html)
    }

    private func grant(_ form: Form, _ session: Session) async throws -> Response {
        let name = try form.value("name") ?? ""
        let page = AccessPage(session: session, tokens: [], name: name)
        guard let role = AccessRole(rawValue: try form.value("role") ?? "") else { throw Problem.badRequest("Choose one of the roles.") }
        let token = AccessToken.random()
        do {
            try await registry.grantAccess(to: name, as: role, token: token, actor: session.name)
        } catch let error as AccessChangeError {
            var page = page
            (page.tokens, page.notice) = (registry.accessTokens.all, .refused(error.description))
            return .html(page.html, status: error.problem.status)
        }
        return .html(GrantedPage(session: session, name: name, role: role, token: token).html, status: .created)
    }

    private func record(_ request: borrowing Request) throws -> AccessTokenRecord {
        let name = try request.parameter("name")
        guard let record = registry.accessTokens.valid(named: name) else { throw AccessChangeError.unknownName(name) }
        return record
    }

    private func ask(_ request: borrowing Request, _ session: Session) throws -> Response {
        .html(RevocationPage(session: session, record: try record(request)).html)
    }

    private func revoke(_ request: borrowing Request, _ session: Session) async throws -> Response {
        try await registry.revokeAccess(of: request.parameter("name"), actor: session.name)
        return .redirect(to: "/access?done=revoke")
    }
}
