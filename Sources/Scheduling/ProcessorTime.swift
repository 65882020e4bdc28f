internal import Glibc
internal import Synchronization

/// The processor time that threads used.
package enum ProcessorTime {
    /// The clocks of threads that come before others.
    private static let first = Mutex<[clockid_t]>([])

    /// The running thread comes before others from now on.
    static func join() {
        var clock = clockid_t()
        guard pthread_getcpuclockid(pthread_self(), &clock) == 0 else { return }
        first.withLock { [clock] in $0.append(clock) }
    }

    /// How it stands: the time, and what the running thread and those that come before others used so far.
    ///
    /// The clock of a thread that has ended tells nothing any more: what it used is no longer counted.
    package static func reading() -> Restraint.Reading {
        let others = first.withLock { clocks in
            var sum = Duration.zero
            clocks.removeAll { clock in
                guard let time = read(clock) else { return true }
                sum += time
                return false
            }
            return sum
        }
        return Restraint.Reading(now: read(CLOCK_MONOTONIC) ?? .zero, own: read(CLOCK_THREAD_CPUTIME_ID) ?? .zero, others: others)
    }

    private static func read(_ clock: clockid_t) -> Duration? {
        var time = timespec()
        guard clock_gettime(clock, &time) == 0 else { return nil }
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
}
