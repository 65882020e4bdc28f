import Text

/// Why a file cannot be read as a table, or a column not be had.
package enum TableError: Error, Hashable, Sendable {
    case unreadable(path: String, reason: String)
    /// There is no header.
    case empty(path: String)
    /// The file begins as another encoding does.
    case encoding(path: String, name: String)
    /// The header itself is bad.
    case header(path: String, problem: RowProblem, encoding: String?)
    case tooManyColumns(path: String, count: Int, limit: Int)
    case unknownColumn(name: String, nearest: String?, all: [String])
    case ambiguousColumn(name: String)
    /// A column is used as a number and holds none; one of its values is shown.
    case notNumeric(column: String, line: Int, value: String)
}

extension TableError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unreadable(let path, let reason): "\(path): \(reason)"
        case .empty(let path): "\(path) is empty; a header with the columns' names was expected"
        case .encoding(let path, let name):
            "\(path) is \(name); UTF-8 was expected: iconv -f \(name) -t UTF-8 converts it"
        case .header(let path, let problem, let encoding):
            "\(path): the header cannot be read; \(problem)"
                + (encoding.map { "; it looks like \($0): iconv -f \($0) -t UTF-8 converts it" } ?? "")
        case .tooManyColumns(let path, let count, let limit): "\(path) has \(count) columns; at most \(limit) are allowed"
        case .unknownColumn(let name, let nearest, let all):
            "there is no column '\(name)'; " + (nearest.map { "did you mean '\($0)'?" } ?? "there are \(TableError.list(all))")
        case .ambiguousColumn(let name): "more than one column is called '\(name)'"
        case .notNumeric(let column, let line, let value):
            "column '\(column)' holds no numbers (line \(line): '\(value)')"
                + (TableError.hasComma(value) ? "; --decimal comma reads it as one" : "")
        }
    }

    private static func hasComma(_ value: String) -> Bool {
        Array(value.utf8).withUnsafeBufferPointer { NumberText.parse($0, decimal: .comma) } != nil
    }

    private static func list(_ names: [String]) -> String {
        names.prefix(12).map { "'\($0)'" }.joined(separator: ", ") + (names.count > 12 ? " and \(names.count - 12) more" : "")
    }
}
