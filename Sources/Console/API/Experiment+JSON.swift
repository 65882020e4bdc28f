package import Experiments
import Foundation
package import Text

extension Experiment {
    /// What an operator sees of an experiment, and what the audit log keeps of it: everything but the secret.
    package var json: JSONValue {
        [
            "key": .string(key.text),
            "summary": .string(summary),
            "state": .string(state.rawValue),
            "created": JSONValue(created),
            "started": JSONValue(started),
            "finished": JSONValue(finished),
            "winner": JSONValue(winner),
            "firstOrdinal": firstOrdinal.map { JSONValue($0) } ?? .null,
            "layer": layer?.json ?? .null,
            "holdout": JSONValue(holdout?.text),
            "targeting": targeting.map(\.json) ?? .null,
            "variants": allocation.json,
            "blockSize": JSONValue(allocation.blockSize),
            "epochs": .array(epochs.enumerated().map { index, epoch in epoch.json(index: index) }),
        ]
    }
}

extension Targeting {
    /// The conditions as they are given.
    var json: JSONValue {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Texts, finite numbers and booleans: nothing in it can fail to be encoded.
        guard let data = try? encoder.encode(self) else { return .null }
        return .encoded(String(decoding: data, as: UTF8.self))
    }
}

extension Allocation {
    var json: JSONValue {
        .array(
            variants.enumerated().map { index, variant in
                ["value": .string(variant.value), "weight": .number(variant.weight), "intendedPercent": .number(percent(of: index))]
            }
        )
    }
}

extension Epoch {
    fileprivate func json(index: Int) -> JSONValue {
        [
            "epoch": .integer(index),
            "decided": JSONValue(decided),
            "blockSize": JSONValue(allocation.blockSize),
            "variants": allocation.json,
            "ordinals": .array(spans.map { ["first": JSONValue($0.first), "end": $0.end.map { JSONValue($0) } ?? .null] }),
        ]
    }
}
