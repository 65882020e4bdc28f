import Text

extension Schemas {
    /// What the routes about spending take and answer.
    static let spending: [(String, JSONValue)] = [
        ("TotalSpent", record([("user_id", id), ("year", year), ("total_spending", amount)], optional: ["year"])),
        ("AverageSpending", averages),
        ("AgeBandSpending", record(counts(["band": ["enum": ["18-24", "25-30", "31-36", "37-47", ">47"]]]) + perWhat)),
        ("SpendingCounts", record(counts([:]))),
        ("NewBonus", record([("user_id", id), ("total_spending", amount), ("year", year)], optional: ["year"])),
        (
            "RecordedBonus",
            record([
                ("message", words), ("result", ["enum": ["created", "updated", "unchanged"]]), ("user_id", id), ("year", year),
                ("total_spending", amount), ("store", store),
                (
                    "records",
                    record([
                        ("year", year), ("total_spending", amount), ("total_spending_all_years", amount), ("matches", ["type": "boolean"]),
                    ])
                ),
            ])
        ),
        (
            "BonusRun",
            record([
                ("year", year), ("over", amount), ("store", store), ("customers", whole), ("created", whole), ("updated", whole),
                ("unchanged", whole),
            ])
        ),
        (
            "BonusList",
            record([
                ("year", year), ("store", store), ("waiting", whole), ("bonuses", ["type": "array", "items": .reference("Bonus")]),
                ("next", ["type": ["integer", "null"]]),
            ])
        ),
        (
            "Bonus",
            record([
                ("user_id", id), ("year", year), ("total_spending", amount), ("granted", ["type": "string", "format": "date-time"]),
                ("state", ["enum": ["delivered", "waiting"]]),
            ])
        ),
    ]

    private static let id: JSONValue = ["type": "integer", "format": "int64"]
    private static let year: JSONValue = ["type": "integer"]
    private static let whole: JSONValue = ["type": "integer", "minimum": 0]
    private static let amount: JSONValue = ["type": "number"]
    private static let words: JSONValue = ["type": "string"]
    private static let store: JSONValue = ["enum": ["embedded", "mongodb"]]

    private static func counts(_ first: KeyValuePairs<String, JSONValue>) -> [(String, JSONValue)] {
        first.map { ($0.key, $0.value) } + [("customers", whole), ("spenders", whole), ("payments", whole), ("total", amount)]
    }

    private static let perWhat: [(String, JSONValue)] = ["averagePerSpender", "averagePerRegisteredCustomer", "averagePerPayment"].map {
        ($0, ["type": ["number", "null"]])
    }

    private static let averages = record(
        [
            ("year", ["type": ["integer", "null"]]), ("headline", ["enum": ["averagePerSpender"]]),
            ("bands", ["type": "array", "items": .reference("AgeBandSpending")]),
            ("notInBands", record([("under18", .reference("SpendingCounts")), ("withoutAge", .reference("SpendingCounts"))])),
            (
                "rows",
                record([
                    ("payments", whole), ("leftOut", ["type": "object", "additionalProperties": whole]),
                    ("takenAsTheyAre", ["type": "object", "additionalProperties": whole]),
                ])
            ),
            ("customer", record([("user_id", id), ("band", words), ("total_spending", amount)])), ("notification", words),
        ], optional: ["customer", "notification"])

    private static func record(_ properties: [(String, JSONValue)], optional: Set<String> = []) -> JSONValue {
        let required = properties.map(\.0).filter { !optional.contains($0) }
        return ["type": "object", "required": .array(required.map { .string($0) }), "properties": .object(properties)]
    }
}
