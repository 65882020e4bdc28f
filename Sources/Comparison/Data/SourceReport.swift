package import Tables
import Text

/// Where data came from, and what was left out of them.
package struct SourceReport: Sendable {
    package let path: String
    /// The rows that could be read.
    package let rows: Int
    /// The rows that the condition kept.
    package let selected: Int
    /// The rows that were used.
    package var used: Int
    package let badRows: Listing<RowProblem>
    /// Rows left out because a value is missing, by column.
    package var missing: [(column: String, count: Int)] = []
    /// Values left out because they are no numbers, by column.
    package var strays: [(column: String, count: Int, first: [String])] = []

    init(_ table: Table, selected: Int, used: Int) {
        (path, rows, badRows) = (table.path, table.rows, table.problems)
        (self.selected, self.used) = (selected, used)
    }

    var json: JSONValue {
        .object([
            ("file", .string(path)), ("rows", .integer(rows)), ("selected", .integer(selected)), ("used", .integer(used)),
            ("badRows", .object([("count", .integer(badRows.count)), ("first", .array(badRows.first.map { .string($0.description) }))])),
            ("missing", .object(missing.map { ($0.column, .integer($0.count)) })),
            (
                "notNumbers",
                .object(
                    strays.map { stray in
                        (stray.column, .object([("count", .integer(stray.count)), ("first", .array(stray.first.map { .string($0) }))]))
                    })
            ),
        ])
    }

    /// The same for a person.
    package var lines: [String] {
        var lines = ["\(path): \(Figures.count(rows)) rows, \(Figures.count(used)) used"]
        for (column, count) in missing { lines.append("  left out: \(Figures.count(count)) rows without '\(column)'") }
        for (column, count, first) in strays {
            lines.append("  left out: \(Figures.count(count)) values of '\(column)' that are no numbers: \(first.joined(separator: "; "))")
        }
        if !badRows.isEmpty {
            lines.append("  bad rows: \(Figures.count(badRows.count)), left out")
            lines += badRows.first.map { "    \($0.description)" }
            if badRows.count > badRows.first.count { lines.append("    … and \(Figures.count(badRows.count - badRows.first.count)) more") }
        }
        return lines
    }
}
