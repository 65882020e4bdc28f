internal import CScheduling
internal import Glibc

/// How far a thread stands back for the rest of the process, or comes before it.
package enum Precedence: Int, Comparable, Sendable {
    /// Goes on as soon as it can: for one who waits for the disk most of the time, and whom everybody waits for.
    case first
    case ordinary
    /// Gets a quarter of a processor beside a thread that does not stand back.
    case after
    /// Gets a hundredth of a processor beside threads that do not stand back, so that it is done some day on a machine that is always busy.
    case last

    /// In nanoseconds, the least that Linux allows.
    private static let slice: UInt64 = 100_000

    package static func < (first: Precedence, second: Precedence) -> Bool { first.rawValue < second.rawValue }

    /// Has the running thread, and those that it makes, stand back so far; where the system does not allow it, it goes on as it is.
    ///
    /// Whoever has begun a slice goes on until its end, though one of more precedence wakes up, unless that one's slices are shorter. By
    /// themselves slices take some milliseconds, too long to wait for a thread that stands back. See sched_setattr(2), and the kernel's
    /// documentation of its EEVDF scheduler.
    package func take() {
        let niceness = getpriority(Int32(PRIO_PROCESS.rawValue), 0)
        switch self {
        case .first: _ = gosset_schedule(niceness, Precedence.slice)
        case .ordinary: break
        case .after: _ = gosset_schedule(max(niceness, 5), Precedence.slice)
        case .last: _ = gosset_schedule(19, Precedence.slice)
        }
    }
}
