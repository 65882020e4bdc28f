import HTTPServer
import Text

/// The named schemas of the document: JSON Schema 2020-12, as OpenAPI 3.1 uses it.
enum Schemas {
    static let all = core + layers + targeting + flags + effectCheck

    private static let core: [(String, JSONValue)] = [
        ("Assignments", ["type": "object", "additionalProperties": text, "example": ["button_color": "#FF0000", "price": "10"]]),
        ("Identify", object(["device": token, "person": token, "attributes": attributes], optional: ["attributes"])),
        (
            "Identified",
            object([
                "device": text, "person": text, "since": time, "ordinal": count,
                "values": [
                    "enum": ["device", "person"],
                    "description": "Whose values the device gets: its own, or those of the person's first device.",
                ],
                "differs": ["type": "boolean", "description": "Whether the person's first device is another, whose values may be others."],
            ])
        ),
        ("Problem", problem),
        ("Health", object(["status": ["enum": ["ok"]]])),
        ("Statistics", object(["devices": count, "experiments": list(.reference("ExperimentStatistics")), "alarm": optional(text)])),
        ("ExperimentStatistics", experimentStatistics),
        ("Variant", object(["value": text, "weight": weight, "intendedPercent": number])),
        ("NewVariant", object(["value": ["type": "string", "minLength": 1, "maxLength": 1024], "weight": weight])),
        ("NewVariants", object(["variants": newVariants])),
        (
            "NewExperiment",
            object(
                [
                    "key": key, "summary": ["type": "string", "maxLength": .integer(Summary.longest)], "variants": newVariants,
                    "layer": object(["name": key, "slots": ["type": "integer", "minimum": 1, "maximum": 128]]), "holdout": key,
                    "targeting": .reference("Targeting"),
                ], optional: ["summary", "layer", "holdout", "targeting"])
        ),
        (
            "EditedExperiment",
            object(
                [
                    "summary": ["type": "string", "maxLength": .integer(Summary.longest)], "variants": newVariants,
                    "layer": object(["name": key, "slots": ["type": "integer", "minimum": 1, "maximum": 128]]), "holdout": key,
                    "targeting": .reference("Targeting"),
                ], optional: ["summary", "layer", "holdout", "targeting"])
        ),
        ("Nothing", ["type": "object", "additionalProperties": false]),
        ("Finish", object(["winner": ["type": ["string", "null"]]], optional: ["winner"])),
        ("ForcedValue", object(["value": text])),
        ("ForcedUnits", object(["forced": list(object(["unit": text, "value": optional(text)]))])),
        ("Epoch", epoch),
        ("Experiment", object(experiment)),
        ("ExperimentList", object(["experiments": list(.reference("Experiment"))])),
        (
            "ExperimentWithHistory",
            object(experiment + [("devices", .reference("ExperimentStatistics")), ("history", list(.reference("AuditEntry")))])
        ),
        ("Explanation", explanation),
        ("AuditEntry", auditEntry),
        ("AuditLog", object(["entries": list(.reference("AuditEntry"))])),
        ("Token", object(["name": text, "role": role, "created": time, "revoked": optional(time)])),
        ("TokenList", object(["tokens": list(.reference("Token"))])),
        ("NewToken", object(["name": key, "role": role])),
        ("CreatedToken", object(["name": text, "role": role, "token": text])),
        ("Backup", object(["file": text, "bytes": count])),
        ("NewSimulation", object(["devices": ["type": "integer", "minimum": 1]])),
        ("Simulation", simulation),
    ]

