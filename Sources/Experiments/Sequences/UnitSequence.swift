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

    private let rest: PermutedSlots?
    private let slots: PermutedSlots?
    private let targeted: TargetedDevices?

    /// All devices: their numbers are their ordinals.
    package static let all = UnitSequence()

    /// - Parameters:
    ///   - holdout: the devices outside it are in.
    ///   - layer: those of its slots that are in, and which.
    ///   - targeted: the devices that match, where not all are meant.
    init(holdout: Holdout? = nil, layer: (layer: Layer, slots: [UInt64])? = nil, members targeted: TargetedDevices? = nil) {
        rest = holdout?.rest
        slots = layer.map { PermutedSlots($0.slots, of: $0.layer.slots, key: $0.layer.secret.key) }
        self.targeted = targeted
    }

    /// Whether ranks follow from ordinals alone.
    var isArithmetic: Bool { targeted == nil }

    /// How many of its devices have a smaller ordinal.
    ///
    /// Where devices are targeted, those below the ordinal must be known.
    func rank(of ordinal: Ordinal) -> UInt64 {
        if let targeted { return targeted.units.rank(of: ordinal) }
        var position = ordinal
        if let rest { position = rest.rank(of: position) }
        if let slots { position = slots.rank(of: position) }
        return position
    }

    /// The number of a device in it; nil for one that is not in it.
    func position(of ordinal: Ordinal) -> UInt64? {
        if let targeted { return targeted.units.position(of: ordinal) }
        var position = ordinal
        if let rest {
            guard let inner = rest.position(of: position) else { return nil }
            position = inner
        }
        if let slots {
            guard let inner = slots.position(of: position) else { return nil }
            position = inner
        }
        return position
    }

    /// Whether the holdout and the layer let a device in, whether it is targeted or not.
    func admits(_ ordinal: Ordinal) -> Bool {
        guard let rest else { return slots.map { $0.position(of: ordinal) != nil } ?? true }
        guard let inner = rest.position(of: ordinal) else { return false }
        return slots.map { $0.position(of: inner) != nil } ?? true
    }

    /// Why a device is not in it; nil if it is.
    func exclusion(of ordinal: Ordinal) -> Exclusion? {
        var position = ordinal
        if let rest {
            guard let inner = rest.position(of: position) else { return .heldOut }
            position = inner
        }
        if let targeted, targeted.matching.position(of: ordinal) == nil { return .notTargeted }
        if let slots, slots.position(of: position) == nil { return .otherSlot }
        return nil
    }

    /// The slot of the layer that a device has; nil where there is no layer, and for a device that is held out of it.
    package func slot(of ordinal: Ordinal) -> UInt64? {
        guard let slots else { return nil }
        guard let rest else { return slots.slot(at: ordinal) }
        return rest.position(of: ordinal).map(slots.slot)
    }
}
