internal import CBoostMath
internal import Glibc

/// Whether units came to the arms in the ratio that was asked for: the exact multinomial test, for small experiments.
///
/// The p-value is the probability of all outcomes that are no likelier than the one observed.
public struct ExactSampleRatioTest: HypothesisTest {
    /// How many outcomes may be gone through.
    public static let outcomeLimit = 2_000_000

    /// The probability of the observed counts.
    public let statistic: Double
    /// The probability of counts that are no likelier.
    public let pValue: Double
    /// The units found in arms of weight zero, where none belong.
    public let unexpectedUnits: Int

    /// Compares counts with weights, which need not sum to one; an arm of weight zero is left out of the comparison.
    ///
    /// Goes through all ways of dealing n units to k arms, of which there are C(n + k - 1, k - 1), two million at the most.
    public init(counts: [Int], weights: [Double]) throws(StatisticsError) {
        let arms = try SampleRatioArms(counts, weights: weights)
        unexpectedUnits = arms.unexpected
        let (n, k) = (Double(arms.total), Double(arms.counts.count))
        let logOutcomes = boostmath_log_gamma(n + k) - boostmath_log_gamma(k) - boostmath_log_gamma(n + 1)
        guard logOutcomes <= log(Double(Self.outcomeLimit)) + 1e-9 else {
            throw .tooMany(argument: "counts", count: arms.total, limit: Self.largestTotal(arms.counts.count))
        }
        let walk = MultinomialOutcomes(total: arms.total, shares: arms.shares)
        let observed = walk.logProbability(arms.counts)
        statistic = exp(observed)
        // Outcomes as likely as the observed one count, though rounding may set them a little above.
        pValue = min(1, walk.sum(notAbove: observed + 1e-7))
    }

    /// The test's name, for a report.
    public var name: String { "exact sample ratio test" }

    private static func largestTotal(_ arms: Int) -> Int {
        var (outcomes, n) = (1.0, 0)
        while outcomes * Double(n + arms) / Double(n + 1) <= Double(outcomeLimit) {
            outcomes *= Double(n + arms) / Double(n + 1)
            n += 1
        }
        return n
    }
}

/// All ways of dealing units to arms.
private struct MultinomialOutcomes {
    let total: Int
    let logShares: [Double]
    let logFactorials: [Double]

    init(total: Int, shares: [Double]) {
        self.total = total
        logShares = shares.map { log($0) }
        logFactorials = (0...total).map { boostmath_log_gamma(Double($0) + 1) }
    }

    func logProbability(_ counts: [Int]) -> Double {
        counts.indices.reduce(logFactorials[total]) { $0 + term($1, counts[$1]) }
    }

    func sum(notAbove limit: Double) -> Double { sum(from: 0, left: total, sofar: logFactorials[total], limit) }

    private func term(_ arm: Int, _ count: Int) -> Double { Double(count) * logShares[arm] - logFactorials[count] }

    private func sum(from arm: Int, left: Int, sofar: Double, _ limit: Double) -> Double {
        if arm == logShares.count - 1 {
            let whole = sofar + term(arm, left)
            return whole <= limit ? exp(whole) : 0
        }
        var total = 0.0
        for count in 0...left {
            total += sum(from: arm + 1, left: left - count, sofar: sofar + term(arm, count), limit)
        }
        return total
    }
}
