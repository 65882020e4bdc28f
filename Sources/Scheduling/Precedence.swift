internal import CScheduling
internal import Glibc

/// How far a thread stands back for the rest of the process, or comes before it.
package enum Precedence: Int, Comparable, Sendable {
    /// Goes on as soon as it can: for one who waits for the disk most of the time, and whom everybody waits for.
    case first
    /// Goes on before ordinary ones: for one who answers many, and waits for them often.
    case early
    case ordinary
    /// Gets a quarter of a processor beside a thread that does not stand back.
    case after
    /// Gets a hundredth of a processor beside threads that do not stand back, so that it is done some day on a machine that is always busy.
    case last

    package static func < (first: Precedence, second: Precedence) -> Bool { first.rawValue < second.rawValue }

    /// Has the running thread come before others, or, with those that it makes, stand back; where the system does not allow it, it goes on as
    /// it is.
    ///
    /// A niceness says how much of a processor a thread gets, its slices how soon it gets it: whoever wakes up takes the place of a thread with
    /// longer slices, but waits for one with shorter ones until the next tick, 4 ms later on many a machine. So who answers has slices nearly
    /// as short as Linux allows, and who stands back the longest. See sched_setattr(2), and the kernel's documentation of its EEVDF scheduler.
    ///
    /// Who stands back also has a ``restraint``, which a thread keeps to by itself.
    package func take() {
        if self < .ordinary { ProcessorTime.join() }
        let niceness = getpriority(Int32(PRIO_PROCESS.rawValue), 0)
        let (wanted, slice): (Int32, Duration)
        switch self {
        case .first: (wanted, slice) = (niceness, .microseconds(100))
        case .early: (wanted, slice) = (niceness, .microseconds(200))
        case .ordinary: return
        case .after: (wanted, slice) = (max(niceness, 5), .milliseconds(100))
        case .last: (wanted, slice) = (19, .milliseconds(100))
        }
        _ = gosset_schedule(wanted, UInt64(slice / .nanoseconds(1)), self > .ordinary ? 1 : 0)
    }

    /// The share of the processors that is left to a thread that stands back while others are busy; nil for the rest.
    package var restraint: Restraint.Policy? {
        switch self {
        case .first, .early, .ordinary: nil
        case .after: Restraint.Policy(share: 0.05)
        case .last: Restraint.Policy(share: 0.04)
        }
    }
}
