import Randomization

/// The numbering of the devices that an experiment can have: 0, 1, 2, … in the order of their ordinals, without gaps.
///
/// Blocks are exact only over the devices that are really in, so an experiment deals its variants along such a sequence. It is what is left
/// of all devices after the holdout, the layer's other slots, and those that are not targeted.
package struct UnitSequence: Sendable {
    /// Why a device is not in it.
    package enum Exclusion: Hashable, Sendable {
        case heldOut
        case otherSlot
        case notTargeted
    }

    /// How the holdout and the layer part devices; nil where nothing does.
    let partition: Partition?
    private let slots: PermutedSlots?
    private let targeted: TargetedDevices?
    /// Whether those whom the holdout has are in it: it was released before the experiment had anybody.
    private let admitsHeldOut: Bool
    /// Whether those whom the holdout has are given no winner: until it is released.
    private let keepsWinner: Bool

    /// All devices: their numbers are their ordinals.
    package static let all = UnitSequence()

    /// - Parameters:
    ///   - holdout: the devices outside it are in.
    ///   - isReleased: whether those inside are in as well, because it was released first.
    ///   - layer: those of its slots that are in, and which.
    ///   - targeted: the devices that match, where not all are meant.
    init(
        holdout: Holdout? = nil, admittingHeldOut admitsHeldOut: Bool = false, layer: (layer: Layer, slots: [UInt64])? = nil,
        members targeted: TargetedDevices? = nil
    ) {
        // In a layer the others are where they were, so that experiments of before and after do not meet.
        partition = Partition(holdout: admitsHeldOut && layer == nil ? nil : holdout, layer: layer?.layer)
        slots = layer.map { PermutedSlots($0.slots, of: $0.layer.slots, key: $0.layer.secret.key) }
        self.targeted = targeted
        self.admitsHeldOut = admitsHeldOut
        keepsWinner = holdout.map { $0.released == nil } ?? false
    }

    /// Whether ranks follow from ordinals alone.
    var isArithmetic: Bool { targeted == nil }

    /// Where the holdout and the layer have a device; nil where there is neither.
    func place(of ordinal: Ordinal) -> Partition.Place? { partition?.place(of: ordinal) }

    /// How many of its devices have a smaller ordinal.
    ///
    /// Where devices are targeted, those below the ordinal must be known.
    func rank(of ordinal: Ordinal) -> UInt64 {
        if let targeted { return targeted.units.rank(of: ordinal) }
        return place(of: ordinal).map(rank) ?? ordinal
    }

    private func rank(at place: Partition.Place) -> UInt64 {
        guard let slots, let layer = place.layer else { return place.rank }
        guard admitsHeldOut, let released = place.released else { return slots.rank(at: layer) }
        return slots.rank(at: layer) + slots.rank(at: released)
    }

    /// The number of a device in it; nil for one that is not in it.
    func position(of ordinal: Ordinal) -> UInt64? { position(of: ordinal) { place(of: ordinal) } }

    /// - Parameter place: gives what ``place(of:)`` gives, which may be known already.
    func position(of ordinal: Ordinal, place: () -> Partition.Place?) -> UInt64? {
        if let targeted { return targeted.units.position(of: ordinal) }
        guard let place = place() else { return ordinal }
        return admits(place) ? rank(at: place) : nil
    }

    private func admits(_ place: Partition.Place) -> Bool {
        guard admitsHeldOut || !place.isHeldOut else { return false }
        guard let slots, let own = place.own else { return true }
        return slots.owns(own)
    }

    /// Whether the holdout and the layer let a device in, whether it is targeted or not.
    func admits(_ ordinal: Ordinal) -> Bool { place(of: ordinal).map(admits) ?? true }

    /// Why a device is not in it; nil if it is.
    func exclusion(of ordinal: Ordinal) -> Exclusion? { exclusion(of: ordinal) { place(of: ordinal) } }

    /// - Parameter place: gives what ``place(of:)`` gives, which may be known already.
    func exclusion(of ordinal: Ordinal, place: () -> Partition.Place?) -> Exclusion? {
        let place = place()
        if let place, place.isHeldOut, !admitsHeldOut { return .heldOut }
        if !isTargeted(ordinal) { return .notTargeted }
        if let place, !admits(place) { return .otherSlot }
        return nil
    }

    /// Whether a device that is not older than the experiment is given the winner.
    ///
    /// So are those in the layer's other slots, which were only to be kept apart while the experiment ran; but not those that were never
    /// meant, or are held out until they are released.
    func givesWinner(to ordinal: Ordinal, place: () -> Partition.Place?) -> Bool {
        guard isTargeted(ordinal) else { return false }
        guard keepsWinner, let place = place() else { return true }
        return !place.isHeldOut
    }

    private func isTargeted(_ ordinal: Ordinal) -> Bool { targeted.map { $0.matching.position(of: ordinal) != nil } ?? true }

    /// The slot of the layer that a device has; nil where there is no layer, and for a device that is held out of it.
    package func slot(of ordinal: Ordinal) -> UInt64? {
        guard let place = place(of: ordinal), admitsHeldOut || !place.isHeldOut else { return nil }
        return place.own?.slot
    }

    /// How many of those whom it would be for the holdout keeps out, among the devices from one ordinal to before another.
    ///
    /// Nil where that is not known without looking at each: of targeted devices in a layer.
    func keptOut(_ ordinals: Range<Ordinal>) -> UInt64? {
        guard let partition, !admitsHeldOut else { return 0 }
        guard let targeted else {
            return partition.heldOut(before: ordinals.upperBound) - partition.heldOut(before: ordinals.lowerBound)
        }
        guard slots == nil else { return nil }
        func count(_ set: MemberSet) -> UInt64 { set.rank(of: ordinals.upperBound) - set.rank(of: ordinals.lowerBound) }
        return count(targeted.matching) - count(targeted.units)
    }
}
