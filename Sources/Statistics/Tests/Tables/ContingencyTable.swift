/// Counts of two classifications of the same units, rows by columns.
public struct ContingencyTable: Equatable, Sendable {
    /// The counts, row by row.
    public let counts: [[Int]]
    /// The sum of each row.
    public let rowTotals: [Int]
    /// The sum of each column.
    public let columnTotals: [Int]
    /// The sum of all counts.
    public let total: Int

    /// A table of at least two rows and two columns, none of which is empty.
    public init(_ counts: [[Int]]) throws(StatisticsError) {
        guard counts.count >= 2 else { throw .tooFew(argument: "rows", count: counts.count, needed: 2) }
        let width = counts[0].count
        guard width >= 2 else { throw .tooFew(argument: "columns", count: width, needed: 2) }
        for (i, row) in counts.enumerated() {
            guard row.count == width else { throw .countMismatch(argument: "row \(i)", count: row.count, expected: width) }
            for (j, count) in row.enumerated() { try Require.nonNegative(count, "counts[\(i)][\(j)]") }
        }
        try Require.countable(counts.reduce(0) { $0 + $1.reduce(0) { $0 + Double($1) } }, "counts")
        self.counts = counts
        rowTotals = counts.map { $0.reduce(0, +) }
        columnTotals = (0..<width).map { column in counts.reduce(0) { $0 + $1[column] } }
        total = rowTotals.reduce(0, +)
        if let row = rowTotals.firstIndex(of: 0) { throw .empty(argument: "row \(row)") }
        if let column = columnTotals.firstIndex(of: 0) { throw .empty(argument: "column \(column)") }
    }

    /// Successes and failures of two proportions or more, each a row.
    public init(_ proportions: [Proportion]) throws(StatisticsError) {
        try self.init(proportions.map { [$0.successes, $0.trials - $0.successes] })
    }

    /// Successes and failures of two proportions as rows.
    public init(_ first: Proportion, _ second: Proportion) throws(StatisticsError) {
        try self.init([first, second])
    }

    /// The counts that independence would lead one to expect, row by row.
    public var expected: [[Double]] {
        rowTotals.map { row in columnTotals.map { Double(row) * (Double($0) / Double(total)) } }
    }

    /// (rows - 1)(columns - 1).
    public var degreesOfFreedom: Int { (rowTotals.count - 1) * (columnTotals.count - 1) }
}
