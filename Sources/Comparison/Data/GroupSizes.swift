package import Tables

/// How many rows each group of a file has.
package enum GroupSizes {
    /// The groups by their names, of the rows that a condition keeps.
    package static func of(
        _ column: String, in table: Table, _ filter: Filter?
    ) throws -> (sizes: [(name: String, size: Int)], source: SourceReport) {
        let rows = try filter?.rows(of: table).rows ?? Array(0..<table.rows)
        let labels = try table.labels(column)
        var counts = [Int](repeating: 0, count: labels.values.count)
        var missing = 0
        for row in rows {
            if labels.codes[row] < 0 { missing += 1 } else { counts[Int(labels.codes[row])] += 1 }
        }
        var source = SourceReport(table, selected: rows.count, used: rows.count - missing)
        if missing > 0 { source.missing.append((column, missing)) }
        let sizes = counts.indices.filter { counts[$0] > 0 }.map { (name: labels.values[$0], size: counts[$0]) }
        return (sizes.sorted { $0.name < $1.name }, source)
    }
}
