import Statistics

/// Values with the name of their group.
package struct NamedValues: Sendable {
    package let name: String
    package var values: [Double]
    /// The row of the table that each value stands in; of several, the first.
    package var rows: [Int]
    /// Further columns of the same units, such as covariates.
    package var others: [[Double]]
    /// The part that each unit belongs to, as an index of `partNames`.
    package var parts: [Int]
    package var partNames: [String]

    package init(
        name: String, values: [Double], rows: [Int] = [], others: [[Double]] = [], parts: [Int] = [], partNames: [String] = []
    ) {
        (self.name, self.values, self.rows) = (name, values, rows)
        (self.others, self.parts, self.partNames) = (others, parts, partNames)
    }

    /// Whether all values are 0 or 1.
    var isBinary: Bool { values.allSatisfy { $0 == 0 || $0 == 1 } }

    /// The share of ones among zeros and ones.
    var proportion: Proportion {
        get throws(StatisticsError) { try Proportion(successes: values.count { $0 == 1 }, trials: values.count) }
    }

    /// The values of one part.
    func values(ofPart part: Int) -> [Double] { parts.indices.filter { parts[$0] == part }.map { values[$0] } }

    /// The values and further columns, as co-moments.
    var moments: CoMoments {
        get throws(StatisticsError) { try CoMoments([values] + others) }
    }
}
