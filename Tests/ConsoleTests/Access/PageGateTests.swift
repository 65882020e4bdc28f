import Console
import Enrollment
import Experiments
import HTTPServer
import HTTPServerTesting
import Testing

// The gate holds on every page and form that there is: new ones are tried as soon as they are added.
@Suite struct PageGateTests {
    private func path(_ endpoint: Endpoint) -> String {
        endpoint.path.replacing("{key}", with: "price").replacing("{name}", with: "the-viewer")
    }

    @Test func `Nobody who is not signed in sees a page or sends a form`() async throws {
        try await Fixture.both { fixture, client async throws in
            var tried = 0
            for endpoint in fixture.console.endpoints {
                switch endpoint.handler {
                case .page, .form, .upload: break
                default: continue
                }
                tried += 1
                let path = path(endpoint)
                let program = try await client.send(TestRequest(endpoint.method.rawValue, path))
                _ = try program.problem(401)
                let browser = try await client.send(TestRequest(endpoint.method.rawValue, path, headers: [("Accept", "text/html")]))
                #expect(browser.status == 303, "\(endpoint.method) \(path)")
                #expect(browser.headers["Location"] == "/sign-in?next=" + PercentEncoding.encode(path))
                let forged = [("Accept", "text/html"), ("Cookie", "gosset_session=AQAAAAAA")]
                #expect(try await client.send(TestRequest(endpoint.method.rawValue, path, headers: forged)).status == 303)
            }
            #expect(tried >= 1)
        }
    }

    @Test func `A role that is not enough is told so, whatever is asked`() async throws {
        try await Fixture.both { fixture, client async throws in
            for endpoint in fixture.console.endpoints {
                let needed: AccessRole
                switch endpoint.handler {
                case .page(let role, _), .form(let role, _): needed = role
                default: continue
                }
                for role in AccessRole.allCases where role < needed {
                    let visitor = try await Visitor.signedIn(role, fixture, client)
                    let isForm = endpoint.method == .post
                    let response = isForm ? try await visitor.post(path(endpoint)) : try await visitor.get(path(endpoint))
                    #expect(response.status == 403 && response.text.contains("the role \(needed.rawValue)"), "\(path(endpoint))")
                    #expect(response.text.contains("<b>the-\(role.rawValue)</b>"), "the page still says who is signed in")
                }
            }
            #expect(fixture.registry.catalogue.experiments.map(\.state) == [.running, .running])
        }
    }

    @Test func `A form wants the token of its session, and comes from a page of this server`() async throws {
        try await Fixture.both { fixture, client async throws in
            let admin = try await Visitor.signedIn(.admin, fixture, client)
            let other = try await Visitor.signedIn(.admin, fixture, client)
            let (own, others) = (try await admin.formToken(), try await other.formToken())
            #expect(own != others)
            for endpoint in fixture.console.endpoints {
                guard case .form = endpoint.handler else { continue }
                let path = path(endpoint)
                for token in ["", "nonsense", others] {
                    let response = try await admin.post(path, formToken: token)
                    #expect(response.status == 403 && response.text.contains("not made for your session"), "\(path)")
                }
                let headers = [("Accept", "text/html"), ("Cookie", admin.cookie ?? ""), ("Sec-Fetch-Site", "cross-site")]
                let foreign = try await client.post(path, form: "form_token=\(own)", headers: headers)
                #expect(foreign.status == 403 && foreign.text.contains("another site"), "\(path)")
            }
            #expect(fixture.registry.catalogue.experiments.map(\.state) == [.running, .running])
        }
    }

    @Test func `A bearer token opens no page, and a session opens no API`() async throws {
        try await Fixture.both { fixture, client async throws in
            let visitor = try await Visitor.signedIn(.admin, fixture, client)
            #expect(try await visitor.get("/api/v1/admin/experiments").status == 401)
            let response = try await client.send(
                TestRequest("POST", "/sign-out", headers: fixture.headers(.admin) + [("Accept", "text/html")]))
            #expect(response.status == 303 && response.headers["Location"]?.hasPrefix("/sign-in") == true)
        }
    }
}
