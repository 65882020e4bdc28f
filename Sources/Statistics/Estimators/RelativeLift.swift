internal import Glibc

/// The relative lift of a treatment: how much greater than the control's its value is, as a share of the control's.
///
/// The test is of treatment - (1 + null) · control, which needs no approximation of a ratio; at a null value of zero it is the test of
/// the difference. Its inversion is the interval of E. C. Fieller, "Some problems in interval estimation", Journal of the Royal
/// Statistical Society B 16 (1954), doi:10.1111/j.2517-6161.1954.tb00159.x.
public struct RelativeLift: EstimatingTest {
    /// How the interval is made.
    public enum Method: String, Sendable, CaseIterable {
        /// The lifts that the test would not reject: it agrees with the p-value, and is unbounded where the control may be zero.
        case fieller
        /// The delta method on the logarithm of the ratio; for values of one sign.
        case logRatio
        /// The delta method on the ratio itself: symmetric, and optimistic where the control is uncertain.
        case delta
    }

    /// What the treated units say.
    public let treatment: Estimate
    /// What the control units say.
    public let control: Estimate
    /// The lift under the null hypothesis.
    public let nullValue: Double
    /// The value of the test statistic; positive for a lift above the null value.
    public let statistic: Double
    /// The degrees of freedom of the reference distribution.
    public let degreesOfFreedom: Double

    /// Compares two independent estimates; the control's must not be zero.
    public init(treatment: Estimate, control: Estimate, nullValue: Double = 0) throws(StatisticsError) {
        try Require.finite(nullValue, "nullValue")
        guard control.value != 0 else { throw .outOfRange(argument: "control", value: 0, expected: "a value other than zero") }
        let ratio = 1 + nullValue
        let (a, b) = (treatment.variance, ratio * ratio * control.variance)
        guard a + b > 0 else { throw .noVariance(argument: "treatment and control") }
        try Require.finite(a + b, "nullValue")
        guard ((treatment.value - control.value) / control.value).isFinite else {
            throw .outOfRange(argument: "control", value: control.value, expected: "a value that the treatment's can be divided by")
        }
        (self.treatment, self.control, self.nullValue) = (treatment, control, nullValue)
        let contrast = (treatment.value - control.value) - nullValue * control.value
        statistic = (control.value < 0 ? -contrast : contrast) / (a + b).squareRoot()
        degreesOfFreedom = Satterthwaite.degreesOfFreedom(a, treatment.degreesOfFreedom, b, control.degreesOfFreedom)
    }

    /// Compares two means.
    public init(treatment: Summary, control: Summary, nullValue: Double = 0) throws(StatisticsError) {
        try self.init(
            treatment: Estimate(treatment, "treatment"), control: Estimate(control, "control"), nullValue: nullValue)
    }

    /// The test's name, for a report.
    public var name: String { "relative lift" }
    /// The lift as measured: 0.1 is ten per cent more.
    public var estimate: Double { (treatment.value - control.value) / control.value }
    /// Whether the treatment is zero without an error: its lift and both ends of any interval are -100 %, whatever is not known of it.
    public var isOfNothing: Bool { treatment.value == 0 && treatment.standardError == 0 }
    /// The standard error of the lift by the delta method.
    public var standardError: Double {
        let parts = deltaParts
        return (parts.0 + parts.1).squareRoot()
    }

    /// The probability, under the null hypothesis, of a statistic at least this extreme.
    public func pValue(_ alternative: Alternative) -> Double {
        Tails.symmetric(StudentT(validated: degreesOfFreedom), statistic, alternative)
    }

    /// The natural logarithm of the p-value.
    public func logPValue(_ alternative: Alternative) -> Double {
        Tails.logSymmetric(StudentT(validated: degreesOfFreedom), statistic, alternative)
    }

    /// The lifts that the test at one minus `level` would not reject: Fieller's interval.
    public func confidenceInterval(level: Double, alternative: Alternative) throws(StatisticsError) -> ConfidenceInterval {
        try confidenceInterval(.fieller, level: level, alternative: alternative)
    }

