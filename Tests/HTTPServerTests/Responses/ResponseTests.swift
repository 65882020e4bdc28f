import HTTPServer
import HTTPServerTesting
import Testing
import Text

@Suite struct ResponseTests {
    private struct Point: Codable, Equatable {
        var x: Int
        var name: String
    }

    private var router: Router {
        var router = Router()
        router.on(.get, "/text", inline: { _ in .response(.text("grüß")) })
        router.get("/json") { _ in try .json(encoding: Point(x: 1, name: "a/b")) }
        router.get("/value") { _ in .json(["x": 1]) }
        router.get("/html") { _ in .html("<p>\("<")</p>") }
        router.get("/framed") { _ in .html("<p></p>", policy: PagePolicy(contentSecurityPolicy: "default-src 'none'")) }
        router.post("/moved") { _ in .redirect(to: "/text") }
        router.get("/empty") { _ in .empty() }
        return router
    }

    @Test func `Bodies carry their content type`() async throws {
        try await bothWays(router) { client async throws in
            let text = try await client.get("/text")
            #expect(text.text == "grüß")
            #expect(text.headers["Content-Type"] == "text/plain; charset=utf-8")
            let json = try await client.get("/json")
            #expect(json.text == #"{"name":"a/b","x":1}"#)
            #expect(try json.json(Point.self) == Point(x: 1, name: "a/b"))
            #expect(json.headers["Content-Type"] == "application/json")
            #expect(try await client.get("/value").text == #"{"x":1}"#)
        }
    }

    @Test func `Pages may run nothing but our own script, in no one's frame`() async throws {
        try await bothWays(router) { client async throws in
            let page = try await client.get("/html")
            #expect(page.text == "<p>&lt;</p>")
            let policy = page.headers["Content-Security-Policy"] ?? ""
            #expect(policy.contains("default-src 'self'"))
            #expect(policy.contains("frame-ancestors 'none'"))
            #expect(!policy.contains("unsafe"))
            #expect(page.headers["X-Content-Type-Options"] == "nosniff")
            #expect(page.headers["Referrer-Policy"] == "same-origin")
            #expect(try await client.get("/framed").headers["Content-Security-Policy"] == "default-src 'none'")
        }
    }

    @Test func `Redirects and empty answers have no body`() async throws {
        try await bothWays(router) { client async throws in
            let moved = try await client.post("/moved", json: "{}")
            #expect(moved.status == 303)
            #expect(moved.headers["Location"] == "/text")
            let empty = try await client.get("/empty")
            #expect(empty.status == 204)
            #expect(empty.body.isEmpty)
        }
    }

    @Test func `HEAD has the headers of GET and no body`() async throws {
        try await withServer(router) { server async throws in
            let client = LiveClient(port: server.port)
            let head = try await client.send(TestRequest("HEAD", "/text"))
            #expect(head.headers["Content-Length"] == "6")
            #expect(head.body.isEmpty)
            #expect(try await client.get("/text").text == "grüß")
        }
    }
}
