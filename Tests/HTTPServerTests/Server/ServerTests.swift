import HTTPServer
import HTTPServerTesting
import Logging
import Testing

@Suite struct ServerTests {
    private var router: Router {
        var router = Router()
        router.on(.get, "/", inline: { _ in .response(.text("hello")) })
        router.get("/slow") { _ in
            try await Task.sleep(for: .milliseconds(50))
            return .text("done")
        }
        router.get("/wait") { [gate] _ in
            await gate.wait()
            return .text("at last")
        }
        return router
    }

    // What the handler of `/wait` waits at.
    private let gate = Gate()

    // MARK: Starting

    @Test(arguments: ["127.0.0.1", "::1", "localhost"])
    func `It listens on IPv4 and IPv6`(host: String) async throws {
        let server = try Server.start(router, host: host, logger: .silent)
        #expect(server.port > 0)
        #expect(try await LiveClient(host: host, port: server.port).get("/").text == "hello")
        await server.stop()
    }

    @Test func `A taken port is a clear error`() async throws {
        try await withServer(router) { server async throws in
            let error = #expect(throws: ServerError.self) { try Server.start(router, port: server.port) }
            #expect(error == .portTaken(host: "127.0.0.1", port: server.port))
            #expect(error?.description == "port \(server.port) of 127.0.0.1 is taken by another program")
        }
    }

    @Test(arguments: [("no such host", 0), ("300.1.1.1", 0), ("127.0.0.1", 65536), ("127.0.0.1", -1)])
    func `An address that is none is a clear error`(host: String, port: Int) {
        let error = #expect(throws: ServerError.self) { try Server.start(router, host: host, port: port) }
        guard case .invalidAddress(host, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func `An address of another machine is a clear error`() {
        #expect(throws: ServerError.foreignAddress(host: "192.0.2.1")) { try Server.start(router, host: "192.0.2.1") }
    }

    @Test func `One event loop is enough`() async throws {
        try await withServer(router, threads: 1) { server async throws in
            let client = LiveClient(port: server.port)
            #expect(try await client.get("/").text == "hello")
            #expect(try await client.get("/slow").text == "done")
        }
    }

    @Test func `The port is free again after a stop`() async throws {
        let first = try Server.start(router, logger: .silent)
        await first.stop()
        let second = try Server.start(router, port: first.port, logger: .silent)
        await second.stop()
        await second.stop()
    }

    // MARK: Connections

    @Test func `A connection is kept alive`() async throws {
        let measurements = Measurements()
        try await withServer(router, measurements: measurements) { server async throws in
            let client = LiveClient(port: server.port)
            for path in ["/", "/slow", "/none", "/"] { _ = try await client.get(path) }
            _ = try await client.post("/", json: "{}")
            #expect(measurements.snapshot().connectionsAccepted == 1)
        }
    }

    @Test func `A client whose connection was closed while it rested makes another`() async throws {
        var limits = Limits()
        limits.idleSeconds = 3
        try await withServer(router, limits: limits) { server async throws in
            let client = LiveClient(port: server.port)
            #expect(try await client.get("/").text == "hello")
            #expect(client.openConnections == 1)
            #expect(try await eventually { client.openConnections == 0 })
            #expect(try await client.get("/").text == "hello")
        }
    }

    @Test func `Pipelined requests are answered in order`() async throws {
        try await withServer(router) { server async throws in
            let texts = try await offPool {
                let connection = try LiveConnection(port: server.port)
                let request = { (path: String) in "GET \(path) HTTP/1.1\r\nHost: x\r\n\r\n" }
                try connection.write(Array((request("/slow") + request("/") + request("/none") + request("/")).utf8))
                return try (0..<4).map { _ in try connection.readResponse().status }
            }
            #expect(texts == [200, 200, 404, 200])
        }
    }

    // MARK: Stopping

    @Test func `What was accepted is answered, and told that the connection closes`() async throws {
        let server = try Server.start(router, logger: .silent)
        let responses = try await withThrowingTaskGroup(of: TestResponse.self) { group in
            for _ in 0..<8 {
                group.addTask { try await LiveClient(port: server.port).get("/wait") }
            }
            #expect(try await eventually { gate.waiting == 8 })
            async let stopped: Void = server.stop(grace: .seconds(3600))
            // From here on the server stops.
            #expect(try await eventually { (try? LiveConnection(port: server.port)) == nil })
            gate.open()
            await stopped
            return try await group.reduce(into: [TestResponse]()) { $0.append($1) }
        }
        #expect(responses.map(\.text) == Array(repeating: "at last", count: 8))
        #expect(responses.allSatisfy { $0.headers["Connection"]?.lowercased() == "close" })
    }

    // If they did, this would take an hour.
    @Test(.timeLimit(.minutes(5))) func `Idle connections, and those in the middle of a head, do not hold up a stop`() async throws {
        let measurements = Measurements()
        let server = try Server.start(router, measurements: measurements, logger: .silent)
        let client = LiveClient(port: server.port)
        _ = try await client.get("/")
        let fresh = try LiveConnection(port: server.port)
        let begun = try LiveConnection(port: server.port)
        try begun.write(Array("GET / HTTP/1.1\r\n".utf8))
        #expect(try await eventually { measurements.snapshot().requestsInFlight == 1 })
        await server.stop(grace: .seconds(3600))
        #expect(fresh.readToEnd().isEmpty)
        #expect(begun.readToEnd().isEmpty)
    }

    // The handler goes on only when the stop is over.
    @Test(.timeLimit(.minutes(5))) func `What is not done within the grace is cut`() async throws {
        let server = try Server.start(router, logger: .silent)
        let response = Task { try await LiveClient(port: server.port).get("/wait") }
        #expect(try await eventually { gate.waiting == 1 })
        await server.stop(grace: .milliseconds(100))
        await #expect(throws: LiveConnection.Failure.self) { try await response.value }
        gate.open()
    }

    @Test(.timeLimit(.minutes(5))) func `Stopping under load loses no answer that was begun`() async throws {
        let server = try Server.start(router, logger: .silent)
        let answered = Counter()
        let broken = Counter()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<16 {
                group.addTask {
                    try await offPool {
                        guard let connection = try? LiveConnection(port: server.port) else { return }
                        while connection.isReusable {
                            do {
                                let response = try connection.send(TestRequest("GET", "/"))
                                #expect(response.text == "hello")
                                answered.increment()
                            } catch LiveConnection.Failure.noResponse(let received) {
                                if !received.isEmpty { broken.increment() }
                                return
                            }
                        }
                    }
                }
            }
            #expect(try await eventually { answered.value > 100 })
            await server.stop(grace: .seconds(3600))
            try await group.waitForAll()
        }
        #expect(broken.value == 0)
    }
}
