import Synchronization
import Text

/// Invented visitors who come to a server one after the other, evenly over some time, and do what they do.
package struct Audience: Sendable {
    /// How far it is.
    package struct Progress: Hashable, Sendable {
        package var visitors = 0
        package var events = 0
    }

    /// Which visitors come.
    package let numbers: Range<Int>
    /// The time over which they come, in seconds; as fast as the server answers if it is 0.
    package let seconds: Double
    package let seed: UInt64
    /// How many may be served at once.
    package let connections: Int

    /// The most visitors whose events are told together.
    private static let together = 25

    package init(_ numbers: Range<Int>, over seconds: Double, seed: UInt64 = 1, connections: Int = 16) {
        self.numbers = numbers
        self.seconds = seconds
        self.seed = seed
        self.connections = connections
    }

    /// Lets them come; returns when the last one's events are durable.
    ///
    /// - Parameter report: told after every visitor, from any thread.
    @discardableResult
    package func visit(_ client: AudienceClient, report: @escaping @Sendable (Progress) -> Void = { _ in }) async throws -> Progress {
        let progress = Progressing(report)
        let start = ContinuousClock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            for worker in 0..<min(connections, max(1, numbers.count)) {
                group.addTask { try await visit(client, worker: worker, since: start, progress) }
            }
            try await group.waitForAll()
        }
        return progress.now
    }

    private func visit(_ client: AudienceClient, worker: Int, since start: ContinuousClock.Instant, _ progress: Progressing) async throws {
        var waiting: [JSONValue] = []
        for number in stride(from: numbers.lowerBound + worker, to: numbers.upperBound, by: connections) {
            let due = start + .seconds(seconds * Double(number - numbers.lowerBound) / Double(numbers.count))
            if due > ContinuousClock.now { try await Task.sleep(until: due) }
            try Task.checkCancellation()
            let visitor = Visitor(number: number, seed: seed)
            let deeds = visitor.deeds(under: try await client.variants(of: visitor.token))
            waiting += deeds.map { $0.event(of: visitor.token) }
            progress.add(visitors: 1)
            if waiting.count >= Audience.together {
                try await client.tell(waiting)
                progress.add(events: waiting.count)
                waiting = []
            }
        }
        try await client.tell(waiting)
        progress.add(events: waiting.count)
    }
}

/// The progress of all workers together.
private final class Progressing: Sendable {
    private let sum = Mutex(Audience.Progress())
    private let report: @Sendable (Audience.Progress) -> Void

    init(_ report: @escaping @Sendable (Audience.Progress) -> Void) { self.report = report }

    var now: Audience.Progress { sum.withLock { $0 } }

    func add(visitors: Int = 0, events: Int = 0) {
        let now = sum.withLock { sum in
            sum.visitors += visitors
            sum.events += events
            return sum
        }
        report(now)
    }
}
