import HTTPServer
import HTTPServerTesting
import Logging
import Testing
import Text

@Suite struct ProblemTests {
    private struct Internal: Error {
        var secret = "database password"
    }

    private struct Domain: ProblemConvertible {
        var problem: Problem { .conflict("'k' has already started.") }
    }

    private var router: Router {
        var router = Router()
        router.get("/known") { _ in
            throw Problem(
                .conflict, "It is \"so\".", type: "https://example.org/taken", title: "Taken", instance: "/known",
                extensions: ["key": "k", "status": 1, "weights": [1, 2.5]], headers: ["Retry-After": "1"])
        }
        router.get("/domain") { _ in throw Domain() }
        router.get("/async") { _ in throw Internal() }
        router.on(.get, "/inline", inline: { _ in throw Internal() })
        router.on(.get, "/deferred", inline: { _ in .deferred { $0.fail(Domain()) } })
        return router
    }

    @Test func `A thrown problem keeps its members, in RFC 9457's order`() async throws {
        try await bothWays(router) { client async throws in
            let response = try await client.get("/known")
            #expect(response.status == 409)
            #expect(response.headers["Content-Type"] == "application/problem+json")
            #expect(response.headers["Retry-After"] == "1")
            #expect(
                response.text == #"{"type":"https://example.org/taken","title":"Taken","status":409,"detail":"It is \"so\".","#
                    + #""instance":"/known","key":"k","weights":[1,2.5]}"#)
        }
    }

    @Test(arguments: ["/domain", "/deferred"])
    func `Errors of other rooms may say what problem they are`(path: String) async throws {
        try await bothWays(router) { client async throws in
            let response = try await client.get(path)
            #expect(response.status == 409)
            #expect(response.text == #"{"type":"about:blank","title":"Conflict","status":409,"detail":"'k' has already started."}"#)
        }
    }

    @Test(arguments: ["/async", "/inline"])
    func `Any other error shows nothing but a reference into the log`(path: String) async throws {
        struct Body: Decodable {
            var reference: String
        }
        let lines = Collected()
        let logger = Logger(label: "test") { line in lines.append(line.json) }
        let response = try await InProcessClient(router, logger: logger).get(path)
        #expect(response.status == 500)
        #expect(!response.text.contains("password"))
        let reference = try response.json(Body.self).reference
        let logged = lines.all
        #expect(logged.count == 1)
        #expect(logged.allSatisfy { $0.contains(reference) && $0.contains("database password") })
    }
}
