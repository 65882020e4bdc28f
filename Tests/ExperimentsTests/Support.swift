import Experiments
import Randomization

let noon = Timestamp(milliseconds: 1_767_225_600_000)

func key(_ text: String) throws -> ExperimentKey { try ExperimentKey(text) }

func allocation(_ weights: KeyValuePairs<String, Double>) throws -> Allocation {
    try Allocation(weights.map { Variant($0.key, weight: $0.value) })
}

/// A draft with a secret of its own, the same in every run.
func draft(_ name: String = "color", _ weights: KeyValuePairs<String, Double> = ["a": 1, "b": 1, "c": 1], secret: UInt64 = 1) throws
    -> Experiment
{
    Experiment(key: try key(name), allocation: try allocation(weights), secret: SecretKey(low: secret, high: 99), created: noon)
}

extension Experiment {
    func value(_ ordinal: Ordinal) -> String? { Dealer(self).placement(of: ordinal).value }
    func values(_ ordinals: Range<Ordinal>) -> [String?] {
        let dealer = Dealer(self)
        return ordinals.map { dealer.placement(of: $0).value }
    }
}
