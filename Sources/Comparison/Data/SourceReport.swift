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
    /// Encodings that bad rows look like.
    let encodings: [(name: String, rows: Int)]
    /// Rows left out because a value is missing, by column.
    package var missing: [(column: String, count: Int)] = []
    /// Values left out because they are no numbers, by column.
    package var strays: [(column: String, count: Int, first: [String])] = []
    /// Whose rows they are, where that was asked.
    package var units: Units?
    /// Where values were cut off, if they were.
    package var limits: Limited?

    /// The units that rows belong to.
    package struct Units: Sendable {
        package let column: String
        /// The units that count.
        package let count: Int
        package let repeated: Int
        let aggregate: String?
        /// Units in more than one group, which were left out.
        package let crossed: Int
        /// Rows that name no unit, which were left out.
        let nameless: Int
    }

    /// The ends to which values beyond were pulled in.
    package struct Limited: Sendable {
        package let low: Double
        package let high: Double
        let below: Int
        let above: Int
    }

    init(_ table: Table, selected: Int, used: Int) {
        (path, rows, badRows) = (table.path, table.rows, table.problems)
        encodings = table.encodings
        (self.selected, self.used) = (selected, used)
    }

    var json: JSONValue {
        var members: [(String, JSONValue)] = [
            ("file", .string(path)), ("rows", .integer(rows)), ("selected", .integer(selected)), ("used", .integer(used)),
            ("badRows", .object([("count", .integer(badRows.count)), ("first", .array(badRows.first.map { .string($0.description) }))])),
            ("encodings", .object(encodings.map { ($0.name, .integer($0.rows)) })),
            ("missing", .object(missing.map { ($0.column, .integer($0.count)) })),
            (
                "notNumbers",
                .object(
                    strays.map { stray in
                        (stray.column, .object([("count", .integer(stray.count)), ("first", .array(stray.first.map { .string($0) }))]))
                    })
            ),
        ]
        if let units {
            members.append(
                (
                    "units",
                    .object([
                        ("column", .string(units.column)), ("count", .integer(units.count)), ("repeated", .integer(units.repeated)),
                        ("aggregate", units.aggregate.map { .string($0) } ?? .null), ("crossed", .integer(units.crossed)),
                    ])
                ))
        }
        if let limits {
            members.append(
                (
                    "winsorized",
                    .object([
                        ("low", .number(limits.low)), ("high", .number(limits.high)), ("below", .integer(limits.below)),
                        ("above", .integer(limits.above)),
                    ])
                ))
        }
        return .object(members)
    }

    /// The same for a person.
    package var lines: [String] {
        var lines = ["\(path): \(Figures.counted(rows, "row", "rows")), \(Figures.count(used)) used"]
        for (column, count) in missing { lines.append("  left out: \(Figures.counted(count, "row", "rows")) without '\(column)'") }
        for (column, count, first) in strays {
            let values = Figures.counted(count, "value of '\(column)' that is no number", "values of '\(column)' that are no numbers")
            lines.append("  left out: \(values): \(first.joined(separator: "; "))")
        }
        if let units {
            let made = units.repeated > 0 ? ", several rows of one made into their \(units.aggregate ?? "")" : ""
            lines.append("  units: \(Figures.count(units.count)) by '\(units.column)'\(made)")
            if units.crossed > 0 {
                lines.append("  left out: \(Figures.counted(units.crossed, "unit that is", "units that are")) in more than one group")
            }
            if units.nameless > 0 {
                lines.append("  left out: \(Figures.counted(units.nameless, "row", "rows")) without '\(units.column)'")
            }
        }
        if let limits {
            for (word, end, count) in [("below", limits.low, limits.below), ("above", limits.high, limits.above)] where end.isFinite {
                let values =
                    count == 1
                    ? "1 value \(word) \(Figures.significant(end)) counts"
                    : "\(Figures.count(count)) values \(word) \(Figures.significant(end)) count"
                lines.append("  winsorised: \(values) as that")
            }
        }
        if !badRows.isEmpty {
            lines.append("  bad rows: \(Figures.count(badRows.count)), left out")
            lines += badRows.first.map { "    \($0.description)" }
            if badRows.count > badRows.first.count { lines.append("    … and \(Figures.count(badRows.count - badRows.first.count)) more") }
            if let likely = encodings.first {
                let list = encodings.map { "\($0.name) (\(Figures.count($0.rows)))" }.joined(separator: ", ")
                lines.append("    by their bytes they are \(list); iconv -f \(likely.name) -t UTF-8 converts a file")
            }
        }
        return lines
    }
}
