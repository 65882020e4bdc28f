internal import Glibc

/// Chi-square tests of counts: independence in a table, or agreement with given weights.
///
/// K. Pearson, Philosophical Magazine 50 (1900), doi:10.1080/14786440009463897; continuity correction: F. Yates, JRSS Supplement 1 (1934), doi:10.2307/2983604;
/// the likelihood ratio G: S. S. Wilks, Annals of Mathematical Statistics 6 (1935), doi:10.1214/aoms/1177732564.
public struct ChiSquareTest: HypothesisTest {
    /// What is added up over the cells.
    public enum Form: String, Sendable, CaseIterable {
        /// (observed - expected)² / expected.
        case pearson
        /// The same with every deviation made smaller by one half, in tables with one degree of freedom.
        case yates
        /// 2 observed log(observed / expected).
        case likelihoodRatio = "g"
    }

    /// The value of the test statistic.
    public let statistic: Double
    /// The degrees of freedom.
    public let degreesOfFreedom: Int
    /// What was added up.
    public let form: Form
    /// The sum of the counts.
    public let total: Int
    private let shorterSide: Int

    /// Tests whether rows and columns of a table are independent.
    public init(_ table: ContingencyTable, form: Form = .pearson) {
        let cells = zip(table.counts, table.expected).flatMap { zip($0, $1).map { (Double($0), $1) } }
        self.init(cells, form, table.degreesOfFreedom, table.total, min(table.rowTotals.count, table.columnTotals.count))
    }

    /// Tests whether counts agree with weights: the sample-ratio test.
    ///
    /// The weights are relative and must be positive.
    public init(observed: [Int], weights: [Double], form: Form = .pearson) throws(StatisticsError) {
        guard observed.count >= 2 else { throw .tooFew(argument: "observed", count: observed.count, needed: 2) }
        guard weights.count == observed.count else {
            throw .countMismatch(argument: "weights", count: weights.count, expected: observed.count)
        }
        for (i, count) in observed.enumerated() { try Require.nonNegative(count, "observed[\(i)]") }
        for (i, weight) in weights.enumerated() { try Require.positive(weight, "weights[\(i)]") }
        try Require.countable(observed.reduce(0) { $0 + Double($1) }, "observed")
        let total = observed.reduce(0, +)
        guard total > 0 else { throw .empty(argument: "observed") }
        let sum = weights.reduce(0, +)
        try Require.finite(sum, "weights.sum")
        let cells = zip(observed, weights).map { (Double($0), Double(total) * ($1 / sum)) }
        self.init(cells, form, observed.count - 1, total, 2)
    }

    private init(_ cells: [(Double, Double)], _ form: Form, _ degreesOfFreedom: Int, _ total: Int, _ shorterSide: Int) {
        switch form {
        case .pearson:
            statistic = cells.reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) / $1.1 }
        case .yates:
            let shrink = degreesOfFreedom == 1 ? 0.5 : 0
            statistic = cells.reduce(0) { sum, cell in
                let deviation = max(0, abs(cell.0 - cell.1) - shrink)
                return sum + deviation * deviation / cell.1
            }
        case .likelihoodRatio:
            // o log(o/e) - (o - e) is never negative, and the second parts add up to nothing.
            statistic = max(0, cells.reduce(0) { $0 + 2 * ($1.0 == 0 ? $1.1 : $1.0 * log($1.0 / $1.1) - ($1.0 - $1.1)) })
        }
        (self.form, self.degreesOfFreedom, self.total, self.shorterSide) = (form, degreesOfFreedom, total, shorterSide)
    }

    /// The test's name, for a report.
    public var name: String {
        switch form {
        case .pearson: "Pearson's chi-square test"
        case .yates: "chi-square test with Yates' correction"
        case .likelihoodRatio: "G test"
        }
    }

    /// The p-value, two-sided where the test has sides.
    public var pValue: Double { ChiSquare(validated: Double(degreesOfFreedom)).survival(statistic) }
    /// The natural logarithm of the p-value.
    public var logPValue: Double { ChiSquare(validated: Double(degreesOfFreedom)).logSurvival(statistic) }

    /// Cramér's V: √(χ² / (n (shorter side - 1))), from 0 for independence to 1.
    public var cramerV: Double {
        (statistic / (Double(total) * Double(shorterSide - 1))).squareRoot()
    }
}
