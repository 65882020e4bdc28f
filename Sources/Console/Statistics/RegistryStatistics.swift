package import Enrollment
package import Experiments

/// What the statistics page shows: all experiments that devices can know of, at one moment.
package struct RegistryStatistics: Sendable, Hashable {
    /// The devices that are known.
    package let devices: UInt64
    /// What is wrong with the registry as a whole; nil when nothing is.
    package let alarm: String?
    /// Devices that were numbered and are not there any more.
    package let missing: UInt64
    /// Everything but drafts, which are nobody's business yet.
    package let experiments: [ExperimentStatistics]

    /// The spread over the devices below the next ordinal that are there.
    ///
    /// - Parameter excluded: the devices that count for nothing in an experiment.
    package init(
        _ assigner: Assigner, below next: Ordinal, census: Census = Census(), excluded: (Experiment) -> [Ordinal] = { _ in [] }
    ) {
        devices = next - min(next, census.missingCount)
        alarm = census.alarm
        missing = census.missingCount
        experiments = assigner.dealers.filter { $0.experiment.state != .draft }
            .map { ExperimentStatistics($0, below: next, missing: census.missing, excluding: excluded($0.experiment)) }
    }
}
