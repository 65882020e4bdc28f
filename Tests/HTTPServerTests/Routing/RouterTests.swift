import HTTPServer
import HTTPServerTesting
import Testing

@Suite struct RouterTests {
    private var router: Router {
        var router = Router()
        router.on(.get, "/", inline: { _ in .response(.text("root")) })
        router.on(.get, "/a/b/d", inline: { _ in .response(.text("literal")) })
        router.on(.get, "/a/{x}/c", inline: { .response(.text("named " + (try $0.parameter("x")))) })
        router.get("/experiments/{key}/devices/{device}") { request in
            .text(try request.parameter("key") + "|" + request.parameter("device"))
        }
        router.post("/experiments/{key}/start") { .text("started " + (try $0.parameter("key"))) }
        router.delete("/experiments/{key}/start") { _ in .empty() }
        return router
    }

    @Test func `Literal and named segments lead to their handlers`() async throws {
        try await bothWays(router) { client async throws in
            #expect(try await client.get("/").text == "root")
            #expect(try await client.get("/a/b/d").text == "literal")
            #expect(try await client.get("/a/b/c").text == "named b")
            #expect(try await client.get("/a/b/c?x=y").text == "named b")
            #expect(try await client.get("/experiments/k%2F%20%C3%BC/devices/d").text == "k/ ü|d")
        }
    }

    @Test(arguments: ["/nothing", "/a", "/a/b", "/a/b/d/", "//", "/a//c", "/experiments//devices/d", "/A/b/d", "/a/b/c/d"])
    func `A path that no pattern has is not found`(path: String) async throws {
        try await bothWays(router) { client async throws in
            let response = try await client.get(path)
            #expect(response.status == 404)
            #expect(response.headers["Content-Type"] == "application/problem+json")
        }
    }

    @Test(arguments: ["GET", "PUT", "PATCH", "BREW", "get", "TRACE"])
    func `A method that the path does not have is named with those it has`(method: String) async throws {
        try await bothWays(router) { client async throws in
            let response = try await client.send(TestRequest(method, "/experiments/a/start"))
            #expect(response.status == 405)
            #expect(response.headers["Allow"] == "POST, DELETE")
        }
    }

    @Test func `GET routes allow HEAD as well`() async throws {
        try await bothWays(router) { client async throws in
            #expect(try await client.post("/", json: "{}").headers["Allow"] == "GET, HEAD")
            let response = try await client.send(TestRequest("HEAD", "/"))
            #expect(response.status == 200)
            #expect(response.body.isEmpty)
        }
    }

    @Test(arguments: ["/experiments/%/devices/d", "/experiments/%ff/devices/d", "/experiments/%00/devices/d", "/experiments/%4/devices/d"])
    func `A path parameter that is not UTF-8 is a 400`(path: String) async throws {
        try await bothWays(router) { client async throws in
            #expect(try await client.get(path).status == 400)
        }
    }

    @Test func `Problems can be shown as pages`() async throws {
        var router = router
        router.renderProblem = { problem, request in
            let accept = (try? request.header("Accept")) ?? ""
            guard accept.contains("text/html") else { return .problem(problem) }
            return .html("<h1>\(problem.title)</h1><p>\(request.path)</p>", status: problem.status)
        }
        try await bothWays(router) { client async throws in
            let page = try await client.get("/nothing", headers: [("Accept", "text/html,*/*")])
            #expect(page.status == 404)
            #expect(page.text == "<h1>Not Found</h1><p>/nothing</p>")
            #expect(try await client.get("/nothing").headers["Content-Type"] == "application/problem+json")
        }
    }

    @Test func `Endpoints are listed in order`() {
        #expect(router.endpoints.map { "\($0.method.rawValue) \($0.pattern)" }.prefix(2) == ["GET /", "GET /a/b/d"])
    }
}
