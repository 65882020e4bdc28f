import HTTPServer
import HTTPServerTesting
import Synchronization
import Testing

@Suite struct ResponderTests {
    private final class Kept: Sendable {
        let responders = Mutex<[Responder]>([])
    }

    @Test func `An answer may come at once, from the closure itself`() async throws {
        var router = Router()
        router.on(.get, "/", inline: { _ in .deferred { $0.respond(.text("now")) } })
        try await bothWays(router) { client async throws in
            #expect(try await client.get("/").text == "now")
            #expect(try await client.get("/").text == "now")
        }
    }

    @Test func `An answer may come later, from another thread`() async throws {
        let prepared = try #require(PreparedResponse(.text("later")))
        var router = Router()
        router.on(
            .get, "/",
            inline: { _ in
                .deferred { responder in
                    Task {
                        try? await Task.sleep(for: .milliseconds(20))
                        responder.respond(prepared)
                    }
                }
            })
        try await bothWays(router) { client async throws in
            #expect(try await client.get("/").text == "later")
        }
    }

    @Test func `Only the first answer counts`() async throws {
        var router = Router()
        router.on(
            .get, "/",
            inline: { _ in
                .deferred { responder in
                    responder.respond(.text("first"))
                    responder.respond(.text("second"))
                    responder.fail(Problem.badRequest("third"))
                }
            })
        try await bothWays(router) { client async throws in
            for _ in 0..<3 { #expect(try await client.get("/").text == "first") }
        }
    }

    @Test func `A responder that is dropped answers 500, so nobody waits for ever`() async throws {
        var router = Router()
        router.on(.get, "/", inline: { _ in .deferred { _ in } })
        try await bothWays(router) { client async throws in
            #expect(try await client.get("/").status == 500)
        }
    }

    @Test func `Many connections are answered at once from one thread`() async throws {
        let kept = Kept()
        var router = Router()
        router.on(.get, "/", inline: { _ in .deferred { responder in kept.responders.withLock { $0.append(responder) } } })
        try await withServer(router) { server async throws in
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<64 {
                    group.addTask {
                        try await offPool { try LiveConnection(port: server.port).send(TestRequest("GET", "/")).status }
                    }
                }
                #expect(try await eventually { kept.responders.withLock { $0.count } == 64 })
                let responders = kept.responders.withLock { responders in
                    defer { responders = [] }
                    return responders
                }
                for responder in responders { responder.respond(.empty()) }
                return try await group.reduce(into: [Int]()) { $0.append($1) }
            }
            #expect(statuses == Array(repeating: 204, count: 64))
        }
    }

    @Test func `A client that leaves while it waits does no harm`() async throws {
        let kept = Kept()
        let measurements = Measurements()
        var router = Router()
        router.on(.get, "/", inline: { _ in .deferred { responder in kept.responders.withLock { $0.append(responder) } } })
        try await withServer(router, measurements: measurements) { server async throws in
            for _ in 0..<8 {
                let connection = try LiveConnection(port: server.port)
                try connection.write(Array("GET / HTTP/1.1\r\nHost: x\r\n\r\n".utf8))
            }
            #expect(try await eventually { kept.responders.withLock { $0.count } == 8 })
            for responder in kept.responders.withLock({ $0 }) { responder.respond(.text("too late")) }
            #expect(try await eventually { measurements.snapshot().openConnections == 0 })
        }
    }

    @Test func `A connection goes on after a deferred answer, body or not`() async throws {
        var router = Router()
        router.on(
            .post, "/",
            inline: { request in
                let count = request.body.count
                return .deferred { responder in Task { responder.respond(.text("\(count)")) } }
            })
        try await withServer(router) { server async throws in
            let counts = try await offPool {
                let connection = try LiveConnection(port: server.port)
                return try [0, 1, 100_000, 3].map { count in
                    try connection.send(TestRequest("POST", "/", body: [UInt8](repeating: 1, count: count))).text
                }
            }
            #expect(counts == ["0", "1", "100000", "3"])
        }
    }
}
