import Experiments

/// What other people's clients tell of a unit: of any type, of which texts, numbers and booleans can be targeted by.
struct ClientContext: Decodable, Sendable {
    /// By name; what is of another type is not among them.
    let values: [String: AttributeValue]
    private let wholes: [String: Int]

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Name.self)
        var values: [String: AttributeValue] = [:]
        var wholes: [String: Int] = [:]
        for name in container.allKeys {
            values[name.stringValue] = try? container.decode(AttributeValue.self, forKey: name)
            if case .number = values[name.stringValue] { wholes[name.stringValue] = try? container.decode(Int.self, forKey: name) }
        }
        self.values = values
        self.wholes = wholes
    }

    /// What names the unit: a text, or a whole number to its last digit, for some clients have such.
    func token(_ name: String) -> String? {
        if case .text(let text) = values[name] { return text }
        return wholes[name].map(String.init)
    }

    /// All but the one that names the unit.
    func attributes(without name: String) -> Attributes { Attributes(fitting: values.filter { $0.key != name }) }

    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}
