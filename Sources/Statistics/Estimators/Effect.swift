/// The effect of a treatment: its estimate less the control's, whatever the two were estimated by.
///
/// Means, ratios, quantiles, adjusted by covariates or not: every estimator of experiments ends here. Of plain means this is Welch's test.
public struct Effect: TTest {
    /// What the treated units say.
    public let treatment: Estimate
    /// What the control units say.
    public let control: Estimate
    /// The effect under the null hypothesis.
    public let nullValue: Double
    /// The standard error of the estimate.
    public let standardError: Double
    /// The degrees of freedom of the reference distribution.
    public let degreesOfFreedom: Double

    /// Compares two independent estimates of which at least one may be off.
    public init(treatment: Estimate, control: Estimate, nullValue: Double = 0) throws(StatisticsError) {
        try Require.finite(nullValue, "nullValue")
        let (a, b) = (treatment.variance, control.variance)
        guard a + b > 0 else { throw .noVariance(argument: "treatment and control") }
        try Require.finite(treatment.value - control.value - nullValue, "difference")
        (self.treatment, self.control, self.nullValue) = (treatment, control, nullValue)
        standardError = (a + b).squareRoot()
        degreesOfFreedom = Satterthwaite.degreesOfFreedom(a, treatment.degreesOfFreedom, b, control.degreesOfFreedom)
    }

    /// Compares two means.
    public init(treatment: Summary, control: Summary, nullValue: Double = 0) throws(StatisticsError) {
        try self.init(
            treatment: Estimate(treatment, "treatment"), control: Estimate(control, "control"), nullValue: nullValue)
    }

    /// The test's name, for a report.
    public var name: String { "difference of independent estimates" }
    /// The effect as measured.
    public var estimate: Double { treatment.value - control.value }

    /// The effect as a share of the control's value, which must not be zero.
    public func relative(nullValue: Double = 0) throws(StatisticsError) -> RelativeLift {
        try RelativeLift(treatment: treatment, control: control, nullValue: nullValue)
    }
}
