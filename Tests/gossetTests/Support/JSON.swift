import Foundation

// JSON of any shape, for answers that a test walks through.
//
// A `Decodable` that tries one type after the other would be shorter, and a thousand times slower: each error it throws away is made with
// a backtrace.
enum JSON: Equatable, Sendable {
    case null
    case boolean(Bool)
    case number(Double)
    case string(String)
    case array([JSON])
    case object([String: JSON])

    struct Malformed: Error, CustomStringConvertible {
        let description: String
    }

    init(parsing text: String) throws {
        var parser = Parser(bytes: Array(text.utf8)[...])
        self = try parser.value()
        guard parser.isAtEnd else { throw Malformed(description: "more than one value: \(text.prefix(200))") }
    }

    // A member of an object; null if there is none.
    subscript(name: String) -> JSON { if case .object(let members) = self { members[name] ?? .null } else { .null } }

    // An element of an array; null if there is none.
    subscript(index: Int) -> JSON { elements.indices.contains(index) ? elements[index] : .null }

    var elements: [JSON] { if case .array(let elements) = self { elements } else { [] } }
    var members: [String: JSON] { if case .object(let members) = self { members } else { [:] } }
    var string: String? { if case .string(let value) = self { value } else { nil } }
    var number: Double? { if case .number(let value) = self { value } else { nil } }
    var boolean: Bool? { if case .boolean(let value) = self { value } else { nil } }
}

extension JSON {
    private struct Parser {
        var bytes: ArraySlice<UInt8>

        var isAtEnd: Bool { bytes.allSatisfy { $0 <= 0x20 } }

        mutating func value() throws -> JSON {
            switch next() {
            case UInt8(ascii: "{"):
                var members: [String: JSON] = [:]
                try sequence(until: UInt8(ascii: "}")) { parser in
                    try parser.expect(UInt8(ascii: "\""))
                    let name = try parser.string()
                    try parser.expect(UInt8(ascii: ":"))
                    members[name] = try parser.value()
                }
                return .object(members)
            case UInt8(ascii: "["):
                var elements: [JSON] = []
                try sequence(until: UInt8(ascii: "]")) { elements.append(try $0.value()) }
                return .array(elements)
            case UInt8(ascii: "\""): return .string(try string())
            case let byte?: return try word(beginning: byte)
            case nil: throw Malformed(description: "JSON ends too early")
            }
        }

        private mutating func next() -> UInt8? {
            bytes = bytes.drop { $0 <= 0x20 }
            return bytes.popFirst()
        }

        private mutating func expect(_ byte: UInt8) throws {
            guard next() == byte else { throw Malformed(description: "no '\(UnicodeScalar(byte))' before \(rest)") }
        }

        private var rest: String { String(decoding: bytes.prefix(60), as: UTF8.self) }

        private mutating func sequence(until end: UInt8, _ element: (inout Parser) throws -> Void) throws {
            bytes = bytes.drop { $0 <= 0x20 }
            if bytes.first == end { return bytes = bytes.dropFirst() }
            while true {
                try element(&self)
                switch next() {
                case end: return
                case UInt8(ascii: ","): continue
                default: throw Malformed(description: "neither ',' nor an end before \(rest)")
                }
            }
        }

        // What follows the opening quote; escapes are left to Foundation.
        private mutating func string() throws -> String {
            var end = bytes.startIndex
            var isPlain = true
            while end < bytes.endIndex, bytes[end] != UInt8(ascii: "\"") {
                let isEscape = bytes[end] == UInt8(ascii: "\\")
                if isEscape { isPlain = false }
                end += isEscape ? 2 : 1
            }
            guard end < bytes.endIndex else { throw Malformed(description: "a string does not end") }
            let content = bytes[bytes.startIndex..<end]
            bytes = bytes[(end + 1)...]
            if isPlain { return String(decoding: content, as: UTF8.self) }
            return try JSONDecoder().decode(String.self, from: Data([UInt8(ascii: "\"")] + content + [UInt8(ascii: "\"")]))
        }

        private mutating func word(beginning byte: UInt8) throws -> JSON {
            let tail = bytes.prefix { !($0 <= 0x20 || [0x2C, 0x5D, 0x7D].contains($0)) }
            bytes = bytes[tail.endIndex...]
            let word = String(decoding: [byte] + tail, as: UTF8.self)
            switch word {
            case "null": return .null
            case "true": return .boolean(true)
            case "false": return .boolean(false)
            default:
                guard let number = Double(word) else { throw Malformed(description: "'\(word)' is no JSON") }
                return .number(number)
            }
        }
    }
}

extension String {
    // The text as a JSON string, quotes and all.
    var asJSON: String { (try? JSONEncoder().encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "\"\"" }
}
