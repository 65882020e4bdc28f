/// Applies a condition to the rows of a table, column by column.
struct Evaluation {
    /// Three-valued, as SQL has it: what is said about a missing value is unknown.
    enum Truth: UInt8 {
        case no, unknown, yes

        init(_ value: Bool) { self = value ? .yes : .no }
    }

    private let table: Table
    private var numbers: [String: NumberColumn] = [:]
    /// Values that should be numbers and are not, by column.
    private(set) var strays: [(column: String, values: Listing<NumberColumn.Stray>)] = []

    init(table: Table) { self.table = table }

    mutating func truths(_ condition: Condition) throws(FilterError) -> [Truth] {
        switch condition {
        case .and(let left, let right):
            return combine(try truths(left), try truths(right)) { $0.rawValue < $1.rawValue ? $0 : $1 }
        case .or(let left, let right):
            return combine(try truths(left), try truths(right)) { $0.rawValue > $1.rawValue ? $0 : $1 }
        case .not(let condition):
            return try truths(condition).map { $0 == .yes ? .no : $0 == .no ? .yes : .unknown }
        case .isNull(let name):
            let column = try column(name)
            return (0..<table.rows).map { Truth(column.isEmpty($0)) }
        case .isIn(let name, let literals):
            var result: [Truth]?
            for literal in literals {
                let truths = try compare(name, .equal, literal)
                result = result.map { combine($0, truths) { $0.rawValue > $1.rawValue ? $0 : $1 } } ?? truths
            }
            return result ?? []
        case .compare(let name, let comparison, .literal(let literal)):
            return try compare(name, comparison, literal)
        case .compare(let name, let comparison, .column(let other)):
            return try compare(name, comparison, other)
        }
    }

    private func combine(_ left: [Truth], _ right: [Truth], _ rule: (Truth, Truth) -> Truth) -> [Truth] {
        left.indices.map { rule(left[$0], right[$0]) }
    }

    private mutating func compare(
        _ name: Condition.ColumnName, _ comparison: Condition.Comparison, _ literal: Condition.Literal
    ) throws(FilterError) -> [Truth] {
        switch literal {
        case .number(let number):
            return try numbers(name).values.map { $0.isNaN ? .unknown : Truth(comparison.holds($0, number)) }
        case .text(let text):
            let column = try column(name)
            let bytes = Array(text.utf8)
            switch comparison {
            case .equal, .unequal:
                var truths = [Truth](repeating: .unknown, count: table.rows)
                column.matches(bytes) { row, isEmpty, isEqual in
                    if !isEmpty { truths[row] = Truth(isEqual == (comparison == .equal)) }
                }
                return truths
            default: return (0..<table.rows).map { row in column.text(row).map { Truth(comparison.holds($0, text)) } ?? .unknown }
            }
        }
    }

    /// Two columns are compared as numbers where both hold only such, and as texts otherwise.
    private mutating func compare(
        _ name: Condition.ColumnName, _ comparison: Condition.Comparison, _ other: Condition.ColumnName
    ) throws(FilterError) -> [Truth] {
        let (left, right) = (try column(name), try column(other))
        let (a, b) = (table.numbers(left), table.numbers(right))
        if a.strays.isEmpty, b.strays.isEmpty {
            return a.values.indices.map { row in
                a.values[row].isNaN || b.values[row].isNaN ? .unknown : Truth(comparison.holds(a.values[row], b.values[row]))
            }
        }
        return (0..<table.rows).map { row in
            guard let a = left.text(row), let b = right.text(row) else { return .unknown }
            return Truth(comparison.holds(a, b))
        }
    }

    private func column(_ name: Condition.ColumnName) throws(FilterError) -> Column {
        do {
            return try table.column(name.name)
        } catch {
            throw error.of(name)
        }
    }

    private mutating func numbers(_ name: Condition.ColumnName) throws(FilterError) -> NumberColumn {
        if let known = numbers[name.name] { return known }
        do {
            let column = try table.numbers(name.name)
            numbers[name.name] = column
            if !column.strays.isEmpty { strays.append((name.name, column.strays)) }
            return column
        } catch {
            throw error.of(name)
        }
    }
}

extension TableError {
    /// The error as one of the condition in which the column stands.
    func of(_ column: Condition.ColumnName) -> FilterError {
        guard case .unknownColumn(let name, let nearest, let all) = self else { return .table(self) }
        return .unknownColumn(position: column.position, name: name, nearest: nearest, all: all)
    }
}

extension Filter {
    /// Checks that a table has the columns before it is read whole.
    package func check(against header: [String]) throws(FilterError) {
        var flaw: FilterError?
        condition.forEachColumn { name in
            guard flaw == nil else { return }
            do throws(TableError) {
                _ = try Table.index(of: name.name, in: header)
            } catch {
                flaw = error.of(name)
            }
        }
        if let flaw { throw flaw }
    }
}
