import Charts
import Experiments
import Foundation
import HTTPServer
import Logging
import Notifications
import StandIns
import Synchronization

// Draws nothing, but always: the smallest that passes for a PNG.
struct FixedRenderer: ChartRenderer {
    static let png = Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0x0D, 0x0A, 0x2D, 0x2D, 0x00, 0xFF])

    func png(of specification: String) async -> Data? { Self.png }
}

// A stand-in for the Bot API that listens.
func withBot(_ body: (BotStandIn, String) async throws -> Void) async throws {
    let bot = BotStandIn()
    let server = try Server.start(bot.router, logger: .silent)
    do {
        try await body(bot, "http://127.0.0.1:\(server.port)")
    } catch {
        await server.stop(grace: .seconds(1))
        throw error
    }
    await server.stop(grace: .seconds(1))
}

func time(_ seconds: Double) -> Timestamp { Timestamp(milliseconds: Int64(seconds * 1000)) }

// Waits until something is so; gives up after a time that is far longer than it should take.
func eventually(_ isSo: () async throws -> Bool) async throws -> Bool {
    let end = ContinuousClock.now + .seconds(20)
    while ContinuousClock.now < end {
        if try await isSo() { return true }
        try await Task.sleep(for: .milliseconds(5))
    }
    return false
}
