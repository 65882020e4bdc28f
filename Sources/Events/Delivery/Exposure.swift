package import Experiments

/// A device that takes part in an experiment, from the registry's own record.
package struct Exposure: Sendable, Hashable {
    package let ordinal: Ordinal
    /// The device's token.
    package let unit: String
    package let experiment: String
    package let variant: String
    /// When the device was first seen: since then it is served the variant.
    package let firstSeen: Timestamp
    /// The epoch whose blocks dealt it the variant, and the block.
    package let epoch: Int
    package let block: UInt64

    package init(ordinal: Ordinal, unit: String, experiment: String, variant: String, firstSeen: Timestamp, epoch: Int, block: UInt64) {
        self.ordinal = ordinal
        self.unit = unit
        self.experiment = experiment
        self.variant = variant
        self.firstSeen = firstSeen
        self.epoch = epoch
        self.block = block
    }
}

/// The exposures of devices that follow each other in the order of enrollment.
package struct ExposureBatch: Sendable {
    /// Deals them, which takes its time for thousands of devices.
    package let exposures: @Sendable () -> [Exposure]
    /// The ordinal after the last device that was looked at.
    package let next: Ordinal
    /// The ordinal after the last device there is.
    package let end: Ordinal

    package init(next: Ordinal, end: Ordinal, exposures: @escaping @Sendable () -> [Exposure]) {
        self.exposures = exposures
        self.next = next
        self.end = end
    }
}

extension Assigner {
    /// What a device takes part in: exactly what it is dealt, however the experiments stand now.
    ///
    /// A winner that is rolled out to those who were never dealt is no exposure, and neither is a value that was forced.
    package func exposures(of ordinal: Ordinal, unit: String, firstSeen: Timestamp) -> [Exposure] {
        dealers.compactMap { dealer in
            dealer.place(of: ordinal).map {
                Exposure(
                    ordinal: ordinal, unit: unit, experiment: dealer.experiment.key.text, variant: $0.value, firstSeen: firstSeen,
                    epoch: $0.epoch, block: $0.block)
            }
        }
    }
}

/// Units and persons that were forgotten, through whatever server of a registry.
package struct ForgottenUnits: Sendable {
    /// The revision of the registry that this is as of.
    package let revision: UInt64
    package let isEmpty: Bool
    /// When a unit of this name was forgotten; nil if it was not.
    package let time: @Sendable (_ unit: String) -> Timestamp?

    package init(revision: UInt64, isEmpty: Bool, time: @escaping @Sendable (_ unit: String) -> Timestamp?) {
        self.revision = revision
        self.isEmpty = isEmpty
        self.time = time
    }
}

/// Where exposures come from: the registry, which rooms below it cannot name.
package struct ExposureSource: Sendable {
    /// The registry's random name.
    package let registry: String
    /// The exposures of at most so many devices from an ordinal on.
    package let read: @Sendable (_ first: Ordinal, _ limit: Int) async throws -> ExposureBatch
    /// At most so many links after the one of this number, in their order.
    package let links: @Sendable (_ number: Int64, _ limit: Int) async throws -> [UnitLink]
    /// Who was forgotten since a moment, unless the registry is still of this revision; nil where no other server may have been asked.
    package let forgotten: (@Sendable (_ moment: Timestamp, _ revision: UInt64?) async throws -> ForgottenUnits)?

    package init(
        registry: String, links: @escaping @Sendable (_ number: Int64, _ limit: Int) async throws -> [UnitLink] = { _, _ in [] },
        forgotten: (@Sendable (_ moment: Timestamp, _ revision: UInt64?) async throws -> ForgottenUnits)? = nil,
        read: @escaping @Sendable (_ first: Ordinal, _ limit: Int) async throws -> ExposureBatch
    ) {
        self.registry = registry
        self.links = links
        self.forgotten = forgotten
        self.read = read
    }
}
