import Dispatch
import Foundation
import Glibc
import HTTPServer
import HTTPServerTesting
import Logging
import Synchronization
import Testing

@Suite struct LimitsTests {
    private var router: Router {
        var router = Router()
        router.on(.get, "/", inline: { _ in .response(.text("hello")) })
        router.on(.post, "/", inline: { .response(.text("\($0.body.count)")) })
        router.on(.get, "/large", inline: { _ in .response(Response(body: [UInt8](repeating: 7, count: 20_000_000))) })
        return router
    }

    private func expectProblem(_ status: Int, _ response: TestResponse, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(response.status == status, sourceLocation: sourceLocation)
        #expect(response.headers["Content-Type"] == "application/problem+json", sourceLocation: sourceLocation)
        #expect(response.text.contains(#""status":\#(status)"#), sourceLocation: sourceLocation)
    }

    // MARK: Size

    @Test func `A request target up to the limit is answered, a longer one is a 414`() async throws {
        var limits = Limits()
        limits.targetBytes = 1000
        try await bothWays(router, limits: limits) { client async throws in
            #expect(try await client.get("/?" + String(repeating: "x", count: 998)).status == 200)
            expectProblem(414, try await client.get("/?" + String(repeating: "x", count: 999)))
        }
    }

    @Test func `Headers beyond the limit are a 431`() async throws {
        try await bothWays(router) { client async throws in
            #expect(try await client.get("/", headers: [("X", String(repeating: "x", count: 9900))]).status == 200)
            #expect(try await client.get("/", headers: (0..<135).map { ("X-\($0)", "x") }).status == 200)
            #expect(try await client.get("/", headers: [("Cookie", "a=" + String(repeating: "x", count: 4900))]).status == 200)
            expectProblem(431, try await client.get("/", headers: [("X", String(repeating: "x", count: 10_200))]))
            expectProblem(431, try await client.get("/", headers: (0..<145).map { ("X-\($0)", "x") }))
            expectProblem(431, try await client.get("/", headers: [("Cookie", "a=" + String(repeating: "x", count: 5100))]))
        }
    }

