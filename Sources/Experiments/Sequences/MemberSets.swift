import Synchronization

/// The devices that a targeted experiment is for.
struct TargetedDevices: Sendable {
    /// All that match.
    let matching = MemberSet()
    /// Those among them that the holdout and the layer let in: they are numbered.
    let units = MemberSet()
}

/// The devices that each targeted experiment is for, by the number of the experiment's sequence.
package final class MemberSets: Sendable {
    private let sets = Mutex<[UInt32: TargetedDevices]>([:])

    /// No devices.
    package init() {}

    /// The devices of a sequence; nobody at first.
    func devices(of sequence: UInt32) -> TargetedDevices {
        sets.withLock { sets in
            if let set = sets[sequence] { return set }
            let set = TargetedDevices()
            sets[sequence] = set
            return set
        }
    }

    /// The bytes that all of them take.
    package var allocatedBytes: Int {
        sets.withLock { $0.values.reduce(0) { $0 + $1.matching.allocatedBytes + $1.units.allocatedBytes } }
    }
}
