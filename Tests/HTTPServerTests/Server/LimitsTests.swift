import HTTPServer
import HTTPServerTesting
import Testing

@Suite struct LimitsTests {
    private var router: Router {
        var router = Router()
        router.on(.get, "/", inline: { _ in .response(.text("hello")) })
        router.on(.post, "/", inline: { .response(.text("\($0.body.count)")) })
        router.get("/slow") { _ in
            try await Task.sleep(for: .milliseconds(400))
            return .text("done")
        }
        router.on(.get, "/large", inline: { _ in .response(Response(body: [UInt8](repeating: 7, count: 20_000_000))) })
        return router
    }

    /// How long a server lets a client be that sends `first`, then `more` every 100 ms.
    private func patience(_ server: Server, first: String, more: String) async throws -> Duration {
        try await offPool {
            let connection = try LiveConnection(port: server.port, patienceSeconds: 0.1)
            let began = ContinuousClock.now
            try connection.write(Array(first.utf8))
            while ContinuousClock.now - began < .seconds(10) {
                _ = connection.readToEnd()
                do { try connection.write(Array(more.utf8)) } catch { break }
            }
            return ContinuousClock.now - began
        }
    }

    @Test func `A request target up to the limit is answered, a longer one is a 414`() async throws {
        var limits = Limits()
        limits.targetBytes = 1000
        try await bothWays(router, limits: limits) { client async throws in
            #expect(try await client.get("/?" + String(repeating: "x", count: 998)).status == 200)
            #expect(try await client.get("/?" + String(repeating: "x", count: 999)).status == 414)
        }
    }

    @Test func `Headers beyond the limit are a 431`() async throws {
        try await withServer(router) { server async throws in
            let client = LiveClient(port: server.port)
            #expect(try await client.get("/", headers: [("X", String(repeating: "x", count: 3000))]).status == 200)
            for headers in [[("X", String(repeating: "x", count: 9000))], (0..<1000).map { ("X-\($0)", "x") }] {
                #expect(try await client.get("/", headers: headers).status == 431)
            }
        }
    }

    @Test func `A client that trickles its headers is cut off`() async throws {
        var limits = Limits()
        limits.idleSeconds = 1
        limits.receiveSeconds = 1
        try await withServer(router, limits: limits) { server async throws in
            let patience = try await patience(server, first: "GET / HTTP/1.1\r\nHost: x\r\n", more: "X: y\r\n")
            #expect(patience > .seconds(1))
            #expect(patience < .seconds(4))
        }
    }

    @Test func `A client that trickles its body is cut off`() async throws {
        var limits = Limits()
        limits.receiveSeconds = 1
        try await withServer(router, limits: limits) { server async throws in
            let patience = try await patience(server, first: "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n", more: "x")
            #expect(patience > .milliseconds(900))
            #expect(patience < .seconds(15))
        }
    }

    @Test func `A client that does not read its answer is cut off`() async throws {
        var limits = Limits()
        limits.sendSeconds = 1
        let measurements = Measurements()
        try await withServer(router, limits: limits, measurements: measurements) { server async throws in
            let connection = try LiveConnection(port: server.port)
            try connection.write(Array("GET /large HTTP/1.1\r\nHost: x\r\n\r\n".utf8))
            #expect(try await eventually { measurements.snapshot().connectionsAccepted == 1 })
            #expect(try await eventually { measurements.snapshot().openConnections == 0 })
        }
    }

    @Test func `An idle connection is closed`() async throws {
        var limits = Limits()
        limits.idleSeconds = 1
        try await withServer(router, limits: limits) { server async throws in
            let silent = try await offPool {
                let connection = try LiveConnection(port: server.port)
                let began = ContinuousClock.now
                #expect(try connection.send(TestRequest("GET", "/")).status == 200)
                #expect(connection.readToEnd().isEmpty)
                return ContinuousClock.now - began
            }
            #expect(silent > .milliseconds(900))
            #expect(silent < .seconds(15))
        }
    }

    @Test func `A slow handler is not taken for a slow client`() async throws {
        var limits = Limits()
        limits.idleSeconds = 1
        limits.receiveSeconds = 1
        limits.sendSeconds = 1
        var router = Router()
        router.get("/") { _ in
            try await Task.sleep(for: .milliseconds(2500))
            return .text("done")
        }
        try await withServer(router, limits: limits) { server async throws in
            #expect(try await LiveClient(port: server.port).get("/").text == "done")
        }
    }

    @Test func `Asynchronous handlers are limited`() async throws {
        var limits = Limits()
        limits.asyncHandlers = 2
        try await bothWays(router, limits: limits) { client async throws in
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<6 { group.addTask { try await client.get("/slow").status } }
                return try await group.reduce(into: [Int]()) { $0.append($1) }
            }
            #expect(statuses.sorted() == [200, 200, 503, 503, 503, 503])
            #expect(try await client.get("/slow").status == 200)
            #expect(try await client.get("/").status == 200)
        }
    }

    @Test func `Connections beyond the limit wait for their turn`() async throws {
        var limits = Limits()
        limits.connections = 2
        let measurements = Measurements()
        try await withServer(router, limits: limits, threads: 1, measurements: measurements) { server async throws in
            var held = try (0..<2).map { _ in try LiveConnection(port: server.port) }
            #expect(try await eventually { measurements.snapshot().openConnections == 2 })
            let waiting = Task { try await LiveClient(port: server.port).get("/").text }
            try await Task.sleep(for: .milliseconds(100))
            #expect(measurements.snapshot().openConnections == 2)
            held.removeLast()
            #expect(try await waiting.value == "hello")
        }
    }

    @Test func `Connections from one address are limited`() async throws {
        var limits = Limits()
        limits.connectionsPerAddress = 2
        try await withServer(router, limits: limits, threads: 1) { server async throws in
            let answered = try await offPool {
                let connections = try (0..<3).map { _ in try LiveConnection(port: server.port) }
                return connections.map { (try? $0.send(TestRequest("GET", "/")).status) ?? 0 }
            }
            #expect(answered == [200, 200, 0])
        }
    }
}