    // A head may fit our limits, only libmicrohttpd's memory, hardly that, or not at all: the answer is the same.
    @Test func `A head of any size gets the same answer as its neighbours`() async throws {
        try await withServer(router) { server async throws in
            try await offPool { () throws in
                func status(target: Int = 1, header: Int = 0, headers: Int = 0, cookies: String? = nil) throws -> Int {
                    var text = "GET /" + String(repeating: "p", count: target - 1) + " HTTP/1.1\r\nHost: x\r\n"
                    if header > 0 { text += "X: " + String(repeating: "x", count: header) + "\r\n" }
                    if let cookies { text += "Cookie: \(cookies)\r\n" }
                    text += String(repeating: "a:b\r\n", count: headers) + "\r\n"
                    let response = try LiveConnection(port: server.port).roundTrip(Array(text.utf8))
                    if response.status > 404 { expectProblem(response.status, response) }
                    return response.status
                }
                let sizes = Array(stride(from: 1, through: 4096, by: 315)) + [4096]
                for size in sizes { #expect(try status(target: size) == (size == 1 ? 200 : 404), "target of \(size)") }
                for size in Array(4097..<4100) + Array(stride(from: 4100, to: 20_000, by: 37)) + [100_000] {
                    #expect(try status(target: size) == 414, "target of \(size)")
                }
                // The lightest head has 27 bytes and a header; then what is added weighs as much as it may.
                for size in Array(stride(from: 1, to: 10_080, by: 311)) + [10_080] {
                    #expect(try status(header: size) == 200, "header of \(size)")
                }
                for size in Array(stride(from: 10_081, to: 20_000, by: 37)) + [100_000] {
                    #expect(try status(header: size) == 431, "header of \(size)")
                }
                for count in [1, 50, 147] { #expect(try status(headers: count) == 200, "\(count) headers") }
                for count in Array(148..<400) + [1000, 30_000] { #expect(try status(headers: count) == 431, "\(count) headers") }
                for count in [1, 40] {
                    for size in stride(from: count * 3, to: 9000, by: 61) {
                        let cookies = String(repeating: "a=;", count: count - 1) + "a=" + String(repeating: "x", count: size)
                        let weight = 27 + 64 + 10 + cookies.utf8.count + 64 + cookies.utf8.count + 64 * count
                        #expect(try status(cookies: cookies) == (weight <= 10_240 ? 200 : 431), "\(count) cookies, \(cookies.count) bytes")
                    }
                }
                #expect(try status(target: 5000, header: 100_000) == 414)
            }
        }
    }

    @Test func `A query of many parameters is read`() async throws {
        var router = Router()
        router.on(.get, "/", inline: { .response(.text("\(try $0.query().values("a").count)")) })
        try await bothWays(router) { client async throws in
            #expect(try await client.get("/?" + String(repeating: "a&", count: 2000)).text == "2000")
        }
    }

    // MARK: Time

    // Runs a server whose clock the test has in its hands.
    private func withClock(_ router: Router, _ body: (Server, ManualClock, Measurements) async throws -> Void) async throws {
        let (clock, measurements) = (ManualClock(), Measurements())
        try await withServer(router, measurements: measurements, clock: clock.clock) { try await body($0, clock, measurements) }
    }

    // Each is begun twice, and once finished just in time.
    @Test(arguments: [
        ("GET / HTTP/1.1\r\n", "Host: x\r\n\r\n"), ("GET / HTTP/1.1\r\nHost: x\r\nX", ": y\r\n\r\n"),
        ("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n", "abc"),
        ("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\na", "bc"),
        ("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\na\r\n0\r\n\r\n"),
    ])
    func `A request that takes too long is a 408, one just in time is answered`(first: String, rest: String) async throws {
        let limit = first.contains("\r\n\r\n") ? 20.0 : 50.0
        try await withClock(router) { server, clock, measurements async throws in
            let (prompt, slow) = (try LiveConnection(port: server.port), try LiveConnection(port: server.port))
            for connection in [prompt, slow] {
                try connection.write(Array(first.utf8))
                guard limit == 20 else { continue }
                // What the server sends when it has the whole head, and not before.
                #expect(try connection.readLine() == "HTTP/1.1 100 Continue")
                #expect(try connection.readLine() == "")
            }
            #expect(try await eventually { measurements.snapshot().requestsInFlight == 2 })
            clock.advance(seconds: limit - 0.1)
            server.sweep()
            #expect(try await offPool { try prompt.roundTrip(Array(rest.utf8)).status } == 200)
            clock.advance(seconds: 0.2)
            server.sweep()
            expectProblem(408, try await offPool { try slow.readResponse() })
            #expect(slow.readToEnd().isEmpty)
            #expect(try await offPool { try prompt.send(TestRequest("GET", "/")).status } == 200)
            #expect(try await eventually { measurements.snapshot().routes.last?.statusClasses == [0, 0, 0, 1, 0] })
        }
    }

    @Test func `A connection that asks nothing is closed, one that asks is kept`() async throws {
        try await withClock(router) { server, clock, measurements async throws in
            let connections = try (0..<3).map { _ in try LiveConnection(port: server.port) }
            for connection in connections[1...] { #expect(try connection.send(TestRequest("GET", "/")).status == 200) }
            #expect(try await eventually { measurements.snapshot().openConnections == 3 && measurements.snapshot().requestsInFlight == 0 })
            clock.advance(seconds: 29.9)
            server.sweep()
            #expect(try connections[2].send(TestRequest("GET", "/")).status == 200)
            #expect(try await eventually { measurements.snapshot().requestsInFlight == 0 })
            clock.advance(seconds: 0.2)
            server.sweep()
            for connection in connections[..<2] { #expect(connection.readToEnd().isEmpty) }
            #expect(try connections[2].send(TestRequest("GET", "/")).status == 200)
        }
    }

    @Test func `A client that does not read its answer is cut off`() async throws {
        try await withClock(router) { server, clock, measurements async throws in
            let connection = try LiveConnection(port: server.port)
            try connection.write(Array("GET /large HTTP/1.1\r\nHost: x\r\n\r\n".utf8))
            #expect(try connection.readLine() == "HTTP/1.1 200 OK")
            clock.advance(seconds: 59.9)
            server.sweep()
            #expect(measurements.snapshot().openConnections == 1)
            clock.advance(seconds: 0.2)
            server.sweep()
            #expect(try await eventually { measurements.snapshot().openConnections == 0 })
            #expect(connection.readToEnd().count < 20_000_000)
        }
    }

    @Test func `A slow handler is not taken for a slow client`() async throws {
        let gate = Gate()
        var router = Router()
        router.get("/") { _ in
            await gate.wait()
            return .text("done")
        }
        try await withClock(router) { server, clock, _ async throws in
            async let response = LiveClient(port: server.port).get("/")
            #expect(try await eventually { gate.waiting == 1 })
            clock.advance(seconds: 3600)
            server.sweep()
            gate.open()
            #expect(try await response.text == "done")
        }
    }

    // MARK: Number

    @Test func `Asynchronous handlers are limited`() async throws {
        var limits = Limits()
        limits.asyncHandlers = 2
        func check(_ makeClient: (Router) throws -> any TestClient) async throws {
            let gate = Gate()
            var router = router
            router.get("/wait") { _ in
                await gate.wait()
                return .text("done")
            }
            let client = try makeClient(router)
            async let first = client.get("/wait")
            async let second = client.get("/wait")
            #expect(try await eventually { gate.waiting == 2 })
            for _ in 0..<4 { expectProblem(503, try await client.get("/wait")) }
            #expect(try await client.get("/").status == 200)
            gate.open()
            #expect(try await [first.status, second.status, client.get("/wait").status] == [200, 200, 200])
        }
        try await check { InProcessClient($0, limits: limits) }
        var server: Server?
        try await check { router in
            let started = try Server.start(router, limits: limits, logger: .silent)
            server = started
            return LiveClient(port: started.port)
        }
        await server?.stop()
    }

    @Test func `Connections beyond the limit wait for their turn`() async throws {
        var limits = Limits()
        limits.connections = 2
        let measurements = Measurements()
        try await withServer(router, limits: limits, threads: 1, measurements: measurements) { server async throws in
            var held = try (0..<2).map { _ in try LiveConnection(port: server.port) }
            #expect(try await eventually { measurements.snapshot().openConnections == 2 })
            let third = try LiveConnection(port: server.port)
            try third.write(Array("GET / HTTP/1.1\r\nHost: x\r\n\r\n".utf8))
            // The event loop comes round often enough to accept it, if it would.
            for _ in 0..<100 { #expect(try held[0].send(TestRequest("GET", "/")).status == 200) }
            #expect(measurements.snapshot().connectionsAccepted == 2)
            held.removeLast()
            #expect(try third.readResponse().text == "hello")
        }
    }

    // 128 is as many as libmicrohttpd asks the kernel for at a time.
    @Test(arguments: [127, 128, 129, 256]) func `As many requests as come together are answered`(count: Int) async throws {
        let gate = DispatchSemaphore(value: 0)
        let isHeld = Atomic(false)
        var router = router
        router.on(
            .get, "/held",
            inline: { _ in
                isHeld.store(true, ordering: .releasing)
                gate.wait()
                return .response(.text("held"))
            })
        let held = router
        try await withServer(held, threads: 1) { server async throws in
            try await offPool {
                let connections = try (0..<count).map { _ in try LiveConnection(port: server.port) }
                for connection in connections { #expect(try connection.send(TestRequest("GET", "/")).status == 200) }
                let holder = try LiveConnection(port: server.port)
                try holder.write(Array("GET /held HTTP/1.1\r\nHost: x\r\n\r\n".utf8))
                while !isHeld.load(ordering: .acquiring) { usleep(1000) }
                // They all wait in the kernel when the event loop asks for the next.
                for connection in connections { try connection.write(Array("GET / HTTP/1.1\r\nHost: x\r\n\r\n".utf8)) }
                gate.signal()
                #expect(try holder.readResponse().text == "held")
                for connection in connections { #expect(try connection.readResponse().text == "hello") }
            }
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

@Suite struct LargeBodyTests {
    private var router: Router {
        var router = Router()
        router.on(.post, "/small", { .text("\($0.body.count)") })
        let large = LargeBody(bytes: 5000) { request in
            guard try request.header("Pass") != nil else { throw Problem(.unauthorized, "Show your pass.") }
        }
        router.on(.post, "/files/{name}", largeBody: large, { .text("\($0.body.count)") })
        return router
    }

    private var limits: Limits {
        var limits = Limits()
        limits.bodyBytes = 1000
        return limits
    }

    private func send(_ client: any TestClient, _ path: String, _ count: Int, pass: Bool = true) async throws -> TestResponse {
        let headers = pass ? [("Pass", "yes")] : []
        return try await client.send(TestRequest("POST", path, headers: headers, body: [UInt8](repeating: 7, count: count)))
    }

    @Test func `Only the route that says so takes more, and only from whom it lets in`() async throws {
        try await bothWays(router, limits: limits) { client async throws in
            #expect(try await send(client, "/small", 1000).text == "1000")
            #expect(try await send(client, "/small", 1001).status == 413)
            #expect(try await send(client, "/files/a", 5000).text == "5000")
            #expect(try await send(client, "/files/a", 1000, pass: false).text == "1000", "what any route takes is the handler's to judge")
            #expect(try await send(client, "/files/a", 1001, pass: false).status == 401)
            let problem = try await send(client, "/files/a", 5001)
            #expect(problem.status == 413 && problem.text.contains("5000 bytes"))
            #expect(try await send(client, "/nowhere", 1001).status == 413)
        }
    }

    @Test func `A chunked body has the same limits`() async throws {
        try await withServer(router, limits: limits) { server async throws in
            try await offPool { () throws in
                func status(_ path: String, _ count: Int, pass: String = "Pass: yes\r\n") throws -> Int {
                    let head = "POST \(path) HTTP/1.1\r\nHost: x\r\n\(pass)Transfer-Encoding: chunked\r\n\r\n"
                    let body = String(count, radix: 16) + "\r\n" + String(repeating: "x", count: count) + "\r\n0\r\n\r\n"
                    return try LiveConnection(port: server.port).roundTrip(Array((head + body).utf8)).status
                }
                #expect(try status("/files/a", 5000) == 200)
                #expect(try status("/files/a", 5001) == 413)
                #expect(try status("/files/a", 10, pass: "") == 401)
                #expect(try status("/small", 1000) == 200)
                #expect(try status("/small", 1001) == 413)
            }
        }
    }

    @Test func `A body that may be larger may take longer, at the same pace`() async throws {
        let clock = ManualClock()
        try await withServer(router, limits: limits, clock: clock.clock) { server async throws in
            try await offPool { () throws in
                func begin(_ path: String, _ count: Int) throws -> LiveConnection {
                    let connection = try LiveConnection(port: server.port)
                    try connection.write(
                        Array("POST \(path) HTTP/1.1\r\nHost: x\r\nPass: yes\r\nContent-Length: \(count)\r\n\r\n".utf8))
                    return connection
                }
                let (large, small) = (try begin("/files/a", 4000), try begin("/small", 10))
                Thread.sleep(forTimeInterval: 0.2)
                clock.advance(seconds: 90)
                #expect(try small.readResponse().status == 408)
                let response = try large.roundTrip([UInt8](repeating: 7, count: 4000))
                #expect(response.text == "4000")
            }
        }
    }
}
