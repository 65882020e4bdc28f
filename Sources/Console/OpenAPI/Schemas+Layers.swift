import Text

extension Schemas {
    /// Of layers and holdouts.
    static let layers: [(String, JSONValue)] = [
        (
            "NewLayer",
            record(["name": name, "summary": summary, "slots": slots, "holdout": name], optional: ["summary", "slots", "holdout"])
        ),
        (
            "Layer",
            record([
                "name": name, "summary": words, "created": moment, "holdout": ["type": ["string", "null"]], "slots": whole, "free": whole,
                "experiments": ["type": "array", "items": slotsOfExperiment],
            ])
        ),
        ("LayerList", record(["layers": ["type": "array", "items": .reference("Layer")]])),
        ("LayerSlots", record(["name": name, "slots": numbers, "of": whole])),
        ("NewHoldout", record(["name": name, "summary": summary, "percent": percent], optional: ["summary"])),
        (
            "Holdout",
            record([
                "name": name, "summary": words, "created": moment, "percent": percent, "held": whole, "blockSize": whole,
                "released": release,
                "layers": names, "experiments": names,
            ])
        ),
        ("ConfirmRelease", record(["confirm": words])),
        (
            "HoldoutRelease",
            record([
                "holdout": name, "released": release, "devices": whole,
                "winners": [
                    "type": "array",
                    "items": record(["experiment": name, "value": words, "devices": ["type": ["integer", "null"], "minimum": 0]]),
                ],
                "running": names, "coming": names, "confirm": words,
            ])
        ),
        ("HoldoutList", record(["holdouts": ["type": "array", "items": .reference("Holdout")]])),
    ]

    private static let name: JSONValue = ["type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$"]
    private static let names: JSONValue = ["type": "array", "items": name]
    private static let summary: JSONValue = ["type": "string", "maxLength": .integer(Summary.longest)]
    private static let slots: JSONValue = ["type": "integer", "minimum": 2, "maximum": 128, "default": 100]
    private static let percent: JSONValue = ["type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 100]
    private static let whole: JSONValue = ["type": "integer", "minimum": 0]
    private static let numbers: JSONValue = ["type": "array", "items": whole]
    private static let words: JSONValue = ["type": "string"]
    private static let moment: JSONValue = ["type": "string", "format": "date-time"]
    private static let release: JSONValue = ["oneOf": [["type": "null"], record(["time": moment, "ordinal": whole])]]
    private static let slotsOfExperiment = record([
        "key": name, "state": ["enum": ["draft", "running", "paused", "finished"]], "slots": numbers,
    ])

    private static func record(_ properties: KeyValuePairs<String, JSONValue>, optional: Set<String> = []) -> JSONValue {
        let required = properties.map(\.key).filter { !optional.contains($0) }
        return [
            "type": "object", "required": .array(required.map { .string($0) }),
            "properties": .object(properties.map { ($0.key, $0.value) }),
        ]
    }
}
