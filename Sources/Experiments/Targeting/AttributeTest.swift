/// What one attribute must be, in the words of a plan's `where`.
///
/// As JSON: a value, a list of values, or an object of `not`, `at least`, `more than`, `at most`, `less than` and `exists`.
package enum AttributeTest: Hashable, Sendable {
    case isIn([AttributeValue])
    case isNotIn([AttributeValue])
    case compares([Bound])
    case exists(Bool)

    /// One side of a comparison.
    package struct Bound: Hashable, Sendable {
        package let sign: Plan.Bound.Sign
        package let value: Limit

        package init(sign: Plan.Bound.Sign, value: Limit) { (self.sign, self.value) = (sign, value) }
    }

    /// What is compared with: a number, or a version, which is written as a text.
    package enum Limit: Hashable, Sendable {
        case number(Double)
        case version(String)
    }

    /// The most values of a list.
    package static let mostValues = 1000

    /// Whether an attribute is as it must be; one that is not known is so only if it must not be.
    func holds(_ value: AttributeValue?) -> Bool {
        switch self {
        case .exists(let wanted): (value != nil) == wanted
        case .isIn(let values): value.map(values.contains) ?? false
        case .isNotIn(let values): value.map { !values.contains($0) } ?? false
        case .compares(let bounds): value.map { value in bounds.allSatisfy { $0.holds(value) } } ?? false
        }
    }
}

extension AttributeTest {
    /// Why nobody can be meant: two bounds that hold of nothing together; nil if there are none such.
    ///
    /// It is asked when conditions are given, not when they are read: what is stored was given before.
    package var contradiction: String? {
        guard case .compares(let bounds) = self else { return nil }
        for (index, bound) in bounds.enumerated() {
            for other in bounds[(index + 1)...] where !bound.agrees(with: other) {
                return "nothing is both \(bound) and \(other), so it would be for nobody"
            }
        }
        return nil
    }
}

extension AttributeTest.Bound: CustomStringConvertible {
    /// As it is written: `at least 1`.
    package var description: String {
        switch value {
        case .number(let number): "\(sign.rawValue) \(Int(exactly: number).map(String.init) ?? "\(number)")"
        case .version(let text): "\(sign.rawValue) \"\(text)\""
        }
    }

    /// Whether there is something that both hold of.
    fileprivate func agrees(with other: AttributeTest.Bound) -> Bool {
        switch (value, other.value) {
        case (.number(let one), .number(let two)): agrees(one, with: two, other.sign)
        case (.version(let one), .version(let two)):
            if let one = Version(one), let two = Version(two) { agrees(one, with: two, other.sign) } else { false }
        default: false
        }
    }

    private func agrees<Value: Comparable>(_ limit: Value, with otherLimit: Value, _ otherSign: Plan.Bound.Sign) -> Bool {
        guard sign.isLower != otherSign.isLower else { return true }
        let (low, high) = sign.isLower ? (limit, otherLimit) : (otherLimit, limit)
        // At the limit itself there is something only if both take it in.
        return sign.isInclusive && otherSign.isInclusive ? low <= high : low < high
    }
}

extension Plan.Bound.Sign {
    fileprivate var isLower: Bool { self == .atLeast || self == .moreThan }
    fileprivate var isInclusive: Bool { self == .atLeast || self == .atMost }
}

extension AttributeTest.Bound {
    /// Numbers are compared with numbers and versions with versions; anything else does not hold.
    fileprivate func holds(_ value: AttributeValue) -> Bool {
        switch (value, self.value) {
        case (.number(let value), .number(let limit)): sign.holds(value, limit)
        case (.text(let text), .version(let limit)):
            if let value = Version(text), let limit = Version(limit) { sign.holds(value, limit) } else { false }
        default: false
        }
    }
}

extension Plan.Bound.Sign {
    fileprivate func holds<Value: Comparable>(_ left: Value, _ right: Value) -> Bool {
        switch self {
        case .atLeast: left >= right
        case .moreThan: left > right
        case .atMost: left <= right
        case .lessThan: left < right
        }
    }
}

