import Experiments
import Text

extension Layer {
    /// What an operator sees of a layer: everything but the secret, and who has its slots.
    func json(in catalogue: Catalogue) -> JSONValue {
        let users = catalogue.experiments.filter { $0.layer?.layer == name }
        return [
            "name": .string(name.text),
            "summary": .string(summary),
            "created": JSONValue(created),
            "holdout": JSONValue(holdout?.text),
            "slots": JSONValue(slots),
            "free": .integer(catalogue.freeSlots(of: self).count),
            "experiments": .array(
                users.map { experiment in
                    [
                        "key": .string(experiment.key.text), "state": .string(experiment.state.rawValue),
                        "slots": experiment.layer?.numbers ?? [],
                    ]
                }),
        ]
    }
}

extension LayerSlots {
    /// The numbers of the slots.
    fileprivate var numbers: JSONValue { .array(slots.map { JSONValue($0) }) }

    var json: JSONValue { ["name": .string(layer.text), "slots": numbers, "of": JSONValue(of)] }
}

extension Holdout {
    /// What an operator sees of a holdout: everything but the secret, and what is under it.
    func json(in catalogue: Catalogue) -> JSONValue {
        [
            "name": .string(name.text),
            "summary": .string(summary),
            "created": JSONValue(created),
            "percent": .number(percent),
            "held": JSONValue(held),
            "blockSize": JSONValue(blockSize),
            "released": released?.json ?? .null,
            "layers": .array(catalogue.layers.filter { $0.holdout == name }.map { .string($0.name.text) }),
            "experiments": .array(catalogue.experiments.filter { $0.holdout == name }.map { .string($0.key.text) }),
        ]
    }
}

extension Holdout.Release {
    fileprivate var json: JSONValue { ["time": JSONValue(time), "ordinal": JSONValue(ordinal)] }
}

extension HoldoutRelease {
    /// What an operator sees before and after it is done.
    var json: JSONValue {
        [
            "holdout": .string(holdout.name.text),
            "released": holdout.released?.json ?? .null,
            "devices": JSONValue(devices),
            "winners": .array(
                winners.map { winner in
                    [
                        "experiment": .string(winner.key.text), "value": .string(winner.value),
                        "devices": winner.devices.map { JSONValue($0) } ?? .null,
                    ]
                }),
            "running": .array(running.map { .string($0.text) }),
            "coming": .array(coming.map { .string($0.text) }),
            "confirm": .string(sight),
        ]
    }
}
