import HTTPServer
import HTTPServerTesting
import Logging
import Synchronization
import Testing

@Suite struct StreamTests {
    // What producers saw, and a switch they can wait for.
    private final class Seen: Sendable {
        let cancelled = Atomic(0)
        let written = Atomic(0)
        let go = Atomic(false)
    }

    // Asks for `/events` and reads up to the first event.
    private func listen(to server: Server) async throws -> LiveConnection {
        try await offPool {
            let connection = try LiveConnection(port: server.port)
            try connection.write(Array("GET /events HTTP/1.1\r\nHost: x\r\n\r\n".utf8))
            while try !connection.readLine().isEmpty {}
            return connection
        }
    }

    @Test func `A body may be written while it is sent`() async throws {
        var router = Router()
        router.get("/numbers") { _ in
            .stream(contentType: "text/plain") { writer in
                for number in 0..<1000 { try await writer.write("\(number)\n") }
            }
        }
        router.get("/large") { _ in
            .stream(contentType: "application/octet-stream", capacity: 1000) { writer in
                for _ in 0..<300 { try await writer.write([UInt8](repeating: 7, count: 10_000)) }
            }
        }
        try await bothWays(router) { client async throws in
            let numbers = try await client.get("/numbers")
            #expect(numbers.text == (0..<1000).map { "\($0)\n" }.joined())
            #expect(numbers.headers["Content-Type"] == "text/plain")
            #expect(try await client.get("/large").body == [UInt8](repeating: 7, count: 3_000_000))
        }
    }

    @Test func `A producer that fails leaves the body visibly incomplete`() async throws {
        struct Failure: Error {}
        var router = Router()
        router.get("/") { _ in
            .stream(contentType: "text/plain") { writer in
                try await writer.write("half")
                throw Failure()
            }
        }
        try await bothWays(router) { client async throws in
            await #expect(throws: (any Error).self) { try await client.get("/") }
        }
    }

    @Test func `HEAD does not run the producer to its end`() async throws {
        let seen = Seen()
        var router = Router()
        router.get("/") { _ in
            .stream(contentType: "text/plain") { writer in
                do { while true { try await writer.write("x") } } catch { seen.cancelled.add(1, ordering: .relaxed) }
            }
        }
        try await withServer(router) { server async throws in
            #expect(try await LiveClient(port: server.port).send(TestRequest("HEAD", "/")).status == 200)
            #expect(try await eventually { seen.cancelled.load(ordering: .relaxed) == 1 })
        }
    }

    @Test func `Events arrive as they are sent`() async throws {
        let seen = Seen()
        var router = Router()
        router.get("/events") { _ in
            .events { events in
                events.send(event: "count\n", data: "1\n2", id: "a")
                while !seen.go.load(ordering: .relaxed) { try await Task.sleep(for: .milliseconds(5)) }
                events.send(data: "last")
            }
        }
        try await withServer(router) { server async throws in
            let connection = try await listen(to: server)
            let first = try await offPool { try connection.readChunk() }
            #expect(first == Array("event: count\nid: a\ndata: 1\ndata: 2\n\n".utf8))
            seen.go.store(true, ordering: .relaxed)
            #expect(try await offPool { try connection.readChunk() } == Array("data: last\n\n".utf8))
            #expect(try await offPool { try connection.readChunk() } == nil)
        }
    }

    @Test func `A client that leaves is noticed and the producer cancelled`() async throws {
        let seen = Seen()
        let measurements = Measurements()
        var router = Router()
        router.get("/events") { _ in
            .events { events in
                events.send(data: "hello")
                do { try await Task.sleep(for: .seconds(60)) } catch { seen.cancelled.add(1, ordering: .relaxed) }
            }
        }
        try await withServer(router, measurements: measurements) { server async throws in
            do {
                let connection = try await listen(to: server)
                _ = try await offPool { try connection.readChunk() }
                #expect(measurements.snapshot().openStreams == 1)
            }
            #expect(try await eventually { seen.cancelled.load(ordering: .relaxed) == 1 && measurements.snapshot().openStreams == 0 })
        }
    }

    @Test func `A silent stream gets a heartbeat, one that is not silent gets none`() async throws {
        let seen = Seen()
        let gate = Gate()
        let clock = ManualClock()
        var router = Router()
        router.get("/events") { _ in
            .events(heartbeatSeconds: 15) { events in
                await gate.wait()
                events.send(data: "event")
                seen.written.add(1, ordering: .relaxed)
                try await Task.sleep(for: .seconds(3600))
            }
        }
        try await withServer(router, clock: clock.clock) { server async throws in
            let connection = try await listen(to: server)
            clock.advance(seconds: 14)
            server.sweep()
            gate.open()
            #expect(try await eventually { seen.written.load(ordering: .relaxed) == 1 })
            #expect(try await offPool { try connection.readChunk() } == Array("data: event\n\n".utf8))
            clock.advance(seconds: 14)
            server.sweep()
            clock.advance(seconds: 2)
            server.sweep()
            #expect(try await offPool { try connection.readChunk() } == Array(":\n\n".utf8))
        }
    }

    @Test func `A client too slow for its events is cut off, with bounded memory`() async throws {
        let seen = Seen()
        var router = Router()
        router.get("/events") { _ in
            .events(capacity: 10_000) { events in
                let data = String(repeating: "x", count: 1000)
                while events.send(data: data) { seen.written.add(1, ordering: .relaxed) }
                #expect(!events.isOpen)
                seen.cancelled.add(1, ordering: .relaxed)
            }
        }
        try await withServer(router) { server async throws in
            let connection = try LiveConnection(port: server.port)
            try connection.write(Array("GET /events HTTP/1.1\r\nHost: x\r\n\r\n".utf8))
            #expect(try await eventually { seen.cancelled.load(ordering: .relaxed) == 1 })
        }
    }

    @Test func `Streams are limited`() async throws {
        var limits = Limits()
        limits.streams = 2
        var router = Router()
        router.get("/events") { _ in .events { try await Task.sleep(for: .seconds($0.isOpen ? 60 : 0)) } }
        let measurements = Measurements()
        try await withServer(router, limits: limits, measurements: measurements) { server async throws in
            let connections = [try await listen(to: server), try await listen(to: server)]
            let client = LiveClient(port: server.port)
            let refused = try await client.get("/events")
            #expect(refused.status == 503)
            #expect(refused.headers["Retry-After"] == "10")
            #expect(measurements.snapshot().openStreams == connections.count)
        }
    }

    @Test(.timeLimit(.minutes(5))) func `Stopping ends streams properly`() async throws {
        var router = Router()
        router.get("/events") { _ in
            .events { events in
                events.send(data: "hello")
                try await Task.sleep(for: .seconds(60))
            }
        }
        let server = try Server.start(router, logger: .silent)
        let connection = try await listen(to: server)
        #expect(try await offPool { try connection.readChunk() } != nil)
        await server.stop(grace: .seconds(3600))
        #expect(try await offPool { try connection.readChunk() } == nil)
    }
}
