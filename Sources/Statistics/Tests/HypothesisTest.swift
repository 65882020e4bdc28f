internal import Glibc

/// Which departures from the null hypothesis count as evidence against it.
public enum Alternative: String, Sendable, CaseIterable {
    /// A departure in either direction.
    case twoSided = "two-sided"
    /// The first is less than the second, or the estimate less than its null value.
    case less
    /// The first is greater than the second, or the estimate greater than its null value.
    case greater
}

/// A test that has been carried out: a value of which questions are asked.
///
/// Where two samples are compared, the estimate and the statistic are for the first less the second.
public protocol HypothesisTest: Sendable {
    /// The test's name, for a report.
    var name: String { get }
    /// The value of the test statistic.
    var statistic: Double { get }
    /// The p-value, two-sided where the test has sides.
    var pValue: Double { get }
    /// The natural logarithm of the p-value; most tests know it even where the p-value is too small for a double.
    var logPValue: Double { get }
}

/// A test that can look in one direction.
public protocol DirectionalTest: HypothesisTest {
    /// The probability, under the null hypothesis, of a statistic at least this extreme.
    func pValue(_ alternative: Alternative) -> Double
    /// The natural logarithm of that probability.
    func logPValue(_ alternative: Alternative) -> Double
}

/// A test that estimates how large the effect is.
///
/// Its interval holds the effects that the test at one minus `level` would not reject.
public protocol EstimatingTest: DirectionalTest, Estimating {}

extension HypothesisTest {
    /// The natural logarithm of the p-value.
    public var logPValue: Double { log(pValue) }
}

extension DirectionalTest {
    /// The two-sided p-value.
    public var pValue: Double { pValue(.twoSided) }
    /// The natural logarithm of the two-sided p-value.
    public var logPValue: Double { logPValue(.twoSided) }
    /// The natural logarithm of the p-value.
    public func logPValue(_ alternative: Alternative) -> Double { log(pValue(alternative)) }
}
