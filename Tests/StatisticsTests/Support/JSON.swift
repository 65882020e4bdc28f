import Foundation
import Statistics

/// A JSON value whose shape is only known where it is used.
indirect enum JSON: Decodable, Sendable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case array([JSON])
    case object([String: JSON])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let value = try? container.decode([JSON].self) {
            self = .array(value)
        } else {
            self = .object(try container.decode([String: JSON].self))
        }
    }

    subscript(_ key: String) -> JSON {
        if case .object(let members) = self { members[key] ?? .null } else { .null }
    }

    subscript(_ index: Int) -> JSON {
        if case .array(let elements) = self, elements.indices.contains(index) { elements[index] } else { .null }
    }

    var array: [JSON] {
        if case .array(let elements) = self { elements } else { [] }
    }

    var keys: [String] {
        if case .object(let members) = self { members.keys.sorted() } else { [] }
    }

    var isNull: Bool {
        if case .null = self { true } else { false }
    }

    var text: String {
        if case .string(let value) = self { value } else { "" }
    }

    /// The number, "inf" and "-inf" included; NaN for anything else, which no comparison survives.
    var double: Double {
        switch self {
        case .number(let value): value
        case .string("inf"), .string("Infinity"): .infinity
        case .string("-inf"), .string("-Infinity"): -.infinity
        default: .nan
        }
    }

    var int: Int { Int(double) }
    var doubles: [Double] { array.map(\.double) }
    var ints: [Int] { array.map(\.int) }
}

extension Alternative {
    /// The words of statsmodels.
    init(statsmodels word: String) {
        self = word == "smaller" ? .less : word == "larger" ? .greater : .twoSided
    }
}

/// What SciPy and statsmodels say about the tests; see scripts/fixtures/hypothesis_tests.py.
enum References {
    static let all: JSON = (try? Fixture.committed("hypothesis_tests")) ?? .null
    static let golden: JSON = (try? Fixture.oracle("golden/scipy_statsmodels.json")) ?? .null
    static let seeds: JSON = (try? Fixture.oracle("seeds.json")) ?? .null
    static var pairs: [JSON] { all["pairs"].array }
}
