/// Where a device stands in an experiment, and why: everything that led to its value.
package enum Placement: Hashable, Sendable {
    /// Dealt a variant: its value, and the place it was dealt from.
    case dealt(value: String, Deal)
    /// The experiment is over and its winner goes to everyone who is not older than it.
    ///
    /// What follows is the place it was dealt from while the experiment ran, if it was in, or the release of the holdout that kept it out.
    case winner(value: String, Deal?, Holdout.Release? = nil)
    /// The experiment is a draft.
    case notStarted
    /// The device was known before the experiment was started.
    case olderThanExperiment
    /// The device was first seen while the experiment admitted nobody.
    case cameDuringPause
    /// The experiment is over without a winner; the place the device was dealt from, if it was in.
    case finished(Deal?)

    /// Given a value by an operator, whatever it is dealt.
    case forced(value: String)
    /// Kept out of the experiment by a holdout, which may have been released since the experiment began.
    case heldOut(ExperimentKey, Holdout.Release? = nil)
    /// In another slot of the experiment's layer.
    case otherSlot(LayerSlots)
    /// Not among those whom the experiment is for, by what was known at the device's first contact.
    case notTargeted

    /// The place in an experiment's record from which a variant was dealt.
    ///
    /// All numbers count from zero.
    package struct Deal: Hashable, Sendable {
        /// The epoch whose allocation was in force.
        package let epoch: Int
        /// The position in the epoch's sequence.
        package let position: UInt64
        /// The block of the sequence.
        package let block: UInt64
        /// The place in the block.
        package let place: UInt64
        /// The size of a block.
        package let blockSize: UInt64
        /// The value that was dealt.
        package let value: String
    }

    /// The value the device is served, if any.
    package var value: String? {
        switch self {
        case .dealt(let value, _), .winner(let value, _, _), .forced(let value): value
        case .notStarted, .olderThanExperiment, .cameDuringPause, .finished, .heldOut, .otherSlot, .notTargeted: nil
        }
    }
}
