package import Enrollment
import Experiments
import Synchronization

/// The statistics as of now, worked out once however many people look.
package final class LiveStatistics: Sendable {
    /// What the statistics depend on; while it stays, so do they.
    struct Moment: Hashable, Sendable {
        let revision: UInt64
        let devices: Ordinal
    }

    private let registry: Registry
    private let latest = Mutex<(moment: Moment, statistics: RegistryStatistics)?>(nil)

    package init(_ registry: Registry) { self.registry = registry }

    var moment: Moment { Moment(revision: registry.revision, devices: registry.nextOrdinal) }

    /// The statistics at this moment.
    package var statistics: RegistryStatistics {
        let moment = moment
        return latest.withLock { latest in
            if let latest, latest.moment == moment { return latest.statistics }
            let statistics = RegistryStatistics(
                registry.snapshot.assigner, below: moment.devices, census: registry.census, excluded: registry.excluded)
            latest = (moment, statistics)
            return statistics
        }
    }
}
