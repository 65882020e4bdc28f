package import Text

extension BadRows {
    /// How many rows were not used, and the first of them.
    package var json: JSONValue {
        [
            "malformed": .integer(malformed), "out_of_range": .integer(outOfRange), "unknown_users": .integer(unknownUsers),
            "first": .array(examples.map { .object([(place, .integer($0.line)), ("reason", .string($0.reason))]) }),
        ]
    }

    /// All rows that were not used.
    package var count: Int { malformed + outOfRange + unknownUsers }

    /// The same in one line, with the file's name; nil if all rows were used.
    package func text(path: String) -> String? {
        guard count > 0 else { return nil }
        let first = examples.first.map { "; the first is \(place) \($0.line): \($0.reason)" } ?? ""
        return
            "\(path): \(count) \(count == 1 ? "row was" : "rows were") not used (\(malformed) malformed, \(outOfRange) out of range, \(unknownUsers) of unknown users)\(first)"
    }
}
