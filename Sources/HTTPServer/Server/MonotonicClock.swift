internal import Glibc

/// Time that only moves forward, in nanoseconds: what limits of time and latencies are measured in.
///
/// A test may pass one of its own, and so have a server believe that an hour has gone by.
package struct MonotonicClock: Sendable {
    private let read: @Sendable () -> UInt64

    /// - Parameter read: the time since some moment; never less than before.
    package init(_ read: @escaping @Sendable () -> UInt64) {
        self.read = read
    }

    func now() -> UInt64 {
        read()
    }

    /// The kernel's.
    package static let system = MonotonicClock {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    static func seconds(_ count: Int) -> UInt64 {
        UInt64(count) * 1_000_000_000
    }
}
