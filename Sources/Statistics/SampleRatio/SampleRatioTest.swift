/// Whether units came to the arms in the ratio that was asked for: Pearson's chi-square test.
///
/// A mismatch (SRM) says that the experiment is broken, not that a variant works: A. Fabijan and others, "Diagnosing sample ratio mismatch
/// in online controlled experiments", KDD (2019), doi:10.1145/3292500.3330722. As it is looked at often, hold it against 0.001 or less,
/// or use ``SequentialSampleRatioTest``. Below about five expected units an arm ask ``ExactSampleRatioTest``.
public struct SampleRatioTest: HypothesisTest {
    private let arms: SampleRatioArms

    /// Compares counts with weights, which need not sum to one; an arm of weight zero is left out of the comparison.
    public init(counts: [Int], weights: [Double]) throws(StatisticsError) {
        arms = try SampleRatioArms(counts, weights: weights)
    }

    /// The test's name, for a report.
    public var name: String { "sample ratio test" }
    /// The units found in arms of weight zero, where none belong.
    public var unexpectedUnits: Int { arms.unexpected }
    /// The arms with a weight, less one.
    public var degreesOfFreedom: Int { arms.counts.count - 1 }
    /// The units expected in each arm with a weight.
    public var expected: [Double] { arms.shares.map { $0 * Double(arms.total) } }

    /// Pearson's chi-square; 0 where there are no units.
    public var statistic: Double {
        zip(arms.counts, expected).reduce(0) { sum, arm in
            let difference = Double(arm.0) - arm.1
            return arm.1 > 0 ? sum + difference * difference / arm.1 : sum
        }
    }

    /// The probability of counts at least this far from the weights; 1 where there is nothing to compare.
    public var pValue: Double {
        degreesOfFreedom > 0 ? ChiSquare(validated: Double(degreesOfFreedom)).survival(statistic) : 1
    }

    /// The natural logarithm of that probability.
    public var logPValue: Double {
        degreesOfFreedom > 0 ? ChiSquare(validated: Double(degreesOfFreedom)).logSurvival(statistic) : 0
    }
}
