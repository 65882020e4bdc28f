package import Statistics
import Text

/// What is asked of a test besides its samples.
package struct TestQuestion: Sendable {
    /// The level of intervals, and one less the significance.
    package var level = 0.95
    package var alternative = Alternative.twoSided
    package var adjustment = Adjustment.holm
    /// Whether only pairs with the first sample are compared.
    package var onlyWithControl = false
    /// Whether more of what is measured is better.
    package var higherIsBetter = true
    /// Whether values are known to say if each unit did something, 0 or 1: also where all are the same, which tells nothing of what they are.
    package var isConversion = false
    /// What a single sample is held against, instead of the test's own value.
    package var nullValue: Double?
    /// The least difference that matters.
    package var margin: Double?
    /// How units were meant to be dealt to the groups.
    package var weights: [Double]?
    package var resampling = Resampling.standard
    package var intervalMethod = Bootstrap.Method.bca
    /// The share that is cut off at each end.
    package var trimming = 0.2
    package var probability = 0.5
    package var tuning: ConfidenceSequence.Tuning?
    /// What was believed of a proportion.
    package var proportionPrior = Beta.uniform
    /// What was believed of a difference of means; `nil` for nothing.
    package var differencePrior: Normal?
    /// The distribution that a sample is held against.
    package var reference: Normal?
    /// What further columns are called.
    package var columnNames: [String] = []

    package init() {}

    /// The significance as it was meant: 0.05, not what 1 - 0.95 leaves.
    var alpha: Double { level < 0.999_999 ? ((1 - level) * 1e12).rounded() / 1e12 : 1 - level }

    var alphaText: String { "\(alpha)" }

    /// A p-value in a sentence, with as many digits as it takes to hold it against alpha.
    func stated(_ p: Double) -> String { alpha < 0.0001 ? "p \(Probability.text(p, log: nil))" : Figures.pValue(p) }

    /// What "better" was taken to mean.
    var betterNote: String { higherIsBetter ? "more is better; --better lower says otherwise" : "less is better" }
}
