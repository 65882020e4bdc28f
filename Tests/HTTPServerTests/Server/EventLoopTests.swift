import HTTPServer
import HTTPServerTesting
import Logging
import Synchronization
import Testing

// One at a time: together they would open thousands of descriptors, more than some of the process's other tests can stand.
@Suite(.serialized) struct EventLoopTests {
    // Those who wait, in the order in which they came.
    private final class Waiting: Sendable {
        private let responders = Mutex<[Responder]>([])

        var count: Int { responders.withLock { $0.count } }

        func add(_ responder: Responder) { responders.withLock { $0.append(responder) } }

        func answer() {
            for responder in responders.withLock({ $0 }) { responder.respond(.text("at last")) }
        }
    }

    private let waiting = Waiting()
    private static let request = Array("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n".utf8)

    private var router: Router {
        var router = Router()
        router.on(.get, "/", inline: { _ in .response(.text("hello")) })
        router.on(.get, "/large", inline: { _ in .response(.text(String(repeating: "x", count: 4 << 20))) })
        router.on(.get, "/wait", inline: { [waiting] _ in .deferred { waiting.add($0) } })
        return router
    }

    // On one loop that has served before: its first turn parks nobody.
    private func withWaiting(_ count: Int, _ body: ([LiveConnection], Server) async throws -> Void) async throws {
        try await withServer(router, threads: 1) { server async throws in
            let connections = try await offPool {
                try (0..<count).map { _ in
                    let connection = try LiveConnection(port: server.port)
                    _ = try connection.send(TestRequest("GET", "/"))
                    return connection
                }
            }
            for connection in connections { try connection.write(EventLoopTests.request) }
            #expect(try await eventually { waiting.count == count })
            try await body(connections, server)
        }
    }

    // The next answer on each.
    private func texts(of connections: [LiveConnection]) async throws -> [String] {
        try await offPool { try connections.map { try $0.readResponse().text } }
    }

    // Whether so many requests, one after the other, are answered as they should be.
    private func hellos(_ count: Int, over connection: LiveConnection) async throws -> Bool {
        try await offPool { try (0..<count).allSatisfy { _ in try connection.send(TestRequest("GET", "/")).text == "hello" } }
    }

    // More than are parked; the others are suspended.
    @Test(arguments: [1, 64, 256, 257]) func `All who wait for one answer are answered`(count: Int) async throws {
        try await withWaiting(count) { connections, _ async throws in
            waiting.answer()
            #expect(try await texts(of: connections) == connections.map { _ in "at last" })
        }
    }

    @Test func `Others are answered while one waits, also when they send several requests at once or get much`() async throws {
        try await withWaiting(1) { connections, server async throws in
            let other = try LiveConnection(port: server.port)
            #expect(try await hellos(20, over: other))
            try other.write(Array(String(repeating: "GET / HTTP/1.1\r\nHost: x\r\n\r\n", count: 50).utf8))
            #expect(try await texts(of: Array(repeating: other, count: 50)) == Array(repeating: "hello", count: 50))
            #expect(try await offPool { try other.send(TestRequest("GET", "/large")).body.count } == 4 << 20)
            #expect(try await hellos(1, over: LiveConnection(port: server.port)))
            waiting.answer()
            #expect(try await texts(of: connections) == ["at last"])
        }
    }

    // They are asked in vain more often than a parked connection is, and suspended.
    @Test func `What takes long is answered all the same`() async throws {
        try await withWaiting(8) { connections, server async throws in
            #expect(try await hellos(200, over: LiveConnection(port: server.port)))
            waiting.answer()
            #expect(try await texts(of: connections) == connections.map { _ in "at last" })
        }
    }

    @Test(arguments: [1, 64]) func `Those who are answered together are all woken`(count: Int) async throws {
        try await withWaiting(count) { connections, _ async throws in
            Responder.together { waiting.answer() }
            #expect(try await texts(of: connections) == connections.map { _ in "at last" })
        }
    }

    @Test func `A request that is sent while the one before it waits has its turn`() async throws {
        try await withWaiting(2) { connections, _ async throws in
            for connection in connections { try connection.write(Array("GET / HTTP/1.1\r\nHost: x\r\n\r\n".utf8)) }
            waiting.answer()
            #expect(try await texts(of: connections) == ["at last", "at last"])
            #expect(try await texts(of: connections) == ["hello", "hello"])
        }
    }

    @Test func `A client that breaks the connection off while it waits does no harm`() async throws {
        try await withWaiting(3) { connections, server async throws in
            // An unread answer makes the kernel reset the connection when it is closed.
            var broken: LiveConnection? = try LiveConnection(port: server.port)
            try broken?.write(Array("GET / HTTP/1.1\r\nHost: x\r\n\r\n".utf8) + EventLoopTests.request)
            #expect(try await eventually { waiting.count == 4 })
            broken = nil
            #expect(try await hellos(3, over: LiveConnection(port: server.port)))
            waiting.answer()
            #expect(try await texts(of: connections) == connections.map { _ in "at last" })
        }
    }

    @Test(.timeLimit(.minutes(5))) func `A server stops while connections wait`() async throws {
        let server = try Server.start(router, threads: 1, logger: .silent)
        let connection = try LiveConnection(port: server.port)
        try await offPool {
            _ = try connection.send(TestRequest("GET", "/"))
            try connection.write(EventLoopTests.request)
        }
        #expect(try await eventually { waiting.count == 1 })
        await server.stop(grace: .zero)
        // Nobody is there any more.
        waiting.answer()
        #expect(connection.readToEnd().isEmpty)
    }
}
