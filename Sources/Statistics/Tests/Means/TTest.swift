/// What every t test shares: an estimate over its standard error, against Student's distribution.
public protocol TTest: EstimatingTest {
    /// The standard error of the estimate.
    var standardError: Double { get }
    /// The degrees of freedom of the reference distribution.
    var degreesOfFreedom: Double { get }
    /// The effect under the null hypothesis.
    var nullValue: Double { get }
}

extension TTest {
    /// (estimate - null value) / standard error.
    public var statistic: Double { (estimate - nullValue) / standardError }

    /// The probability, under the null hypothesis, of a statistic at least this extreme.
    public func pValue(_ alternative: Alternative) -> Double {
        Tails.symmetric(StudentT(validated: degreesOfFreedom), statistic, alternative)
    }

    /// The natural logarithm of the p-value.
    public func logPValue(_ alternative: Alternative = .twoSided) -> Double {
        Tails.logSymmetric(StudentT(validated: degreesOfFreedom), statistic, alternative)
    }

    /// The effects that the test at one minus `level` would not reject.
    public func confidenceInterval(level: Double, alternative: Alternative) throws(StatisticsError) -> ConfidenceInterval {
        let law = StudentT(validated: degreesOfFreedom)
        return try .symmetric(estimate, standardError, level, alternative) { law.unguardedQuantile($0) }
    }
}
