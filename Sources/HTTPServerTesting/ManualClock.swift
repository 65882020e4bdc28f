package import HTTPServer
internal import Synchronization

/// A clock that stands still until it is told to go on.
package final class ManualClock: Sendable {
    private let nanoseconds = Atomic<UInt64>(1_000_000_000)

    package init() {}

    /// What to start a server with.
    package var clock: MonotonicClock {
        MonotonicClock { self.nanoseconds.load(ordering: .sequentiallyConsistent) }
    }

    package func advance(seconds: Double) {
        nanoseconds.add(UInt64(seconds * 1e9), ordering: .sequentiallyConsistent)
    }
}
