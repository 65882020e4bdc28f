internal import Synchronization

/// What a server counts about itself.
///
/// Make one, give it to `Server.start`, ask it for a `snapshot` whenever you like.
package final class Measurements: Sendable {
    /// Upper bounds of the latency buckets, in seconds; the last bucket has none.
    package static let latencyBounds = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

    private let source = Mutex<(@Sendable () -> Snapshot)?>(nil)

    package init() {}

    /// The counts so far; all zero before the server starts.
    package func snapshot() -> Snapshot {
        source.withLock { $0 }?() ?? Snapshot()
    }

    func attach(_ source: @escaping @Sendable () -> Snapshot) {
        self.source.withLock { $0 = source }
    }

    /// A server's counts at one moment.
    package struct Snapshot: Sendable {
        /// In the order of the router's routes; the last one stands for requests that fit none.
        package var routes: [Route] = []
        package var openConnections = 0
        package var connectionsAccepted = 0
        package var requestsInFlight = 0
        package var asyncHandlersRunning = 0
        package var openStreams = 0
        package var bodyBytesReceived = 0
        package var bodyBytesSent = 0
    }

    /// The answered requests of one route.
    package struct Route: Sendable {
        /// Nil for requests that fit no route.
        package let method: Method?
        package let pattern: String
        /// Answers by the first digit of their status: 1xx to 5xx.
        package let statusClasses: [Int]
        /// Answers by latency, from the complete request head to the last byte handed to the kernel: one count for each of
        /// `latencyBounds` (not cumulative), then one for those above.
        package let latencyCounts: [Int]
        /// Seconds, summed over all answers.
        package let latencySum: Double

        package var count: Int { statusClasses.reduce(0, +) }
    }
}
