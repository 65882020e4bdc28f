import Text

extension Schemas {
    /// Whom an experiment is for.
    static let targeting: [(String, JSONValue)] = [
        (
            "Targeting",
            [
                "type": "object", "minProperties": 1, "maxProperties": 32, "additionalProperties": .reference("AttributeTest"),
                "description":
                    "What each attribute must be; all must hold. An attribute that is not known holds only for {\"exists\": false}.",
                "example": ["country": ["DE", "AT"], "app": ["at least": "4.2.0"], "premium": true, "age": ["at least": 18]],
            ]
        ),
        ("AttributeValue", ["type": ["string", "number", "boolean"]]),
        ("AttributeTest", ["anyOf": [.reference("AttributeValue"), oneOf, exists, not, comparison]]),
    ]

    private static let oneOf: JSONValue = [
        "type": "array", "minItems": 1, "maxItems": 1000, "items": .reference("AttributeValue"),
    ]
    private static let exists: JSONValue = ["type": "object", "required": ["exists"], "properties": ["exists": ["type": "boolean"]]]
    private static let not: JSONValue = [
        "type": "object", "required": ["not"], "properties": ["not": ["anyOf": [.reference("AttributeValue"), oneOf]]],
    ]
    private static let comparison: JSONValue = [
        "type": "object", "minProperties": 1,
        "properties": ["at least": limit, "more than": limit, "at most": limit, "less than": limit],
    ]
    private static let limit: JSONValue = ["type": ["number", "string"], "description": "A number, or a version such as 4.2.0."]
}
