/// The meaning of a filter.
indirect enum Condition: Hashable, Sendable {
    case and(Condition, Condition)
    case or(Condition, Condition)
    case not(Condition)
    case compare(ColumnName, Comparison, Operand)
    case isIn(ColumnName, [Literal])
    case isNull(ColumnName)

    /// A column, and where it stands in the text.
    struct ColumnName: Hashable, Sendable {
        let name: String
        /// The character, counted from 1.
        let position: Int
    }

    enum Literal: Hashable, Sendable {
        case number(Double)
        case text(String)
    }

    enum Operand: Hashable, Sendable {
        case literal(Literal)
        case column(ColumnName)
    }

    enum Comparison: String, Hashable, Sendable, CaseIterable {
        case equal = "="
        case unequal = "!="
        case less = "<"
        case atMost = "<="
        case greater = ">"
        case atLeast = ">="

        /// The same with its sides exchanged.
        var mirrored: Comparison {
            switch self {
            case .equal, .unequal: self
            case .less: .greater
            case .atMost: .atLeast
            case .greater: .less
            case .atLeast: .atMost
            }
        }

        func holds<Value: Comparable>(_ left: Value, _ right: Value) -> Bool {
            switch self {
            case .equal: left == right
            case .unequal: left != right
            case .less: left < right
            case .atMost: left <= right
            case .greater: left > right
            case .atLeast: left >= right
            }
        }
    }

    func forEachColumn(_ body: (ColumnName) -> Void) {
        switch self {
        case .and(let left, let right), .or(let left, let right):
            left.forEachColumn(body)
            right.forEachColumn(body)
        case .not(let condition):
            condition.forEachColumn(body)
        case .compare(let column, _, let operand):
            body(column)
            if case .column(let other) = operand { body(other) }
        case .isIn(let column, _), .isNull(let column):
            body(column)
        }
    }
}
