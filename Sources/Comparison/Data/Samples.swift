import Statistics
package import Tables

/// Samples from a file.
package struct Samples: Sendable {
    /// The groups, ordered by their names.
    package let groups: [NamedValues]
    package let source: SourceReport

    /// Takes the samples out of a table.
    package init(_ selection: Selection, from table: Table) throws {
        let kept = try selection.filter?.rows(of: table)
        let columns = try ([selection.value] + selection.others).map { name throws(TableError) in try table.numbers(name) }
        let labels = try selection.group.map { name throws(TableError) in try table.labels(name) }
        let parts = try selection.part.map { name throws(TableError) in try table.labels(name) }
        var groups = (labels?.values ?? [selection.value]).map { name in
            NamedValues(name: name, values: [], others: selection.others.map { _ in [] }, partNames: parts?.values ?? [])
        }
        var gaps = Gaps(columns: columns.map(\.name), table: table)
        var (ungrouped, apart) = (0, 0)
        func take(_ row: Int) {
            guard columns.allSatisfy({ !$0.values[row].isNaN }) else { return gaps.add(row, columns) }
            let code = labels.map { Int($0.codes[row]) } ?? 0
            guard code >= 0 else {
                ungrouped += 1
                return
            }
            if let parts {
                guard parts.codes[row] >= 0 else {
                    apart += 1
                    return
                }
                groups[code].parts.append(Int(parts.codes[row]))
            }
            groups[code].values.append(columns[0].values[row])
            groups[code].rows.append(row)
            for index in selection.others.indices { groups[code].others[index].append(columns[index + 1].values[row]) }
        }
        if let kept { kept.rows.forEach(take) } else { (0..<table.rows).forEach(take) }
        groups = groups.filter { !$0.values.isEmpty }.sorted { $0.name < $1.name }
        if let control = selection.control {
            guard let place = groups.firstIndex(where: { $0.name == control }) else {
                throw SampleProblem.noGroup(control, groups: groups.map(\.name))
            }
            groups.insert(groups.remove(at: place), at: 0)
        }
        var source = SourceReport(table, selected: kept?.rows.count ?? table.rows, used: groups.reduce(0) { $0 + $1.values.count })
        gaps.report(to: &source)
        if ungrouped > 0, let group = selection.group { source.missing.append((group, ungrouped)) }
        if apart > 0, let part = selection.part { source.missing.append((part, apart)) }
        for (column, values) in kept?.strays ?? [] where !columns.contains(where: { $0.name == column }) {
            source.strays.append((column, values.count, values.first.prefix(3).map { "line \(table.line(of: $0.row)): '\($0.text)'" }))
        }
        if let rule = selection.unit {
            let units = try Units(rule, of: groups, in: table)
            groups = units.groups
            source.units = units.report
            source.used = units.usedRows
        }
        if let limits = selection.limits { source.limits = try Samples.limit(&groups, limits) }
        self.groups = groups
        self.source = source
    }

    /// Pulls values beyond quantiles of all of them in to those.
    private static func limit(_ groups: inout [NamedValues], _ ends: (low: Double, high: Double)) throws -> SourceReport.Limited {
        let all = groups.flatMap(\.values)
        let limits = try Limits(
            pooled: all, lower: ends.low > 0 ? .quantile(ends.low) : .none, upper: ends.high < 1 ? .quantile(ends.high) : .none)
        for index in groups.indices { groups[index].values = try limits.winsorized(groups[index].values) }
        return SourceReport.Limited(
            low: limits.low, high: limits.high, below: all.count { $0 < limits.low }, above: all.count { $0 > limits.high })
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

/// Counts the values that are missing or no numbers, by column.
private struct Gaps {
    private let table: Table
    private var counts: [(column: String, missing: Int, strays: Listing<String>)]

    init(columns: [String], table: Table) {
        self.table = table
        counts = columns.map { ($0, 0, Listing(limit: 3)) }
    }

    mutating func add(_ row: Int, _ columns: [NumberColumn]) {
        guard let index = columns.firstIndex(where: { $0.values[row].isNaN }) else { return }
        if let text = try? table.column(columns[index].name).text(row), !NumberColumn.isMissing(text) {
            counts[index].strays.add("line \(table.line(of: row)): '\(text)'")
        } else {
            counts[index].missing += 1
        }
    }

    func report(to source: inout SourceReport) {
        for (column, missing, strays) in counts {
            if missing > 0 { source.missing.append((column, missing)) }
            if !strays.isEmpty { source.strays.append((column, strays.count, strays.first)) }
        }
    }
}

extension Table {
    /// Reads a file for a selection; a wrong column in its condition is shown with its place there.
    package init(path: String, format: TableFormat, for selection: Selection, everything: Bool = false, progress: ReadingProgress? = nil)
        throws
    {
        do {
            try self.init(path: path, format: format, keeping: everything ? nil : selection.columns, progress: progress)
        } catch TableError.unknownColumn(let name, let nearest, let all) {
            if !selection.names(name) { try selection.filter?.check(against: all) }
            throw TableError.unknownColumn(name: name, nearest: nearest, all: all)
        }
    }
}
