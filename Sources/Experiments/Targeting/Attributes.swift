/// What is known of a unit at its first contact, by name.
///
/// It is looked at once, when the unit is enrolled, and never stored.
package struct Attributes: Hashable, Sendable {
    /// The values.
    package let values: [String: AttributeValue]

    /// The most attributes of a unit.
    package static let mostValues = 64
    /// The longest name and the longest text, in bytes of UTF-8.
    package static let longestName = 64, longestText = 256

    /// Nothing.
    package static let none = Attributes(unchecked: [:])

    private init(unchecked values: [String: AttributeValue]) { self.values = values }

    /// Attributes that keep the limits.
    package init(_ values: [String: AttributeValue]) throws(AttributeError) {
        guard values.count <= Attributes.mostValues else { throw .tooMany(values.count) }
        for (name, value) in values {
            guard Attributes.allows(name) else { throw .invalidName(name) }
            if case .text(let text) = value, text.utf8.count > Attributes.longestText { throw .textTooLong(name: name) }
        }
        self.values = values
    }

    /// What of a client's context can be targeted by: the rest is for others, and left out.
    package init(fitting values: [String: AttributeValue]) {
        let fitting = values.filter { name, value in
            guard Attributes.allows(name) else { return false }
            if case .text(let text) = value { return text.utf8.count <= Attributes.longestText }
            return true
        }
        // By name, so that it does not depend on the order in which a client tells them.
        let kept = fitting.keys.sorted().prefix(Attributes.mostValues)
        self.values = Dictionary(uniqueKeysWithValues: kept.compactMap { name in fitting[name].map { (name, $0) } })
    }

    /// Whether an attribute may have the name.
    static func allows(_ name: String) -> Bool {
        (1...longestName).contains(name.utf8.count) && name.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
    }
}

/// Why attributes are refused.
package enum AttributeError: Error, Hashable, Sendable {
    case tooMany(Int)
    case invalidName(String)
    case textTooLong(name: String)
}

extension AttributeError: CustomStringConvertible {
    /// One sentence for a person.
    package var description: String {
        switch self {
        case .tooMany(let count): "There are \(count) attributes; at most \(Attributes.mostValues) are accepted."
        case .invalidName(let name):
            "The attribute name '\(name.prefix(80))' must have 1 to \(Attributes.longestName) bytes and no control characters."
        case .textTooLong(let name): "The attribute '\(name)' is longer than \(Attributes.longestText) bytes."
        }
    }
}
