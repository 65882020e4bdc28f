import HTTPServer
import HTTPServerTesting
import Testing

@Suite struct MeasurementsTests {
    private let clock = ManualClock()

    private var router: Router {
        var router = Router()
        router.on(.get, "/fast", inline: { _ in .response(.text("12345")) })
        router.get("/slow/{key}") { [clock] _ in
            clock.advance(seconds: 0.03)
            return .text("ok")
        }
        router.post("/body") { request in .text("\(request.body.count)") }
        router.get("/fails") { _ in throw Problem.unavailable("Later.") }
        return router
    }

    @Test func `Answers are counted by route, status and latency`() async throws {
        let measurements = Measurements()
        #expect(measurements.snapshot().routes.isEmpty)
        try await withServer(router, measurements: measurements, clock: clock.clock) { server async throws in
            let client = LiveClient(port: server.port)
            for _ in 0..<10 { _ = try await client.get("/fast") }
            _ = try await client.get("/slow/k")
            _ = try await client.send(TestRequest("POST", "/body", body: [1, 2, 3]))
            _ = try await client.get("/fails")
            _ = try await client.get("/nothing")
            #expect(try await eventually { measurements.snapshot().requestsInFlight == 0 })
            let snapshot = measurements.snapshot()
            #expect(snapshot.routes.map(\.pattern) == ["/fast", "/slow/{key}", "/body", "/fails", "(none)"])
            #expect(snapshot.routes.map(\.count) == [10, 1, 1, 1, 1])
            #expect(snapshot.routes[0].statusClasses == [0, 10, 0, 0, 0])
            #expect(snapshot.routes[3].statusClasses == [0, 0, 0, 0, 1])
            #expect(snapshot.routes[4].statusClasses == [0, 0, 0, 1, 0])
            #expect(snapshot.routes.allSatisfy { $0.latencyCounts.reduce(0, +) == $0.count })
            #expect(snapshot.routes[0].latencyCounts[0] == 10)
            let slowest = try #require(snapshot.routes[1].latencyCounts.firstIndex { $0 > 0 })
            #expect(Measurements.latencyBounds[slowest] == 0.05)
            #expect(snapshot.routes[1].latencySum == 0.03)
            #expect(snapshot.bodyBytesReceived == 3)
            #expect(snapshot.bodyBytesSent >= 50)
            #expect(snapshot.openConnections == 1)
            #expect(snapshot.connectionsAccepted == 1)
        }
        #expect(measurements.snapshot().openConnections == 0)
    }

    @Test func `Requests in flight are seen`() async throws {
        let measurements = Measurements()
        let gate = Gate()
        var router = Router()
        router.get("/") { _ in
            await gate.wait()
            return .empty()
        }
        try await withServer(router, measurements: measurements) { server async throws in
            async let response = LiveClient(port: server.port).get("/")
            #expect(try await eventually { gate.waiting == 1 })
            #expect(measurements.snapshot().requestsInFlight == 1)
            #expect(measurements.snapshot().asyncHandlersRunning == 1)
            gate.open()
            #expect(try await response.status == 204)
        }
    }

    @Test func `Failures and slow answers are reported, by route and not by path`() async throws {
        let reports = Collected()
        let log = AccessLog(slowSeconds: 0.02) { access in
            reports.append("\(access.method?.rawValue ?? "-") \(access.pattern ?? "-") \(access.status.code)")
        }
        try await withServer(router, accessLog: log, clock: clock.clock) { server async throws in
            let client = LiveClient(port: server.port)
            _ = try await client.get("/fast?secret=1")
            _ = try await client.get("/slow/secret")
            _ = try await client.get("/fails")
            _ = try await client.get("/secret")
            #expect(try await eventually { reports.all.count == 3 })
        }
        #expect(reports.all == ["GET /slow/{key} 200", "GET /fails 503", "GET - 404"])
    }
}
