import Console
import Enrollment
import Experiments
import HTTPServer
import HTTPServerTesting
import Testing

@Suite struct AccessPagesTests {
    @Test func `A token is shown once, opens a session, and is revoked with it`() async throws {
        try await Fixture.both { fixture, client async throws in
            let admin = try await Visitor.signedIn(.admin, fixture, client)
            let granted = try await admin.post("/access", "name=ann&role=editor")
            #expect(granted.status == 201 && granted.headers["Cache-Control"] == "no-store")
            let secret = try #require(granted.text.firstMatch(of: /id="token">(gosset_[A-Za-z0-9_-]+)</).map { String($0.1) })
            let list = try await admin.get("/access").text
            for role in AccessRole.allCases { #expect(list.contains("<option value=\"\(role.rawValue)\">")) }
            #expect(list.contains("ann") && !list.contains(secret))

            let ann = try await Visitor.signedIn(secret, client)
            #expect(try await ann.get("/experiments/new").status == 200)
            #expect(try await ann.get("/access").status == 403)
            #expect(try await !ann.get("/experiments").text.contains("href=\"/access\""))

            #expect(try await admin.get("/access/ann/revoke").text.contains("(editor) is shut out at once"))
            #expect(try await admin.post("/access/ann/revoke").headers["Location"] == "/access?done=revoke")
            #expect(try await ann.get("/experiments").status == 303)
            #expect(try await admin.get("/access?done=revoke").text.contains("revoked"))
            #expect(try await admin.get("/access/ann/revoke").status == 404)
            #expect(try await admin.post("/access/ann/revoke").status == 404)
            let trail = try await admin.get("/audit").text
            #expect(trail.contains("<b>ann</b>: Got access as editor.") && trail.contains("<b>ann</b>: Lost access; it was editor."))
            #expect(trail.contains("the-admin") && !trail.contains(secret))
        }
    }

    @Test func `Names that are taken or not allowed are refused on the page`() async throws {
        try await Fixture.both { fixture, client async throws in
            let admin = try await Visitor.signedIn(.admin, fixture, client)
            for (form, status, reason) in [
                ("name=the-viewer&role=viewer", 409, "There is an access token"), ("name=a+b&role=viewer", 422, "is not allowed"),
                ("name=x&role=king", 400, "one of the roles"), ("name=x", 400, "one of the roles"),
            ] {
                let page = try await admin.post("/access", form)
                #expect(page.status == status && page.text.contains(reason), "\(form)")
            }
            #expect(fixture.registry.accessTokens.all.count == AccessRole.allCases.count)
        }
    }

    @Test func `The last administrator is not shut out, and is told before that it would be themselves`() async throws {
        try await Fixture.both { fixture, client async throws in
            let admin = try await Visitor.signedIn(.admin, fixture, client)
            #expect(try await admin.get("/access/the-admin/revoke").text.contains("you will be signed out"))
            let refused = try await admin.post("/access/the-admin/revoke")
            #expect(refused.status == 409 && refused.text.contains("last administrator"))
            #expect(try await admin.get("/access").status == 200)
        }
    }
}
