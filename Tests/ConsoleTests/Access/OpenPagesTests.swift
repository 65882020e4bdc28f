import Console
import Enrollment
import Experiments
import HTTPServer
import HTTPServerTesting
import Synchronization
import Testing

/// What a revoked token and a role that is not enough mean for pages that are open, and for the tools.
@Suite struct OpenPagesTests {
    @Test(arguments: ["/experiments/price/live", "/experiments/price/results/live", "/events/live"])
    func `A page that is open is told nothing more once its token is revoked, or is another's`(_ path: String) async throws {
        for isReplaced in [false, true] {
            // Whoever asks for the time is the gate, and then the page that is open.
            let asked = Count()
            var options = Console.Options()
            options.now = {
                asked.up()
                return .now()
            }
            let fixture = try await Fixture(options: options)
            let client = InProcessClient(fixture.console.router)
            let viewer = try await Visitor.signedIn(.viewer, fixture, client)
            // The stream ends, so the answer is whole.
            let before = asked.value
            async let stream = viewer.get(path)
            for _ in 0..<1000 where asked.value < before + 3 { try await Task.sleep(for: .milliseconds(10)) }
            if isReplaced {
                try await fixture.registry.grantAccess(to: "the-viewer", as: .viewer, token: .random(), replacing: true, actor: "test")
            } else {
                try await fixture.registry.revokeAccess(of: "the-viewer", actor: "test")
            }
            let ended = try await stream
            #expect(ended.status == 200 && ended.text.contains("data:"))
            #expect(try await viewer.get(path).status == 303)
            fixture.registry.close()
        }
    }

    @Test func `Where there is nothing, who is signed in is still told so, and has the same pages to go to`() async throws {
        try await Fixture.both { fixture, client async throws in
            let stranger = try await Visitor(client: client).get("/nothing")
            #expect(stranger.status == 404 && !stranger.text.contains("Sign out") && !stranger.text.contains("href=\"/layers\""))
            for role in AccessRole.allCases {
                let visitor = try await Visitor.signedIn(role, fixture, client)
                for (path, status) in [("/nothing", 404), ("/experiments/price/nothing", 404), ("/sign-out", 405)] {
                    let page = try await visitor.get(path)
                    #expect(page.status == status && page.headers["Cache-Control"] == "no-store", "\(path)")
                    #expect(page.text.contains("<b>the-\(role.rawValue)</b>") && page.text.contains("Sign out"), "\(path) as \(role)")
                    #expect(page.text.contains("href=\"/access\"") == (role >= .admin), "\(path) as \(role)")
                }
                _ = try await client.get("/api/nothing", headers: visitor.headers).problem(404)
            }
        }
    }

    @Test func `The tools are for who is signed in, and what everybody may see stays so`() async throws {
        try await Fixture.both { fixture, client async throws in
            let stranger = Visitor(client: client)
            for path in ["/compare", "/effect-check"] {
                #expect(try await stranger.get(path).headers["Location"] == "/sign-in?next=\(PercentEncoding.encode(path))", "\(path)")
            }
            for path in ["/plan", "/spending", "/"] { #expect(try await stranger.get(path).status == 200, "\(path)") }
            for role in AccessRole.allCases {
                let visitor = try await Visitor.signedIn(role, fixture, client)
                for path in ["/compare", "/effect-check", "/plan", "/spending"] {
                    let page = try await visitor.get(path)
                    #expect(page.status == (role >= .viewer || ["/plan", "/spending"].contains(path) ? 200 : 403), "\(path) as \(role)")
                }
                #expect(try await visitor.get("/experiments/new").status == (role >= .editor ? 200 : 403))
                #expect(try await visitor.get("/layers").text.contains("href=\"/access\"") == (role >= .admin))
            }
            // A form of a session that has ended does nothing any more.
            let viewer = try await Visitor.signedIn(.viewer, fixture, client)
            let token = try await viewer.formToken()
            try await fixture.registry.revokeAccess(of: "the-viewer", actor: "test")
            for path in ["/compare", "/effect-check", "/sign-out"] {
                #expect([303, 401].contains(try await viewer.post(path, "", formToken: token).status), "\(path)")
            }
        }
    }
}

// How often something was done.
final class Count: Sendable {
    private let count = Atomic<Int>(0)
    var value: Int { count.load(ordering: .sequentiallyConsistent) }
    func up() { count.add(1, ordering: .sequentiallyConsistent) }
}
