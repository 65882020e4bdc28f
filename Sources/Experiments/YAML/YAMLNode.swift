/// A place in a text, both counted from 1.
package struct TextPlace: Hashable, Sendable, CustomStringConvertible {
    package let line: Int
    package let column: Int

    package init(line: Int, column: Int) { (self.line, self.column) = (line, column) }

    package var description: String { "line \(line), column \(column)" }
}

/// A part of a YAML document, with its place.
package struct YAMLNode: Hashable, Sendable {
    /// What it is.
    package indirect enum Content: Hashable, Sendable {
        /// A scalar, and whether it stood in quotes, which make it a text whatever it looks like.
        case scalar(String, isQuoted: Bool)
        case sequence([YAMLNode])
        case mapping([Member])
    }

    /// A key and its value.
    package struct Member: Hashable, Sendable {
        package let key: String
        package let place: TextPlace
        package let value: YAMLNode
    }

    package let content: Content
    package let place: TextPlace

    /// The value of a key; nil where there is none, or where this is no mapping.
    package subscript(_ key: String) -> YAMLNode? { members.first { $0.key == key }?.value }

    /// The members of a mapping.
    package var members: [Member] {
        if case .mapping(let members) = content { members } else { [] }
    }

    /// The elements of a sequence; a scalar is a sequence of one.
    package var elements: [YAMLNode] {
        switch content {
        case .sequence(let elements): elements
        case .scalar: [self]
        case .mapping: []
        }
    }

    /// The text of a scalar.
    package var text: String? {
        if case .scalar(let text, _) = content { text } else { nil }
    }

    /// The number that an unquoted scalar is.
    package var number: Double? {
        guard case .scalar(let text, false) = content, let number = Double(text), number.isFinite else { return nil }
        return number
    }

    /// The truth value that an unquoted scalar is.
    package var boolean: Bool? {
        guard case .scalar(let text, false) = content else { return nil }
        return ["true": true, "yes": true, "false": false, "no": false][text.lowercased()]
    }

    /// What a message calls it.
    var kind: String {
        switch content {
        case .scalar(let text, _): text.isEmpty ? "nothing" : "'\(text.prefix(40))'"
        case .sequence: "a list"
        case .mapping: "a mapping of keys to values"
        }
    }
}

/// Why a YAML document, or what it says, is refused: always with a place.
package struct YAMLError: Error, Hashable, Sendable, CustomStringConvertible {
    package let place: TextPlace
    package let message: String
    /// The word that was meant, where one is near enough; the message says it too.
    package let suggestion: String?

    package init(_ place: TextPlace, _ message: String, suggestion: String? = nil) {
        (self.place, self.message, self.suggestion) = (place, message, suggestion)
    }

    package var description: String { "\(place): \(message)" }
}
