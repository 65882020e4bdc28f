package import Experiments

/// What the statistics page shows: all experiments that devices can know of, at one moment.
package struct RegistryStatistics: Sendable, Hashable {
    /// The devices that were ever seen.
    package let devices: UInt64
    /// Everything but drafts, which are nobody's business yet.
    package let experiments: [ExperimentStatistics]

    /// The spread over the devices below the next ordinal.
    package init(_ assigner: Assigner, below next: Ordinal) {
        devices = next
        experiments = assigner.dealers.filter { $0.experiment.state != .draft }.map { ExperimentStatistics($0, below: next) }
    }
}
