import HTTPServer
import Text

extension Schemas {
    /// Of the protocols that other people's clients speak.
    static let flags: [(String, JSONValue)] = [
        (
            "FlagContext",
            [
                "type": "object", "required": ["context"],
                "properties": [
                    "context": [
                        "type": "object", "required": ["targetingKey"],
                        "properties": ["targetingKey": ["type": "string", "description": "The device token."]],
                        "description":
                            "Texts, numbers and booleans beside the key are what is known of a device at its first contact, for targeting.",
                    ]
                ],
            ]
        ),
        (
            "Flag",
            [
                "type": "object", "required": ["key", "reason", "variant"],
                "properties": [
                    "key": ["type": "string"], "reason": ["enum": ["SPLIT", "TARGETING_MATCH", "STATIC", "DISABLED"]],
                    "variant": ["type": "string"],
                    "value": [
                        "description":
                            "A boolean, number, object or array if the experiment's values are that, else text; all numbers with a fraction if one has."
                    ],
                ],
            ]
        ),
        (
            "FlagFailure",
            [
                "type": "object", "required": ["errorCode", "errorDetails"],
                "properties": [
                    "key": ["type": "string", "description": "The experiment that was asked for; missing where all were."],
                    "errorCode": ["enum": ["PARSE_ERROR", "TARGETING_KEY_MISSING", "INVALID_CONTEXT", "FLAG_NOT_FOUND"]],
                    "errorDetails": ["type": "string"],
                    "type": ["type": "string"], "title": ["type": "string"], "status": ["type": "integer"], "detail": ["type": "string"],
                ],
            ]
        ),
        ("Flags", ["type": "object", "required": ["flags"], "properties": ["flags": ["type": "array", "items": .reference("Flag")]]]),
        (
            "FeatureContext",
            [
                "type": "object", "required": ["attributes"],
                "properties": [
                    "attributes": ["type": "object"],
                    "forcedVariations": [
                        "type": "object", "additionalProperties": ["type": "integer"],
                        "description": "Variants that a tester wants to see, by experiment.",
                    ],
                ],
            ]
        ),
        (
            "Features",
            [
                "type": "object", "required": ["features"],
                "properties": ["features": ["type": "object"], "experiments": ["type": "array", "items": ["type": "object"]]],
            ]
        ),
    ]
}
