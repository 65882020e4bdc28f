internal import Glibc

/// Fisher's exact test of a 2 × 2 table: whether the odds ratio is 1, given both margins.
///
/// R. A. Fisher, "On the interpretation of χ² from contingency tables", JRSS 85 (1922), doi:10.2307/2340521. Two-sided, it adds up every table that is
/// no likelier than the one observed. The estimate is the conditional maximum-likelihood odds ratio, the interval inverts both one-sided tests.
public struct FisherExactTest: EstimatingTest {
    private let law: Hypergeometric
    private let corner: Int
    /// The odds ratio of the table itself, ad / bc; infinite where only the divisor is zero, `nil` where both are.
    public let sampleOddsRatio: Double?

    /// Tests a table of two rows and two columns.
    public init(_ table: ContingencyTable) throws(StatisticsError) {
        guard table.rowTotals.count == 2 else { throw .tooMany(argument: "rows", count: table.rowTotals.count, limit: 2) }
        guard table.columnTotals.count == 2 else { throw .tooMany(argument: "columns", count: table.columnTotals.count, limit: 2) }
        law = Hypergeometric(validatedPopulation: table.total, marked: table.columnTotals[0], draws: table.rowTotals[0])
        corner = table.counts[0][0]
        let (product, other) = (
            Double(table.counts[0][0]) * Double(table.counts[1][1]), Double(table.counts[0][1]) * Double(table.counts[1][0])
        )
        sampleOddsRatio = other > 0 ? product / other : product > 0 ? .infinity : nil
    }

    /// Tests whether two proportions come from one probability.
    public init(_ first: Proportion, _ second: Proportion) throws(StatisticsError) {
        guard first.successes + second.successes > 0, first.successes + second.successes < first.trials + second.trials else {
            throw .noVariance(argument: "first and second")
        }
        try self.init(ContingencyTable(first, second))
    }

    /// The test's name, for a report.
    public var name: String { "Fisher's exact test" }
    /// The count in the first row and column.
    public var statistic: Double { Double(corner) }

    /// The probability, under the null hypothesis, of a statistic at least this extreme.
    public func pValue(_ alternative: Alternative) -> Double {
        switch alternative {
        case .less: law.cdf(corner)
        case .greater: law.survival(corner - 1)
        case .twoSided: ExactTails(law, corner).pValue
        }
    }

    /// The natural logarithm of the p-value.
    public func logPValue(_ alternative: Alternative) -> Double {
        switch alternative {
        case .less: law.logCDF(corner)
        case .greater: law.logSurvival(corner - 1)
        case .twoSided: ExactTails(law, corner).logPValue
        }
    }

    /// The odds ratio under which the observed table is likeliest, the margins given.
    public var estimate: Double {
        if corner == law.support.lowerBound { return 0 }
        if corner == law.support.upperBound { return .infinity }
        let tilted = TiltedHypergeometric(law)
        return Root.increasing(from: 0, step: 0.5, within: -700...700) { tilted.mean($0) - Double(corner) }.map { exp($0) } ?? .infinity
    }

    /// The values that a test at one minus `level` does not reject.
    public func confidenceInterval(level: Double, alternative: Alternative) throws(StatisticsError) -> ConfidenceInterval {
        try Require.properProbability(level, "level")
        let tail = alternative == .twoSided ? (1 - level) / 2 : 1 - level
        let tilted = TiltedHypergeometric(law)
        var (low, high) = (0.0, Double.infinity)
        if alternative != .less, corner > law.support.lowerBound {
            let root = Root.increasing(from: 0, step: 0.5, within: -700...700) { tilted.upper($0, corner) - tail }
            guard let root else { throw .noConvergence(computation: "interval of the odds ratio") }
            low = exp(root)
        }
        if alternative != .greater, corner < law.support.upperBound {
            let root = Root.increasing(from: 0, step: 0.5, within: -700...700) { tail - tilted.lower($0, corner) }
            guard let root else { throw .noConvergence(computation: "interval of the odds ratio") }
            high = exp(root)
        }
        return ConfidenceInterval(low: low, high: high, level: level)
    }
}
