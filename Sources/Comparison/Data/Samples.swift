package import Tables

/// Values with the name of their group.
package struct NamedValues: Sendable {
    package let name: String
    package var values: [Double]
    /// The row of the table that each value stands in.
    package var rows: [Int]

    package init(name: String, values: [Double], rows: [Int] = []) { (self.name, self.values, self.rows) = (name, values, rows) }
}

/// What is asked of a file: a column of values, split by another, of the rows that a condition keeps.
package struct Selection: Sendable {
    package let value: String
    package let group: String?
    package let filter: Filter?
    /// The column that is compared with the values row by row.
    package let partner: String?

    package init(value: String, group: String? = nil, partner: String? = nil, filter: Filter? = nil) {
        (self.value, self.group, self.partner, self.filter) = (value, group, partner, filter)
    }

    /// The columns that must be read.
    package var columns: [String] { [value] + [group, partner].compactMap { $0 } + (filter?.columns ?? []) }
}

/// Samples from a file.
package struct Samples: Sendable {
    /// The groups, ordered by their names.
    package let groups: [NamedValues]
    package let source: SourceReport

    /// Takes the samples out of a table.
    package init(_ selection: Selection, from table: Table) throws {
        let kept = try selection.filter?.rows(of: table)
        let rows = kept?.rows ?? Array(0..<table.rows)
        let numbers = try table.numbers(selection.value)
        let texts = try table.column(selection.value)
        let labels = try selection.group.map { name throws(TableError) in try table.labels(name) }
        var groups = (labels?.values ?? [selection.value]).map { NamedValues(name: $0, values: []) }
        var (missing, strays, ungrouped) = (0, Listing<String>(limit: 3), 0)
        for row in rows {
            let value = numbers.values[row]
            guard !value.isNaN else {
                if let text = texts.text(row), !NumberColumn.isMissing(text) {
                    strays.add("line \(table.line(of: row)): '\(text)'")
                } else {
                    missing += 1
                }
                continue
            }
            let code = labels.map { Int($0.codes[row]) } ?? 0
            guard code >= 0 else {
                ungrouped += 1
                continue
            }
            groups[code].values.append(value)
            groups[code].rows.append(row)
        }
        self.groups = groups.filter { !$0.values.isEmpty }.sorted { $0.name < $1.name }
        var source = SourceReport(table, selected: rows.count, used: groups.reduce(0) { $0 + $1.values.count })
        if missing > 0 { source.missing.append((selection.value, missing)) }
        if ungrouped > 0, let group = selection.group { source.missing.append((group, ungrouped)) }
        if !strays.isEmpty { source.strays.append((selection.value, strays.count, strays.first)) }
        for (column, values) in kept?.strays ?? [] where column != selection.value {
            source.strays.append((column, values.count, values.first.prefix(3).map { "line \(table.line(of: $0.row)): '\($0.text)'" }))
        }
        self.source = source
    }
}

extension Samples {
    /// Takes two columns of the same rows out of a table: rows in which either has no number are left out.
    package init(pairing partner: String, with selection: Selection, from table: Table) throws {
        let rows = try selection.filter?.rows(of: table).rows ?? Array(0..<table.rows)
        let columns = [try table.numbers(selection.value), try table.numbers(partner)]
        let complete = rows.filter { row in columns.allSatisfy { !$0.values[row].isNaN } }
        groups = columns.map { column in
            NamedValues(name: column.name, values: complete.map { column.values[$0] }, rows: complete)
        }
        var source = SourceReport(table, selected: rows.count, used: complete.count)
        for column in columns {
            let absent = rows.count { column.values[$0].isNaN }
            if absent > 0 { source.missing.append((column.name, absent)) }
        }
        self.source = source
    }
}

extension Table {
    /// Reads a file for a selection; a wrong column in its condition is shown with its place there.
    package init(path: String, delimiter: Delimiter?, for selection: Selection, everything: Bool = false) throws {
        do {
            try self.init(path: path, delimiter: delimiter, keeping: everything ? nil : selection.columns)
        } catch TableError.unknownColumn(let name, let nearest, let all) {
            if ![selection.value, selection.group, selection.partner].contains(name) { try selection.filter?.check(against: all) }
            throw TableError.unknownColumn(name: name, nearest: nearest, all: all)
        }
    }
}
