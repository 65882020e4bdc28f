import Foundation
import HTTPServer
import HTTPServerTesting
import Logging

// Runs one test body against a router in process, then against a live server.
func bothWays(_ router: Router, limits: Limits = Limits(), _ body: (any TestClient) async throws -> Void) async throws {
    try await body(InProcessClient(router, limits: limits))
    try await withServer(router, limits: limits) { server in
        try await body(LiveClient(port: server.port))
    }
}

// Runs a server for the time of a test body.
func withServer(
    _ router: Router, limits: Limits = Limits(), threads: Int = 2, measurements: Measurements = Measurements(), accessLog: AccessLog? = nil,
    clock: MonotonicClock = .system, _ body: (Server) async throws -> Void
) async throws {
    let server = try Server.start(
        router, threads: threads, limits: limits, measurements: measurements, logger: .silent, accessLog: accessLog, clock: clock)
    do {
        try await body(server)
    } catch {
        await server.stop(grace: .zero)
        throw error
    }
    await server.stop(grace: .seconds(2))
}

// Waits until a condition holds; gives up after a time that no machine should need.
func eventually(_ condition: () -> Bool) async throws -> Bool {
    let end = ContinuousClock.now + .seconds(60)
    while ContinuousClock.now < end {
        if condition() { return true }
        try await Task.sleep(for: .milliseconds(5))
    }
    return condition()
}

// Runs blocking work on a thread of its own, away from those that tasks run on.
func offPool<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: Result { try work() }) }
    }
}
