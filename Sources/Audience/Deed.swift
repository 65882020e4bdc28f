package import Text

/// Something that a visitor does, as an event tells it.
package struct Deed: Hashable, Sendable {
    /// What kind of thing: the event's fact.
    package let fact: String
    /// How much of it, such as money.
    package let value: Double?
    /// What else is known.
    package let properties: [String: String]

    package init(_ fact: String, value: Double? = nil, properties: [String: String] = [:]) {
        self.fact = fact
        self.value = value
        self.properties = properties
    }

    /// The event for `POST /api/v1/events`; its id is the fact's name, because a visitor does each thing once.
    package func event(of unit: String) -> JSONValue {
        var members: [(String, JSONValue)] = [("id", .string(fact)), ("unit", .string(unit)), ("fact", .string(fact))]
        if let value { members.append(("value", .number(value))) }
        if !properties.isEmpty {
            let sorted = properties.sorted { $0.key < $1.key }
            members.append(("properties", .object(sorted.map { ($0.key, .string($0.value)) })))
        }
        return .object(members)
    }
}
