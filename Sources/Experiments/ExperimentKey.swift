/// The name by which clients know an experiment: 1 to 64 of `A-Z a-z 0-9 . _ -`, but not `.` or `..`, which no address can end in.
package struct ExperimentKey: Hashable, Sendable, CustomStringConvertible {
    /// The key's text.
    package let text: String

    /// The longest key, in characters.
    package static let maximumLength = 64

    /// Takes a key that keeps the rule.
    package init(_ text: String) throws(ExperimentError) {
        guard text != ".", text != ".." else { throw .invalidKey(text) }
        try self.init(stored: text)
    }

    /// Takes a key that was accepted before dots alone were refused.
    private init(stored text: String) throws(ExperimentError) {
        guard (1...ExperimentKey.maximumLength).contains(text.utf8.count), text.utf8.allSatisfy(ExperimentKey.allows) else {
            throw .invalidKey(text)
        }
        self.text = text
    }

    private static func allows(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"): true
        default: false
        }
    }

    /// The key's text.
    package var description: String { text }
}

extension ExperimentKey: Codable {
    /// Reads a string and checks it.
    package init(from decoder: any Decoder) throws {
        try self.init(stored: decoder.singleValueContainer().decode(String.self))
    }

    /// Writes the text.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