    private static let text: JSONValue = ["type": "string"]
    private static let attributes: JSONValue = [
        "type": "object", "maxProperties": 64, "additionalProperties": .reference("AttributeValue"),
        "description": "What is known of the device.",
    ]
    private static let number: JSONValue = ["type": "number"]
    private static let count: JSONValue = ["type": "integer", "minimum": 0]
    private static let token: JSONValue = ["type": "string", "minLength": 1, "maxLength": 256, "pattern": "^[\\x21-\\x7e]+$"]
    private static let boolean: JSONValue = ["type": "boolean"]
    private static let time: JSONValue = ["type": "string", "format": "date-time"]
    private static let weight: JSONValue = ["type": "number", "exclusiveMinimum": 0]
    private static let key: JSONValue = ["type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$"]
    private static let role: JSONValue = ["enum": ["viewer", "backend", "editor", "admin"]]
    private static let state: JSONValue = ["enum": ["draft", "running", "paused", "finished"]]
    private static let newVariants: JSONValue = ["type": "array", "minItems": 2, "maxItems": 100, "items": .reference("NewVariant")]

    private static let problem: JSONValue = [
        "type": "object", "description": "RFC 9457.", "required": ["type", "title", "status"],
        "properties": ["type": text, "title": text, "status": count, "detail": text, "instance": text],
    ]

    private static let experimentStatistics = object([
        "key": key, "summary": text, "state": state, "started": optional(time), "finished": optional(time), "winner": optional(text),
        "devices": count, "excluded": count, "blockSize": count, "balanced": boolean, "imbalance": optional(text),
        "variants": list(
            object([
                "value": text, "devices": count, "percent": optional(number), "intendedPercent": optional(number),
                "expectedDevices": number,
            ])),
    ])

    private static let experiment: [(String, JSONValue)] = [
        ("key", key), ("summary", text), ("state", state), ("created", time), ("started", optional(time)), ("finished", optional(time)),
        ("winner", optional(text)), ("firstOrdinal", optional(count)), ("layer", optional(.reference("LayerSlots"))),
        ("holdout", optional(key)), ("targeting", optional(.reference("Targeting"))), ("variants", list(.reference("Variant"))),
        ("blockSize", count),
        ("epochs", list(.reference("Epoch"))),
    ]

    private static let epoch = object([
        "epoch": count, "decided": time, "blockSize": count, "variants": list(.reference("Variant")),
        "ordinals": list(object(["first": count, "end": optional(count)])),
    ])

    private static let explanation = object([
        "experiment": key, "device": text, "ordinal": count, "firstSeen": time, "value": optional(text),
        "reason": [
            "enum": [
                "dealt", "winner", "not_started", "older_than_experiment", "came_during_pause", "finished", "forced", "held_out",
                "other_slot", "not_targeted",
            ]
        ],
        "explanation": text,
        "counts": boolean,
        "link": optional(object(["since": time, "values": ["enum": ["device", "person"]], "differs": boolean])), "slot": optional(count),
        "layer": optional(.reference("LayerSlots")),
        "targeting": optional(.reference("Targeting")), "holdout": optional(key), "holdoutReleased": optional(time),
        "deal": optional(object(["epoch": count, "position": count, "block": count, "place": count, "blockSize": count, "value": text])),
    ])

    private static let document: JSONValue = [
        "type": ["object", "null"], "description": "The thing as it was, without secrets; times are ISO 8601.",
    ]
    private static let auditEntry = object([
        "id": count, "time": time, "actor": text, "action": text, "subject": text, "before": document, "after": document,
    ])

    private static let simulation = object([
        "id": text, "devices": count, "done": count, "state": ["enum": ["running", "done", "cancelled", "failed"]], "seconds": number,
        "experiments": list(.reference("ExperimentStatistics")), "failure": optional(text),
    ])

    private static func list(_ items: JSONValue) -> JSONValue { ["type": "array", "items": items] }

    private static func optional(_ schema: JSONValue) -> JSONValue { ["anyOf": [schema, ["type": "null"]]] }

    private static func object(_ properties: KeyValuePairs<String, JSONValue>, optional: Set<String> = []) -> JSONValue {
        object(properties.map { ($0.key, $0.value) }, optional: optional)
    }

    private static func object(_ properties: [(String, JSONValue)], optional: Set<String> = []) -> JSONValue {
        let required = properties.map(\.0).filter { !optional.contains($0) }
        return ["type": "object", "required": .array(required.map { .string($0) }), "properties": .object(properties)]
    }
}
