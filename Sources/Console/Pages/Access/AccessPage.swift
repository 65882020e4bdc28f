import Enrollment
import HTTPServer

/// The page at `/access`: who may do what, and a form to let somebody in.
struct AccessPage {
    let session: Session
    var tokens: [AccessTokenRecord]
    var name = ""
    var notice: PageNotice?

    private static let roles: [(role: AccessRole, text: String)] = [
        (.viewer, "viewer: sees experiments, results and the audit trail"),
        (.backend, "backend: also says whose a device is, for servers"), (.editor, "editor: also makes and changes experiments"),
        (.admin, "admin: also lets others in"),
    ]

    var html: HTML {
        let options = Self.roles.map { "<option value=\"\($0.role.rawValue)\">\($0.text)</option>" as HTML }
        let content: HTML = """
            <div class="lead"><div><h1>Access</h1>
            <p class="quiet">Everybody who may more than look at the statistics has an access token of their own; its name stands in the audit
            trail. The tokens themselves are known only to their bearers.</p></div></div>
            \(notice?.html)<section class="card"><h2>Let somebody in</h2>
            <form class="ask" method="post" action="/access">\(session.field)\
            <label for="name">Name<input type="text" id="name" name="name" value="\(name)" required maxlength="64" autocomplete="off" \
            autocapitalize="none"\(invalid)></label>
            <label for="role">Role<select id="role" name="role">\(options)</select></label>
            <button class="main">Make a token</button></form></section>
            <section class="card"><table class="list" id="tokens"><caption class="hidden">Access tokens</caption><thead><tr><th scope="col">Name</th><th scope="col">Role</th>\
            <th scope="col">Since</th><th scope="col"><span class="hidden">What can be done</span></th></tr></thead>
            <tbody>\(tokens.sorted { ($0.revoked == nil ? 0 : 1) < ($1.revoked == nil ? 0 : 1) }.map(row))</tbody></table></section>
            """
        return Page(title: "Access", tab: .access, session: session, content: content).html
    }

    /// A name that was typed comes back only when it was refused.
    private var invalid: HTML {
        guard case .refused? = notice else { return .empty }
        return " aria-invalid=\"true\" aria-describedby=\"mistake\" autofocus"
    }

    private func row(_ record: AccessTokenRecord) -> HTML {
        let last: HTML =
            record.revoked.map { "<span class=\"quiet\">revoked \(DateText.minutes($0))</span>" }
            ?? "<a href=\"/access/\(PercentEncoding.encode(record.name))/revoke\">Revoke<span class=\"hidden\"> \(record.name)</span></a>"
        return """
            <tr><th scope="row">\(record.name)</th><td class="state">\(record.role.rawValue)</td>\
            <td class="count">\(DateText.minutes(record.created))</td><td class="last">\(last)</td></tr>

            """
    }
}

/// The page that shows a new token, once.
struct GrantedPage {
    let session: Session
    let name: String
    let role: AccessRole
    let token: AccessToken

    var html: HTML {
        let content: HTML = """
            <section class="card"><h1>\(name) is let in</h1>
            <p>This is the access token, in the role \(role.rawValue). <b>It is shown only this once</b>: give it to whom it belongs, over a
            way that nobody else reads, and keep it nowhere else.</p>
            <p><code class="secret" id="token">\(token.secret)</code></p>
            <p>People sign in with it at <code>/sign-in</code>; programs send it as <code>Authorization: Bearer …</code></p>
            <p><a class="button" href="/access">I have it</a></p></section>
            """
        return Page(title: "A new token", tab: .access, session: session, content: content).html
    }
}

/// The page that asks whether to shut somebody out.
struct RevocationPage {
    let session: Session
    let record: AccessTokenRecord

    var html: HTML {
        let own: HTML? = record.name == session.name ? "<li>It is the token you are signed in with: you will be signed out.</li>" : nil
        let content: HTML = """
            <section class="card" id="confirm"><h1>Revoke the token of ‘\(record.name)’?</h1>
            <ul class="consequences"><li>Whoever bears it (\(record.role.rawValue)) is shut out at once, people and programs; sessions that were
            begun with it end.</li>\(own)<li>This cannot be undone; another token can be made under the same name.</li></ul>
            <form method="post" action="/access/\(PercentEncoding.encode(record.name))/revoke">\(session.field)\
            <div class="actions"><button class="danger">Revoke</button><a class="button" href="/access">Leave it as it is</a></div></form></section>
            """
        return Page(title: "Revoke a token", tab: .access, session: session, content: content).html
    }
}
