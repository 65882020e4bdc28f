import Experiments
package import Text

extension RegistryStatistics {
    /// The answer of `GET /api/v1/statistics`.
    package var json: JSONValue {
        ["devices": JSONValue(devices), "experiments": .array(experiments.map(\.json)), "alarm": JSONValue(alarm)]
    }
}

extension ExperimentStatistics {
    var json: JSONValue {
        [
            "key": .string(key.text),
            "summary": .string(summary),
            "state": .string(state.rawValue),
            "started": JSONValue(started),
            "finished": JSONValue(finished),
            "winner": JSONValue(winner),
            "devices": JSONValue(devices),
            "excluded": JSONValue(excluded),
            "blockSize": JSONValue(blockSize),
            "balanced": .boolean(imbalance == nil),
            "imbalance": JSONValue(imbalance),
            "variants": .array(variants.map(\.json)),
        ]
    }
}

extension ExperimentStatistics.Variant {
    var json: JSONValue {
        [
            "value": .string(value),
            "devices": JSONValue(devices),
            "percent": JSONValue(percent),
            "intendedPercent": JSONValue(intendedPercent),
            "expectedDevices": .number(expectedDevices),
        ]
    }
}
