import Console
import Enrollment
import HTTPServerTesting
import Testing

@Suite struct LivePartTests {
    @Test(arguments: ["/experiments/price", "/experiments/price/results", "/events"])
    func `What a page has is not sent to it, neither when it was loaded nor when its stream is opened anew`(_ page: String) async throws {
        let (clock, asked) = (WallClock(), Count())
        var options = Console.Options()
        options.now = {
            asked.up()
            return clock.now()
        }
        let fixture = try await Fixture(options: options)
        let client = InProcessClient(fixture.console.router)
        _ = try await client.values("phone")

        // All that a stream sends until the session is over.
        func sent(_ address: String, after last: String? = nil) async throws -> String {
            let viewer = try await Visitor.signedIn(.viewer, fixture, client)
            let before = asked.value
            async let stream = client.get(address, headers: viewer.headers + (last.map { [("Last-Event-ID", $0)] } ?? []))
            // The gate asks for the time, and then the stream at every look.
            for _ in 0..<1000 where asked.value < before + 3 { try await Task.sleep(for: .milliseconds(10)) }
            clock.advance(seconds: 24 * 60 * 60)
            return try await stream.text
        }

        let html = try await Visitor.signedIn(.viewer, fixture, client).get(page).text
        let loaded = String(try #require(html.firstMatch(of: /data-live="([^"]+)"/)).1)
        #expect(try await !sent(loaded).contains("data:"))
        let unknown = try await sent(page + "/live")
        #expect(unknown.matches(of: /(?m)^id:\s/).count == 1 && unknown.contains("data:"))
        let version = String(try #require(unknown.firstMatch(of: /(?m)^id: (\w+)$/)).1)
        #expect(loaded == "\(page)/live?shown=\(version)")
        #expect(try await !sent(page + "/live?shown=old", after: version).contains("data:"))
        #expect(try await sent(loaded, after: "old").contains("data:"))
        fixture.registry.close()
    }
}
