import Events
import Synchronization

/// Counts the batches of events that were refused, by why.
package final class EventRefusals: Sendable {
    private let invalid = Atomic(0)
    private let full = Atomic(0)
    private let unavailable = Atomic(0)

    package init() {}

    /// A batch breaks a rule.
    func countInvalid() { invalid.add(1, ordering: .relaxed) }

    /// A batch cannot be kept.
    func count(_ error: SpoolError) {
        switch error {
        case .tooLarge: invalid.add(1, ordering: .relaxed)
        case .full, .overloaded: full.add(1, ordering: .relaxed)
        case .unavailable, .closed, .corrupt, .inUse: unavailable.add(1, ordering: .relaxed)
        }
    }

    /// How many there were of each, by a word for it.
    package var counts: [(reason: String, batches: Int)] {
        [
            ("invalid", invalid.load(ordering: .relaxed)), ("full", full.load(ordering: .relaxed)),
            ("unavailable", unavailable.load(ordering: .relaxed)),
        ]
    }
}
