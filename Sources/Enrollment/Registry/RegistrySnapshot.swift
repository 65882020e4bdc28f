package import Experiments
import FoundationEssentials

/// Everything but the devices, as of one revision, ready for use.
package struct RegistrySnapshot: Sendable {
    /// The number of changes that led here.
    package let revision: UInt64
    package let catalogue: Catalogue
    package let accessTokens: AccessTokens

    init(_ records: RegistryRecords) throws(StoreError) {
        revision = records.revision
        accessTokens = AccessTokens(records.accessTokens)
        do {
            catalogue = try Catalogue(records.experiments.map { try JSONDecoder().decode(Experiment.self, from: Data($0.json.utf8)) })
        } catch {
            throw StoreError(.corrupt, "An experiment in the registry cannot be read", cause: String(describing: error))
        }
    }
}
