internal import CBoostMath
internal import Glibc

/// Watches the ratio of the arms from the first unit on, with one false alarm probability for all times together.
///
/// The Bayes factor of a Dirichlet-multinomial against the weights is a martingale while units are dealt out rightly. M. Lindon and A. Malek,
/// "Anytime-valid inference for multinomial count data", NeurIPS 35 (2022), arXiv:2011.03567.
public struct SequentialSampleRatioTest: Equatable, Sendable {
    /// The relative weights that the units are dealt out by.
    public let weights: [Double]
    /// How firmly the mixture holds the ratios to be near the weights: large finds small mismatches, small finds large ones sooner.
    public let concentration: Double
    /// The probability of counts like these at some time or other; never rises.
    public private(set) var pValue = 1.0
    /// The logarithm of the Bayes factor at the last counts, for a mismatch and against the weights.
    public private(set) var logEvidence = 0.0
    /// The units found in arms of weight zero, where none belong.
    public private(set) var unexpectedUnits = 0
    private var counts: [Int]

    /// A test that has seen no units yet.
    public init(weights: [Double], concentration: Double = 10_000) throws(StatisticsError) {
        try Require.positive(concentration, "concentration")
        counts = weights.map { _ in 0 }
        _ = try SampleRatioArms(counts, weights: weights)
        (self.weights, self.concentration) = (weights, concentration)
    }

    /// Takes in how many units each arm has by now; the numbers do not fall.
    public mutating func observe(counts now: [Int]) throws(StatisticsError) {
        let arms = try SampleRatioArms(now, weights: weights)
        for index in now.indices where now[index] < counts[index] {
            throw .outOfRange(argument: "counts[\(index)]", value: Double(now[index]), expected: "at least the \(counts[index]) of before")
        }
        counts = now
        unexpectedUnits = arms.unexpected
        logEvidence = bayesFactor(arms)
        pValue = min(pValue, exp(-logEvidence))
    }

    /// The probability of a mismatch, when it was `prior` before any units came.
    public func probabilityOfMismatch(prior: Double = 0.5) throws(StatisticsError) -> Double {
        try Require.properProbability(prior, "prior")
        return 1 / (1 + exp(log1p(-prior) - log(prior) - logEvidence))
    }

    /// Ratios of gamma functions by Stirling's formula with its exact remainder: the large parts combine into a divergence that is summed from
    /// nonnegative terms, so that nothing is lost for millions of units.
    private func bayesFactor(_ arms: SampleRatioArms) -> Double {
        let n = Double(arms.total)
        guard n > 0, arms.counts.count > 1 else { return 0 }
        let all = concentration + n
        var (divergence, rest) = (
            0.0, boostmath_stirling_error(concentration) - boostmath_stirling_error(all) + 0.5 * log(all / concentration)
        )
        for (count, share) in zip(arms.counts, arms.shares) {
            let before = concentration * share
            let after = before + Double(count)
            let excess = (Double(count) - n * share) / (all * share)
            divergence += share * ((1 + excess) * log1p(excess) - excess)
            rest += boostmath_stirling_error(after) - boostmath_stirling_error(before) - 0.5 * log(after / before)
        }
        return all * divergence + rest
    }
}