extension AttributeTest: Codable {
    /// Reads a value, a list, or an object; says what else it found.
    package init(from decoder: any Decoder) throws {
        if let value = try? AttributeValue(from: decoder) {
            self = .isIn([value])
        } else if let list = try? decoder.unkeyedContainer() {
            self = .isIn(try AttributeTest.values(list))
        } else {
            self = try AttributeTest.object(decoder.container(keyedBy: AttributeName.self))
        }
    }

    private static func values(_ list: any UnkeyedDecodingContainer) throws -> [AttributeValue] {
        var list = list
        var values: [AttributeValue] = []
        while !list.isAtEnd { values.append(try list.decode(AttributeValue.self)) }
        guard (1...mostValues).contains(values.count) else {
            // Of the list, not of one of its values.
            throw DecodingError.dataCorrupted(
                .init(codingPath: list.codingPath, debugDescription: "a list has 1 to \(mostValues) values"))
        }
        return values
    }

    private static func object(_ container: KeyedDecodingContainer<AttributeName>) throws -> AttributeTest {
        var bounds: [Bound] = []
        for name in container.allKeys {
            func refused(_ text: String) -> DecodingError {
                .dataCorruptedError(forKey: name, in: container, debugDescription: text)
            }
            switch name.stringValue {
            case "not", "exists":
                guard container.allKeys.count == 1 else { throw refused("'\(name.stringValue)' stands alone") }
                if name.stringValue == "exists" { return .exists(try container.decode(Bool.self, forKey: name)) }
                if let value = try? container.decode(AttributeValue.self, forKey: name) { return .isNotIn([value]) }
                return .isNotIn(try values(container.nestedUnkeyedContainer(forKey: name)))
            default:
                guard let sign = Plan.Bound.Sign(rawValue: name.stringValue) else {
                    let known = ["not", "exists"] + Plan.Bound.Sign.allCases.map(\.rawValue)
                    throw refused("expected one of \(known.map { "'\($0)'" }.joined(separator: ", "))")
                }
                switch try container.decode(AttributeValue.self, forKey: name) {
                case .number(let number): bounds.append(Bound(sign: sign, value: .number(number)))
                case .text(let text) where Version(text) != nil: bounds.append(Bound(sign: sign, value: .version(text)))
                default: throw refused("expected a number, or a version such as \"4.2.0\"")
                }
            }
        }
        guard !bounds.isEmpty else {
            throw DecodingError.dataCorrupted(.init(codingPath: container.codingPath, debugDescription: "the condition is empty"))
        }
        return .compares(bounds.sorted { $0.sign.rawValue < $1.sign.rawValue })
    }

    /// Writes what is read as the same.
    package func encode(to encoder: any Encoder) throws {
        switch self {
        case .isIn(let values): try AttributeTest.encode(values, to: encoder)
        case .isNotIn(let values):
            var container = encoder.container(keyedBy: AttributeName.self)
            try AttributeTest.encode(values, to: container.superEncoder(forKey: AttributeName("not")))
        case .exists(let wanted):
            var container = encoder.container(keyedBy: AttributeName.self)
            try container.encode(wanted, forKey: AttributeName("exists"))
        case .compares(let bounds):
            var container = encoder.container(keyedBy: AttributeName.self)
            for bound in bounds {
                switch bound.value {
                case .number(let number): try container.encode(number, forKey: AttributeName(bound.sign.rawValue))
                case .version(let text): try container.encode(text, forKey: AttributeName(bound.sign.rawValue))
                }
            }
        }
    }

    private static func encode(_ values: [AttributeValue], to encoder: any Encoder) throws {
        if values.count == 1 { try values[0].encode(to: encoder) } else { try values.encode(to: encoder) }
    }
}

/// Any name.
struct AttributeName: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(_ name: String) { stringValue = name }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}
