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
        (
            "AttributeTest",
            [
                "anyOf": [
                    .reference("AttributeValue"),
                    ["type": "array", "minItems": 1, "maxItems": 1000, "items": .reference("AttributeValue")],
                    object(["exists": ["type": "boolean"]]),
                    object(["not": ["anyOf": [.reference("AttributeValue"), list(.reference("AttributeValue"))]]]),
                    object(
                        ["at least": limit, "more than": limit, "at most": limit, "less than": limit],
                        optional: ["at least", "more than", "at most", "less than"]),
                ]
            ]
        ),
    ]

    private static let limit: JSONValue = ["type": ["number", "string"], "description": "A number, or a version such as 4.2.0."]
}
