import Randomization

/// How a holdout and a layer part all devices, whatever experiments there are.
///
/// A device's place in both takes a shuffle of a block each. It is the same for all experiments under them, so it is worked out once for
/// all that a device is answered.
struct Partition: Hashable, Sendable {
    private let rest: PermutedSlots?
    private let layer: PermutedSlots?
    /// Deals the layer's slots to those who are held out, since they are released.
    private let released: PermutedSlots?

    /// A device's place.
    struct Place: Hashable, Sendable {
        /// Whether the holdout has the device.
        let isHeldOut: Bool
        /// How many devices before it are not held out.
        let rank: UInt64
        /// Where it is in the layer, or would be if it were not held out.
        let layer: PermutedSlots.Place?
        /// Where it is among those who are held out, or would be if it were.
        let released: PermutedSlots.Place?

        /// Where it is in the layer, if it may be in an experiment for which nobody is held out any more.
        var own: PermutedSlots.Place? { isHeldOut ? released : layer }
    }

    /// Nil where nothing parts devices.
    init?(holdout: Holdout?, layer: Layer?) {
        guard holdout != nil || layer != nil else { return nil }
        rest = holdout?.rest
        self.layer = layer?.slots(dealing: 0)
        released = holdout?.released == nil ? nil : layer?.slots(dealing: 1)
    }

    /// The place of the device of an ordinal.
    ///
    /// Allocates nothing.
    func place(of ordinal: Ordinal) -> Place {
        var (isHeldOut, rank) = (false, ordinal)
        if let rest {
            let place = rest.place(of: ordinal)
            (isHeldOut, rank) = (!rest.owns(place), rest.rank(at: place))
        }
        return Place(
            isHeldOut: isHeldOut, rank: rank, layer: layer?.place(of: rank), released: released?.place(of: ordinal - rank))
    }

    /// How many devices before an ordinal are held out.
    func heldOut(before ordinal: Ordinal) -> UInt64 { rest.map { ordinal - $0.rank(of: ordinal) } ?? 0 }
}