    /// An interval for the lift by the method of choice.
    ///
    /// Fieller's is unbounded on both sides where zero is among the values that the control may have. The logarithm's is an error
    /// where the ratio is not positive.
    public func confidenceInterval(
        _ method: Method, level: Double = 0.95, alternative: Alternative = .twoSided
    ) throws(StatisticsError) -> ConfidenceInterval {
        try Require.properProbability(level, "level")
        let tail = alternative == .twoSided ? (1 - level) / 2 : 1 - level
        switch method {
        case .fieller:
            return fieller(-StudentT(validated: degreesOfFreedom).unguardedQuantile(tail), level, alternative)
        case .delta:
            let (a, b) = deltaParts
            guard a + b > 0 else { throw .noVariance(argument: "treatment and control") }
            let reach = -quantile(tail, a, b) * (a + b).squareRoot()
            return open(low: estimate - reach, high: estimate + reach, level, alternative)
        case .logRatio:
            guard treatment.value / control.value > 0 else {
                throw .outOfRange(argument: "treatment", value: treatment.value, expected: "a value of the control's sign")
            }
            let a = Self.square(treatment.standardError / treatment.value)
            let b = Self.square(control.standardError / control.value)
            guard a + b > 0 else { throw .noVariance(argument: "treatment and control") }
            let reach = -quantile(tail, a, b) * (a + b).squareRoot()
            // (1 + lift) eʳ - 1, without losing a small lift against the one.
            return open(
                low: estimate * exp(-reach) + expm1(-reach), high: estimate * exp(reach) + expm1(reach), level, alternative)
        }
    }

    /// The lifts that may be true at this time, however often one looks and whenever one stops: one of a sequence of intervals that all cover
    /// the lift with the probability `level`.
    ///
    /// For each lift, treatment - (1 + lift) · control has a ``ConfidenceSequence`` of its own; the interval holds the lifts whose sequence
    /// holds zero, as Fieller's holds those whose test does not reject, and is unbounded where Fieller's is.
    ///
    /// - Parameters:
    ///   - count: how many units both estimates rest on together.
    ///   - size: with how many it is narrowest; the same must be kept as data come in.
    public func alwaysValidInterval(
        count: Int, tunedFor size: Double, level: Double = 0.95, alternative: Alternative = .twoSided
    ) throws(StatisticsError) -> ConfidenceInterval {
        try Require.positive(count, "count")
        try Require.positive(size, "size")
        try Require.properProbability(level, "level")
        let mixture = NormalMixture(count: count, tunedFor: size, level: level)
        return fieller(try mixture.radius(1 - level, alternative), level, alternative)
    }

    /// The two terms of the squared standard error: of the treatment and of the control.
    private var deltaParts: (Double, Double) {
        let ratio = treatment.value / control.value
        return (Self.square(treatment.standardError / control.value), Self.square(ratio * (control.standardError / control.value)))
    }

    private static func square(_ x: Double) -> Double { x * x }

    private func quantile(_ tail: Double, _ a: Double, _ b: Double) -> Double {
        let degrees = Satterthwaite.degreesOfFreedom(a, treatment.degreesOfFreedom, b, control.degreesOfFreedom)
        return StudentT(validated: degrees).unguardedQuantile(tail)
    }

    /// The ρ with (r - ρ)² ≤ q² (V + ρ² W), less one, where everything is in units of the control's value.
    private func fieller(_ q: Double, _ level: Double, _ alternative: Alternative) -> ConfidenceInterval {
        let v = Self.square(treatment.standardError / control.value)
        let w = Self.square(control.standardError / control.value)
        let leading = 1 - q * q * w
        guard leading > 0 else { return ConfidenceInterval(low: -.infinity, high: .infinity, level: level) }
        // The middle is r / (1 - q² W); it is written for r - 1, so that a small lift is not lost.
        let middle = (estimate + q * q * w) / leading
        let ratio = treatment.value / control.value
        let reach = q * (v * leading + ratio * ratio * w).squareRoot() / leading
        return open(low: middle - reach, high: middle + reach, level, alternative)
    }

    private func open(low: Double, high: Double, _ level: Double, _ alternative: Alternative) -> ConfidenceInterval {
        ConfidenceInterval(
            low: alternative == .less ? -.infinity : low, high: alternative == .greater ? .infinity : high, level: level)
    }
}
