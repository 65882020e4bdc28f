package import Experiments

/// Whether the devices that are there are those that were numbered.
///
/// Ordinals are given out one after the other and nothing ever takes a device away, so there are as many devices as ordinals. If not, the
/// store has lost devices, or somebody took them out: their values are lost, and the blocks they were in are no longer exact.
package struct Census: Sendable, Hashable {
    /// The ordinals that no device has, in ascending order; more than ``detailed`` runs of them are only counted.
    package private(set) var missing: [Range<Ordinal>] = []
    /// How many ordinals no device has.
    package private(set) var missingCount: UInt64 = 0
    /// How many devices more, or fewer, the index in memory has than it was given.
    package internal(set) var surplus = 0

    /// How many runs of missing ordinals are kept.
    package static let detailed = 1024

    package init() {}

    package mutating func miss(_ ordinals: Range<Ordinal>) {
        guard !ordinals.isEmpty else { return }
        missingCount += UInt64(ordinals.count)
        if missing.count < Census.detailed { missing.append(ordinals) }
    }

    /// What is wrong, in a sentence for the operator; nil when nothing is.
    package var alarm: String? {
        if let first = missing.first {
            let devices = missingCount == 1 ? "device is" : "devices are"
            return "\(missingCount) \(devices) missing from the registry, the first of them number \(first.lowerBound): "
                + "restore it from a backup, or find out who changed it."
        }
        guard surplus != 0 else { return nil }
        let devices = abs(surplus) == 1 ? "device" : "devices"
        return "The index in memory has \(abs(surplus)) \(devices) too \(surplus < 0 ? "few" : "many"): please report this as a bug."
    }
}
