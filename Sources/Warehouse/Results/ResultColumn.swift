/// The values of one column of an answer; a missing value is nil.
package enum ResultColumn: Hashable, Sendable {
    case integers([Int64?])
    case numbers([Double?])
    case texts([String?])
    case booleans([Bool?])
    /// Microseconds since 1970 in UTC.
    case instants([Int64?])

    /// How many values there are.
    package var count: Int {
        switch self {
        case .integers(let values), .instants(let values): values.count
        case .numbers(let values): values.count
        case .texts(let values): values.count
        case .booleans(let values): values.count
        }
    }

    /// The values as numbers: times in seconds, truth as 1; texts as they read, or missing.
    package var numbers: [Double?] {
        switch self {
        case .integers(let values): values.map { $0.map(Double.init) }
        case .numbers(let values): values
        case .texts(let values): values.map { $0.flatMap(Double.init) }
        case .booleans(let values): values.map { $0.map { $0 ? 1 : 0 } }
        case .instants(let values): values.map { $0.map { Double($0) / 1e6 } }
        }
    }

    /// The values as texts.
    package var texts: [String?] {
        switch self {
        case .integers(let values), .instants(let values): values.map { $0.map(String.init) }
        case .numbers(let values): values.map { $0.map { "\($0)" } }
        case .texts(let values): values
        case .booleans(let values): values.map { $0.map { "\($0)" } }
        }
    }

    /// The values after those of another part of the same column.
    mutating func append(_ other: ResultColumn) throws(WarehouseError) {
        switch (self, other) {
        case (.integers(let a), .integers(let b)): self = .integers(a + b)
        case (.numbers(let a), .numbers(let b)): self = .numbers(a + b)
        case (.texts(let a), .texts(let b)): self = .texts(a + b)
        case (.booleans(let a), .booleans(let b)): self = .booleans(a + b)
        case (.instants(let a), .instants(let b)): self = .instants(a + b)
        default: throw .answer("a column changes its type on the way")
        }
    }
}
