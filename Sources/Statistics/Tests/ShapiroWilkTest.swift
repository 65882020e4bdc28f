internal import Glibc

/// The Shapiro-Wilk test: whether a sample comes from a normal distribution.
///
/// S. S. Shapiro and M. B. Wilk, Biometrika 52 (1965), doi:10.1093/biomet/52.3-4.591; coefficients and p-values by P. Royston, "Algorithm AS R94",
/// Applied Statistics 44 (1995), doi:10.2307/2986146, whose approximations hold for 3 to 5,000 values.
public struct ShapiroWilkTest: HypothesisTest {
    /// W, from 0 to 1: the share of the variance that a straight line in a normal plot explains.
    public let statistic: Double
    /// One less W, to full precision where W is almost one.
    public let complement: Double
    /// How many values there are.
    public let count: Int

    /// Tests a raw sample of 3 to 5,000 values.
    ///
    /// Takes O(n log n) time.
    public init(_ sample: Span<Double>) throws(StatisticsError) {
        try Require.sample(sample, "sample", atLeast: 3)
        guard sample.count <= 5000 else { throw .tooMany(argument: "sample", count: sample.count, limit: 5000) }
        let sorted = SortKeys.sorted(sample).map(SortKeys.value)
        guard sorted[0] < sorted[sorted.count - 1] else { throw .noVariance(argument: "sample") }
        let upper = Self.coefficients(sorted.count)
        let summary = try Summary(sorted.span, argument: "sample")
        let scale = summary.squaredDeviations.squareRoot()
        let n = sorted.count
        // Of the two unit vectors a and x, 1 - (a·x)² = |a - x|² |a + x|² / 4: nothing cancels where they almost agree.
        var (minus, plus) = (0.0, 0.0)
        for i in 0..<n {
            let a = i < upper.count ? -upper[i] : i >= n - upper.count ? upper[n - 1 - i] : 0
            let x = (sorted[i] - summary.mean) / scale
            minus += (a - x) * (a - x)
            plus += (a + x) * (a + x)
        }
        complement = min(1, max(0, minus * plus / 4))
        (statistic, count) = (1 - complement, n)
    }

    /// Tests a raw sample of 3 to 5,000 values.
    public init(_ sample: [Double]) throws(StatisticsError) {
        try self.init(sample.span)
    }

    /// The test's name, for a report.
    public var name: String { "Shapiro-Wilk test" }

    /// The p-value; small where W is small.
    public var pValue: Double { count == 3 ? ofThree : Normal.standard.survival(z) }
    /// The natural logarithm of the p-value.
    public var logPValue: Double { count == 3 ? log(ofThree) : Normal.standard.logSurvival(z) }

    /// The exact p-value of three values.
    private var ofThree: Double { max(0, 6 / Double.pi * (asin(statistic.squareRoot()) - asin(0.75.squareRoot()))) }

    /// A function of W that is nearly normal for normal samples.
    private var z: Double {
        let n = Double(count)
        let y = log(complement)
        if count <= 11 {
            let gamma = 0.459 * n - 2.273
            guard y < gamma else { return .infinity }
            let mean = Self.polynomial([0.544, -0.39978, 0.025054, -6.714e-4], n)
            let deviation = exp(Self.polynomial([1.3822, -0.77857, 0.062767, -0.0020322], n))
            return (-log(gamma - y) - mean) / deviation
        }
        let logN = log(n)
        let mean = Self.polynomial([-1.5861, -0.31082, -0.083751, 0.0038915], logN)
        let deviation = exp(Self.polynomial([-0.4803, -0.082676, 0.0030302], logN))
        return (y - mean) / deviation
    }

    /// The upper half of the coefficients, largest first; the lower half is their negative.
    private static func coefficients(_ n: Int) -> [Double] {
        let half = n / 2
        if n == 3 { return [Double(0.5).squareRoot()] }
        var scores = (1...half).map { -NormalKernel.quantile((Double($0) - 0.375) / (Double(n) + 0.25)) }
        let squares = 2 * scores.reduce(0) { $0 + $1 * $1 }
        let root = squares.squareRoot()
        let r = 1 / Double(n).squareRoot()
        let first = polynomial([0, 0.221157, -0.147981, -2.071190, 4.434685, -2.706056], r) + scores[0] / root
        var rest = squares - 2 * scores[0] * scores[0]
        var weight = 1 - 2 * first * first
        var fixed = [first]
        if n > 5 {
            let second = polynomial([0, 0.042981, -0.293762, -1.752461, 5.682633, -3.582633], r) + scores[1] / root
            rest -= 2 * scores[1] * scores[1]
            weight -= 2 * second * second
            fixed.append(second)
        }
        let factor = (rest / weight).squareRoot()
        for i in scores.indices { scores[i] = i < fixed.count ? fixed[i] : scores[i] / factor }
        return scores
    }

    private static func polynomial(_ coefficients: [Double], _ x: Double) -> Double {
        coefficients.reversed().reduce(0) { $0 * x + $1 }
    }
}
