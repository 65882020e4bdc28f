package import Experiments
import FoundationEssentials

/// Everything but the devices, as of one revision, ready for use.
package struct RegistrySnapshot: Sendable {
    /// The number of changes that led here.
    package let revision: UInt64
    /// The experiments, ready to be dealt.
    package let assigner: Assigner
    package let accessTokens: AccessTokens
    /// The units that are given values whatever they are dealt: testers' devices.
    let forced: [Fingerprint: ForcedValues]

    /// The experiments.
    package var catalogue: Catalogue { assigner.catalogue }

    init(_ records: RegistryRecords, members: MemberSets) throws(StoreError) {
        revision = records.revision
        accessTokens = AccessTokens(records.accessTokens)
        assigner = Assigner(try records.catalogue(), members: members)
        var forced: [Fingerprint: ForcedValues] = [:]
        for experiment in assigner.catalogue.experiments where experiment.state != .finished {
            for unit in experiment.forced {
                guard let value = unit.value, let fingerprint = Fingerprint(unit: unit.unit) else { continue }
                forced[fingerprint, default: [:]][experiment.key] = value
            }
        }
        self.forced = forced
    }

}

extension RegistryRecords {
    /// The experiments with what they are in.
    func catalogue() throws(StoreError) -> Catalogue {
        do {
            return try Catalogue(
                experiments.map { try Self.read(Experiment.self, $0.json) },
                layers: arrangements(.layer).map { try Self.read(Layer.self, $0.json) },
                holdouts: arrangements(.holdout).map { try Self.read(Holdout.self, $0.json) })
        } catch {
            throw StoreError(.corrupt, "An experiment, a layer or a holdout in the registry cannot be read", cause: "\(error)")
        }
    }

    private static func read<Value: Decodable>(_ type: Value.Type, _ json: String) throws -> Value {
        try JSONDecoder().decode(type, from: Data(json.utf8))
    }
}
