package import Tables

/// What is asked of a file: a column of values, split by another, of the rows that a condition keeps.
package struct Selection: Sendable {
    package let value: String
    package let group: String?
    package let filter: Filter?
    /// The column that is compared with the values row by row.
    package let partner: String?
    /// The group that the others are held against; the first by name if not given.
    package var control: String?
    /// Further columns of numbers, such as covariates.
    package var others: [String] = []
    /// The column that says which stratum, segment or block a row belongs to.
    package var part: String?
    /// The column that says whose row it is, and what is done with several rows of one.
    package var unit: UnitRule?
    /// Quantiles of all values beyond which values count as those quantiles.
    package var limits: (low: Double, high: Double)?

    package init(value: String, group: String? = nil, partner: String? = nil, filter: Filter? = nil) {
        (self.value, self.group, self.partner, self.filter) = (value, group, partner, filter)
    }

    /// The columns that must be read.
    package var columns: [String] { own + (filter?.columns ?? []) }

    /// The same without those of the condition.
    private var own: [String] { [value] + [group, partner, part, unit?.column].compactMap { $0 } + others }

    /// Whether a column is asked for by itself and not in the condition.
    func names(_ column: String) -> Bool { own.contains(column) }
}

/// What is done with several rows of one unit.
package struct UnitRule: Sendable {
    /// What becomes of several values.
    package enum Aggregate: String, CaseIterable, Sendable {
        case sum, mean, max, min
    }

    package let column: String
    /// `nil` where no unit may have more than one row.
    package let aggregate: Aggregate?
    /// Whether units that are in more than one group are left out; otherwise they are an error.
    package let leavesOutCrossed: Bool

    package init(column: String, aggregate: Aggregate? = nil, leavesOutCrossed: Bool = false) {
        (self.column, self.aggregate, self.leavesOutCrossed) = (column, aggregate, leavesOutCrossed)
    }
}
