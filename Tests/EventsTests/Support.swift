import Events
import Experiments
import Foundation

/// A directory that goes with the test.
final class TemporaryDirectory: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "gosset-events-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

extension Timestamp {
    static let noon = Timestamp(milliseconds: 1_800_000_000_000)
}

extension Event {
    // An event that differs from others by its number.
    static func numbered(_ number: Int, unit: String = "device", fact: String = "visit", time: Timestamp = .noon) -> Event {
        Event(id: "event-\(number)", unit: unit, fact: fact, value: Double(number), time: time, received: .noon)
    }
}

extension EncodedBatch {
    init(_ events: [Event]) {
        var batch = EventBatch()
        batch.events = events
        self.init(batch)
    }
}
