internal import Synchronization

/// How far loading has come, for those who wait; and whether it is to go on.
package final class LoadProgress: Sendable {
    private let thousandths = Atomic(0)
    private let stopped = Atomic(false)

    package init() {}

    /// A share from 0 to 1.
    package var share: Double { Double(thousandths.load(ordering: .relaxed)) / 1000 }

    /// Never goes back: of two workers, the one that has come less far may say so later.
    func reach(_ share: Double) { thousandths.max(Int(share * 1000), ordering: .relaxed) }

    /// Ends the loading at the next opportunity.
    package func cancel() { stopped.store(true, ordering: .relaxed) }

    var isCancelled: Bool { stopped.load(ordering: .relaxed) }
}
