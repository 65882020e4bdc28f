import Console
import Enrollment
import Experiments
import HTTPServer
import HTTPServerTesting
import Synchronization
import Testing

// A clock on the wall that tests move.
final class WallClock: Sendable {
    private let milliseconds = Atomic<Int64>(1_700_000_000_000)

    var now: @Sendable () -> Timestamp { { Timestamp(milliseconds: self.milliseconds.load(ordering: .relaxed)) } }

    func advance(seconds: Int64) { milliseconds.add(seconds * 1000, ordering: .relaxed) }

    var options: Console.Options {
        var options = Console.Options()
        options.now = now
        return options
    }
}

@Suite struct SignInTests {
    private let browser = [("Accept", "text/html,application/xhtml+xml")]

    @Test func `A token opens a session, whose cookie no script and no other site can use`() async throws {
        try await Fixture.both { fixture, client async throws in
            let page = try await client.get("/sign-in", headers: browser)
            #expect(page.status == 200 && page.text.contains("<h1>Sign in</h1>"))
            #expect(page.headers["Content-Security-Policy"]?.contains("default-src 'self'") == true)
            let response = try await client.post("/sign-in", form: "token=\(fixture.tokens[.editor]?.secret ?? "")", headers: browser)
            #expect(response.status == 303 && response.headers["Location"] == "/experiments")
            let cookie = try #require(response.headers["Set-Cookie"])
            #expect(cookie.hasPrefix("gosset_session=") && cookie.hasSuffix("; Path=/; Max-Age=43200; HttpOnly; SameSite=Lax"))
            #expect(!cookie.contains(fixture.tokens[.editor]?.secret ?? "?"))

            let visitor = Visitor(client: client, cookie: Visitor.cookie(of: response))
            let plan = try await visitor.get("/plan")
            #expect(plan.text.contains("<b>the-editor</b> <span class=\"quiet\">editor</span>"))
            #expect(plan.headers["Cache-Control"] == "no-store")
            let nobody = try await client.get("/plan", headers: browser)
            #expect(nobody.text.contains("<a href=\"/sign-in\">Sign in</a>") && !nobody.text.contains("the-editor"))

            let out = try await visitor.post("/sign-out")
            #expect(out.status == 303 && out.headers["Location"] == "/sign-in")
            #expect(out.headers["Set-Cookie"] == "gosset_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax")
        }
    }

    @Test func `Over HTTPS the cookie is for HTTPS and this host alone`() async throws {
        try await Fixture.both { fixture, client async throws in
            let form = "token=\(fixture.tokens[.viewer]?.secret ?? "")"
            for header in [("Origin", "https://127.0.0.1"), ("X-Forwarded-Proto", "https")] {
                let headers = browser + [header, ("Sec-Fetch-Site", "same-origin")]
                let response = try await client.post("/sign-in", form: form, headers: headers)
                let cookie = try #require(response.headers["Set-Cookie"])
                #expect(cookie.hasPrefix("__Host-gosset_session=") && cookie.hasSuffix("; Secure"))
                let pair = try #require(Visitor.cookie(of: response))
                #expect(try await client.get("/plan", headers: browser + [("Cookie", pair)]).text.contains("the-viewer"))
                // Under the other name it could have been planted by a neighbour's page.
                let planted = pair.replacing("__Host-", with: "")
                #expect(try await !client.get("/plan", headers: browser + [("Cookie", planted)]).text.contains("the-viewer"))
            }
        }
    }

