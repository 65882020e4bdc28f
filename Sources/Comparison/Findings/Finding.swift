import Text

/// Something about the data that a reader of the result must know.
package struct Finding: Sendable {
    package enum Kind: String, Sendable {
        case sampleRatio, influentialRow, oneSidedNegatives, unequalSpread, missing, notNumbers, badRows, duplicates
    }

    package let kind: Kind
    /// Whether the result cannot be trusted before it is cleared up.
    package let isGrave: Bool
    package let text: String

    var json: JSONValue {
        .object([("kind", .string(kind.rawValue)), ("grave", .boolean(isGrave)), ("text", .string(text))])
    }
}
