package import Experiments
import FoundationEssentials

/// Everything but the devices, as of one revision, ready for use.
package struct RegistrySnapshot: Sendable {
    /// The number of changes that led here.
    package let revision: UInt64
    /// The experiments, ready to be dealt.
    package let assigner: Assigner
    package let accessTokens: AccessTokens

    /// The experiments.
    package var catalogue: Catalogue { assigner.catalogue }

    init(_ records: RegistryRecords) throws(StoreError) {
        revision = records.revision
        accessTokens = AccessTokens(records.accessTokens)
        do {
            assigner = Assigner(
                try Catalogue(records.experiments.map { try JSONDecoder().decode(Experiment.self, from: Data($0.json.utf8)) }))
        } catch {
            throw StoreError(.corrupt, "An experiment in the registry cannot be read", cause: String(describing: error))
        }
    }
}