    @Test func `A wrong token is refused on the page, and to programs as a problem`() async throws {
        try await Fixture.both { fixture, client async throws in
            let page = try await client.post("/sign-in", form: "token=gosset_wrong&next=/audit", headers: browser)
            #expect(page.status == 401 && page.text.contains("This access token is not valid."))
            #expect(page.headers["Set-Cookie"] == nil && !page.text.contains("gosset_wrong") && page.text.contains("value=\"/audit\""))
            _ = try await client.post("/sign-in", form: "token=gosset_wrong").problem(401)
            _ = try await client.post("/sign-in", form: "token=").problem(400)
            _ = try await client.post("/sign-in", form: "token=a&token=b").problem(400)
            _ = try await client.post("/sign-in", json: "{}").problem(415)
            let padded = "token=%20\(fixture.tokens[.viewer]?.secret ?? "")%0A"
            #expect(try await client.post("/sign-in", form: padded).status == 303)
        }
    }

    @Test func `Guessing is slowed down, and the right token waits as well`() async throws {
        let clock = WallClock()
        let fixture = try await Fixture(options: clock.options)
        let client = InProcessClient(fixture.console.router)
        let right = "token=\(fixture.tokens[.admin]?.secret ?? "")"
        for _ in 0..<10 { #expect(try await client.post("/sign-in", form: "token=wrong").status == 401) }
        let refused = try await client.post("/sign-in", form: right, headers: browser)
        #expect(refused.status == 429 && refused.headers["Retry-After"] == "600" && refused.text.contains("10 minutes"))
        // Whom a proxy on this machine speaks for is another person, unless the client made that up.
        let other = [("X-Forwarded-For", "127.0.0.1, 192.0.2.7")]
        #expect(try await client.post("/sign-in", form: right, headers: other).status == 303)
        let madeUp = [("X-Forwarded-For", "192.0.2.7, 127.0.0.1")]
        #expect(try await client.post("/sign-in", form: right, headers: madeUp).status == 429)
        clock.advance(seconds: 601)
        #expect(try await client.post("/sign-in", form: right).status == 303)
    }

    @Test(arguments: [
        ("/experiments/price?done=started", "/experiments/price?done=started"), ("//evil.example", "/experiments"),
        ("https://evil.example/", "/experiments"), ("/\\evil.example", "/experiments"), ("javascript:alert(1)", "/experiments"),
        ("/a b", "/experiments"), ("/\u{9}/evil.example", "/experiments"), ("", "/experiments"),
    ])
    func `One is sent to a page of this server and to no other`(next: String, location: String) async throws {
        let fixture = try await Fixture()
        let client = InProcessClient(fixture.console.router)
        let form = "token=\(fixture.tokens[.viewer]?.secret ?? "")&next=\(PercentEncoding.encode(next))"
        #expect(try await client.post("/sign-in", form: form).headers["Location"] == location)
    }

    @Test func `Another site can sign nobody in`() async throws {
        try await Fixture.both { fixture, client async throws in
            let form = "token=\(fixture.tokens[.viewer]?.secret ?? "")"
            for header in [
                ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Site", "same-site"), ("Origin", "https://evil.example"), ("Origin", "null"),
            ] {
                _ = try await client.post("/sign-in", form: form, headers: [header]).problem(403)
            }
            let own = [("Host", "gosset.example:81"), ("Origin", "http://Gosset.example:81")]
            if client is InProcessClient { #expect(try await client.post("/sign-in", form: form, headers: own).status == 303) }
        }
    }

    @Test func `A session ends by time, by revocation, and outlives nothing else`() async throws {
        let clock = WallClock()
        let fixture = try await Fixture(options: clock.options)
        let client = InProcessClient(fixture.console.router)
        let visitor = try await Visitor.signedIn(.viewer, fixture, client)
        clock.advance(seconds: Int64(Session.seconds) - 1)
        #expect(try await visitor.get("/plan").text.contains("the-viewer"))
        clock.advance(seconds: 1)
        #expect(try await !visitor.get("/plan").text.contains("the-viewer"))

        let again = try await Visitor.signedIn(.viewer, fixture, client)
        #expect(try await again.get("/plan").text.contains("the-viewer"))
        try await fixture.registry.revokeAccess(of: "the-viewer", actor: "test")
        #expect(try await !again.get("/plan").text.contains("the-viewer"))
    }
}
