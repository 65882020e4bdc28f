/// A treatment's value less a multiple of the control's: whether it is shown to be above, or below, nine tenths of the control's.
///
/// It is what a margin that is a share of the control's value is tested by, with the variance of both. Nothing is divided, so it decides as well where
/// the control may be zero and the interval of the lift has no bounds; where it has, a multiple is rejected exactly where its lift lies outside Fieller's
/// (``RelativeLift``). For that the degrees of freedom are those of the interval, Satterthwaite's of the plain difference.
public struct ScaledDifference: TTest {
    /// What the treated units say.
    public let treatment: Estimate
    /// What the control units say.
    public let control: Estimate
    /// By how much the multiple is greater than one: -0.1 asks for nine tenths of the control.
    public let lift: Double
    /// The standard error of the estimate.
    public let standardError: Double
    /// The degrees of freedom of the reference distribution.
    public let degreesOfFreedom: Double

    /// Compares an estimate with 1 + `lift` times another, independent one.
    public init(treatment: Estimate, control: Estimate, lift: Double) throws(StatisticsError) {
        try Require.finite(lift, "lift")
        let (a, b) = (treatment.variance, control.variance)
        let multiple = 1 + lift
        let variance = a + multiple * multiple * b
        try Require.finite(variance, "lift")
        guard variance > 0 else { throw .noVariance(argument: "treatment and control") }
        (self.treatment, self.control, self.lift) = (treatment, control, lift)
        standardError = variance.squareRoot()
        degreesOfFreedom = Satterthwaite.degreesOfFreedom(a, treatment.degreesOfFreedom, b, control.degreesOfFreedom)
        try Require.finite(estimate, "lift")
    }

    /// The test's name, for a report.
    public var name: String { "difference from a multiple" }
    /// Zero.
    public var nullValue: Double { 0 }
    /// The treatment's value less the multiple of the control's.
    public var estimate: Double { (treatment.value - control.value) - lift * control.value }
}
