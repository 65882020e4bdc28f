/// A piece of SQL that cannot be broken out of: what is interpolated is quoted by the dialect that it is written for.
///
///     let query: SQL = "SELECT \(column: name) FROM \(table: path) WHERE \(column: name) = \(value: text)"
///
/// Text comes only from literals in the source. Pieces nest: `\(other)` takes in another piece.
package struct SQL: Hashable, Sendable {
    enum Fragment: Hashable, Sendable {
        case text(String)
        case identifier(String)
        case path([String])
        case value(SQLValue)
    }

    private(set) var fragments: [Fragment]

    private init(fragments: [Fragment]) { self.fragments = fragments }

    /// Text that is taken as it is, such as a query that an analyst wrote into a plan.
    ///
    /// Nothing is quoted and nothing is checked: never build it from names or values.
    package init(uncheckedText text: String) { fragments = [.text(text)] }

    /// Appends a piece.
    package static func += (sql: inout SQL, other: SQL) { sql.fragments += other.fragments }

    /// Two pieces, one after the other.
    package static func + (first: SQL, second: SQL) -> SQL { SQL(fragments: first.fragments + second.fragments) }

    /// Whether there is nothing in it.
    package var isEmpty: Bool { fragments.isEmpty }
}

/// A value inside SQL.
package enum SQLValue: Hashable, Sendable {
    case text(String)
    case integer(Int)
    case number(Double)
    case boolean(Bool)
    case null
}

extension SQL: ExpressibleByStringInterpolation {
    /// SQL from a literal.
    package init(stringLiteral value: StaticString) { fragments = [.text("\(value)")] }

    /// SQL from a literal with interpolations.
    package init(stringInterpolation: Interpolation) { fragments = stringInterpolation.fragments }

    /// What may stand between the literals.
    package struct Interpolation: StringInterpolationProtocol {
        var fragments: [Fragment] = []

        package init(literalCapacity: Int, interpolationCount: Int) {}

        package mutating func appendLiteral(_ literal: StaticString) {
            let text = "\(literal)"
            if !text.isEmpty { fragments.append(.text(text)) }
        }

        /// Another piece.
        package mutating func appendInterpolation(_ sql: SQL) { fragments += sql.fragments }
        /// A column's name, quoted.
        package mutating func appendInterpolation(column name: String) { fragments.append(.identifier(name)) }
        /// A table's name, `schema.table` where it has dots, every part quoted.
        package mutating func appendInterpolation(table path: String) {
            fragments.append(.path(path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)))
        }
        /// A value, written as a literal.
        package mutating func appendInterpolation(value: SQLValue) { fragments.append(.value(value)) }
        /// A text, written as a literal.
        package mutating func appendInterpolation(value: String) { fragments.append(.value(.text(value))) }
        /// A number, written as a literal.
        package mutating func appendInterpolation(value: Double) { fragments.append(.value(.number(value))) }
        /// A whole number, written as a literal.
        package mutating func appendInterpolation(value: Int) { fragments.append(.value(.integer(value))) }
    }
}

extension Sequence<SQL> {
    /// The pieces, one after the other with something between them.
    package func joined(_ separator: SQL) -> SQL {
        var result: SQL?
        for piece in self { result = result.map { $0 + separator + piece } ?? piece }
        return result ?? SQL(uncheckedText: "")
    }
}
