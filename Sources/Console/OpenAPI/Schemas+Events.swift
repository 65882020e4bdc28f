import Experiments
import Text

extension Schemas {
    /// The schemas of events.
    static let events: [(String, JSONValue)] = [
        ("NewEvents", ["type": "array", "maxItems": 5000, "items": .reference("NewEvent")]),
        (
            "NewEvent",
            [
                "type": "object", "required": ["id", "fact"], "additionalProperties": false,
                "properties": [
                    "id": ["type": "string", "pattern": "^[\\x21-\\x7e]{1,128}$", "description": "The client's own name for the event."],
                    "unit": [
                        "type": "string", "pattern": "^[\\x21-\\x7e]{1,256}$",
                        "description": "Whose it is; not needed with the header Device-Token.",
                    ],
                    "fact": ["type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$"],
                    "value": ["type": ["number", "null"]],
                    "time": [
                        "type": ["string", "integer", "null"],
                        "description":
                            "RFC 3339 with an offset, or milliseconds since 1970, of the years 2000 to 9999; when it was received, if not given.",
                    ],
                    "properties": [
                        "type": ["object", "null"],
                        "description": "At most 8,192 bytes, 64 members in all, 4 levels; no object has a member twice.",
                    ],
                ],
            ]
        ),
        ("LivePlan", LivePlan.schema),
        (
            "Results",
            object([
                ("experiment", ["type": "string"]),
                (
                    "state",
                    [
                        "enum": ["draft", "loading", "away", "waiting", "current", "older"],
                        "description": .string(
                            "`loading`: not looked at since the server was started, which takes seconds; `away`: not looked at, for the warehouse "
                                + "cannot be asked, `failure` says why and `failingSince` since when; `waiting`: there are too few data, "
                                + "`failure` says why; `older`: of an earlier plan, or of data before a failure."),
                    ]
                ),
                ("computed", optionalTime), ("isOfThisPlan", ["type": "boolean"]),
                ("failure", optionalText), ("failingSince", optionalTime),
                (
                    "verdict",
                    [
                        "type": ["object", "null"],
                        "properties": [
                            "decision": ["enum": ["ship", "do not ship", "keep running", "invalid"]], "variant": optionalText,
                            "since": optionalTime,
                            "plan": [
                                "type": ["string", "null"], "description": "What it is about: the plan's `ETag`, without its quotes.",
                            ],
                        ],
                        "description":
                            "What was decided last by the plan that there is now, also before the server was started; null before that.",
                    ]
                ), ("balance", object([("devices", count), ("imbalance", optionalText)])), ("primaryMetric", optionalText),
                (
                    "size",
                    nullable([
                        ("planned", ["type": ["integer", "null"]]), ("units", count), ("progress", optionalNumber),
                        ("isReached", ["type": ["boolean", "null"]]), ("unitsPerDay", optionalNumber), ("daysLeft", optionalNumber),
                    ])
                ),
                (
                    "arrivals",
                    nullable([
                        ("active", optionalText), ("pValue", ["type": "number"]),
                        (
                            "variants",
                            [
                                "type": "array",
                                "items": object([("variant", ["type": "string"]), ("units", count), ("expected", ["type": "number"])]),
                            ]
                        ),
                    ])
                ), ("alarms", ["type": "array", "items": ["type": "string"]]),
                ("fixedHorizon", ["type": ["object", "null"]]), ("alwaysValid", ["type": ["object", "null"]]),
            ])
        ),
        ("AcceptedEvents", object([("accepted", count), ("late", count), ("skewed", count)])),
        ("PersonErasure", object([("devices", count), ("spooledEvents", count), ("warehouse", ["enum": ["pending"]])])),
        ("Erasure", object([("device", ["type": "boolean"]), ("spooledEvents", count), ("warehouse", ["enum": ["pending"]])])),
        (
            "EventsStatus",
            object([
                ("received", ["type": "integer", "minimum": 0, "description": "Events that were taken in, repetitions too."]),
                ("delivered", count), ("duplicates", count), ("late", count), ("skewed", count), ("erased", count),
                (
                    "facts",
                    [
                        "type": "object", "additionalProperties": count,
                        "description":
                            "How many events of each were received, repetitions too: with `otherFacts` they add up to `received`.",
                    ]
                ),
                ("unknownFacts", ["type": "array", "items": ["type": "string"]]), ("otherFacts", count),
                (
                    "strangers",
                    [
                        "type": "object", "additionalProperties": count,
                        "description": "How many events of each fact were of units that were no device here when they came.",
                    ]
                ),
                ("spool", object([("bytes", count), ("limit", count), ("oldest", optionalTime), ("failure", optionalText)])),
                (
                    "warehouse",
                    object([
                        ("current", optionalTime), ("lagSeconds", ["type": "number"]), ("exposedDevices", ["type": ["integer", "null"]]),
                        ("devices", count), ("erasures", count), ("failure", optionalText), ("failingSince", optionalTime),
                    ])
                ), ("retentionDays", ["type": ["integer", "null"]]),
            ])
        ),
    ]

    private static let count: JSONValue = ["type": "integer", "minimum": 0]
    private static let optionalText: JSONValue = ["type": ["string", "null"]]
    private static let optionalTime: JSONValue = ["type": ["string", "null"], "format": "date-time"]

    private static let optionalNumber: JSONValue = ["type": ["number", "null"]]

    private static func nullable(_ properties: [(String, JSONValue)]) -> JSONValue {
        ["type": ["object", "null"], "required": .array(properties.map { .string($0.0) }), "properties": .object(properties)]
    }

    private static func object(_ properties: [(String, JSONValue)]) -> JSONValue {
        ["type": "object", "required": .array(properties.map { .string($0.0) }), "properties": .object(properties)]
    }
}
