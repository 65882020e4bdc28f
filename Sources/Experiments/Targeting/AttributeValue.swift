/// Something that is known of a unit when it comes for the first time: a text, a number, or yes or no.
package enum AttributeValue: Hashable, Sendable {
    case text(String)
    case number(Double)
    case boolean(Bool)
}

extension AttributeValue: Codable {
    /// Reads a JSON string, number or boolean.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let boolean = try? container.decode(Bool.self) {
            self = .boolean(boolean)
        } else if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else if let text = try? container.decode(String.self) {
            self = .text(text)
        } else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "expected a text, a number, true or false")
        }
    }

    /// Writes a JSON string, number or boolean.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .text(let text): try container.encode(text)
        case .number(let number): try container.encode(number)
        case .boolean(let boolean): try container.encode(boolean)
        }
    }
}
