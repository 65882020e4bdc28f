internal import Foundation

/// How far a thread stands back for the rest of the process.
enum Precedence: Int, Comparable {
    case ordinary
    /// Gets a quarter of a processor beside a thread that does not stand back.
    case after
    /// Gets a hundredth of a processor beside threads that do not stand back, so that it is done some day on a machine that is always busy.
    case last

    static func < (first: Precedence, second: Precedence) -> Bool { first.rawValue < second.rawValue }

    /// Has the running thread, and those that it makes, stand back so far.
    func take() {
        switch self {
        case .ordinary: break
        case .after: _ = setpriority(Int32(PRIO_PROCESS.rawValue), 0, 5)
        case .last: _ = setpriority(Int32(PRIO_PROCESS.rawValue), 0, 19)
        }
    }
}
