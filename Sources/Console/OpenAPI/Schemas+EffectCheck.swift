import Text

extension Schemas {
    /// What the effect check takes and answers.
    static let effectCheck: [(String, JSONValue)] = [
        (
            "EffectTest",
            [
                "description": "The object, its three groups without `test`, or a string that holds either.",
                "anyOf": [wrapped, groups, ["type": "string"]],
            ]
        ),
        (
            "HasEffect",
            ["type": "object", "required": ["has_effect"], "properties": ["has_effect": ["enum": [0, 1]]]]
        ),
        ("EffectFinding", finding),
    ]

    private static let ids: JSONValue = ["type": "array", "minItems": 1, "items": ["type": "integer"]]
    private static let figure: JSONValue = ["type": "number"]
    private static let whole: JSONValue = ["type": "integer", "minimum": 0]

    private static let groups = record(["group_a_one": ids, "group_a_two": ids, "group_b": ids])
    private static let wrapped = record(["test": groups])

    private static let estimate = record(["estimate": figure, "low": figure, "high": figure])
    /// Where customers tell nothing of how they vary, such as a single one, an interval has no ends.
    private static let maybe: JSONValue = ["type": ["number", "null"]]
    private static let openEstimate = record(["estimate": figure, "low": maybe, "high": maybe])
    private static let signs = record(["positive": figure, "none": figure, "negative": figure])
    private static let group = record([
        "customers": whole, "pilot": figure, "before": figure, "share_of_gender_1": figure, "age": figure, "cut": whole,
    ])

    private static let finding = record([
        "has_effect": ["enum": [0, 1]], "reason": ["type": "string"], "probability": signs, "p_value": figure, "expected_lift": figure,
        "kinds": ["type": "object", "additionalProperties": figure],
        "statistics": record([
            "signals": ["type": "object", "additionalProperties": figure], "kinds": ["type": "object", "additionalProperties": figure],
        ]),
        "adjusted": record([
            "difference": estimate, "lift": ["anyOf": [estimate, ["type": "null"]]], "steady_lift": estimate,
        ]),
        "naive": record(["difference": openEstimate, "p_value": figure]),
        "between_a": record(["difference": openEstimate, "p_value": figure]),
        "groups": record(["group_a_one": group, "group_a_two": group, "group_b": group]), "imbalance": maybe,
        "ids": record(["unknown": whole, "repeated": whole, "in_both_a": whole]),
        "belief": record(["tests": whole, "positive": figure, "none": figure, "negative": figure]),
    ])

    private static func record(_ properties: KeyValuePairs<String, JSONValue>) -> JSONValue {
        [
            "type": "object", "required": .array(properties.map { .string($0.key) }),
            "properties": .object(properties.map { ($0.key, $0.value) }),
        ]
    }
}
