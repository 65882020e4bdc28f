/// A condition on rows: `purchase = 1 and ab_group = 'A'`.
///
/// Conditions are combined by `and`, `or`, `not` and parentheses. A condition compares a column with a number, a text or another column
/// (`=`, `!=`, `<>`, `<`, `<=`, `>`, `>=`), looks for it in a list (`in ('A', 'B')`, `not in (1, 2)`), or asks whether it has a value
/// (`is null`, `is not null`). Texts stand in single quotes, names with blanks or other signs in double quotes; a quote inside is doubled.
/// As in SQL, a comparison with a missing value is neither true nor false, and rows are kept for which the whole is true.
package struct Filter: Sendable {
    /// The condition as it was written.
    package let text: String
    let condition: Condition

    /// Reads a condition.
    package init(_ text: String) throws(FilterError) {
        self.text = text
        var parser = try FilterParser(text)
        condition = try parser.parse()
    }

    /// The columns that the condition asks about, each once.
    package var columns: [String] {
        var names: [String] = []
        condition.forEachColumn { if !names.contains($0.name) { names.append($0.name) } }
        return names
    }

    /// The rows for which the condition is true, and what could not be compared.
    package func rows(of table: Table) throws(FilterError) -> Selection {
        var evaluation = Evaluation(table: table)
        let truths = try evaluation.truths(condition)
        return Selection(rows: truths.indices.filter { truths[$0] == .yes }, strays: evaluation.strays)
    }

    /// What a condition selects.
    package struct Selection: Sendable {
        /// The rows, in their order.
        package let rows: [Int]
        /// How many values of a column are neither numbers nor missing, though the condition compares the column with a number.
        package let strays: [(column: String, values: Listing<NumberColumn.Stray>)]
    }
}

/// What is wrong with a condition.
package enum FilterError: Error, Hashable, Sendable {
    /// `position` counts characters from 1.
    case syntax(position: Int, found: String, expected: String)
    case unknownColumn(position: Int, name: String, nearest: String?, all: [String])
    case table(TableError)
}

extension FilterError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .syntax(let position, let found, let expected):
            "at character \(position): expected \(expected), found \(found)"
        case .unknownColumn(let position, let name, let nearest, let all):
            "at character \(position): \(TableError.unknownColumn(name: name, nearest: nearest, all: all))"
                + "\(nearest == nil ? "." : "") If it is a text, write it in single quotes: '\(name)'"
        case .table(let error): error.description
        }
    }
}
