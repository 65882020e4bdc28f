/// Whether an effect differs from segment to segment, and what is left of each segment's own once chance is taken out.
///
/// W. G. Cochran, "The combination of estimates from different experiments", Biometrics 10 (1954), doi:10.2307/3001666; the variance between
/// segments by R. DerSimonian and N. Laird, "Meta-analysis in clinical trials", Controlled Clinical Trials 7 (1986),
/// doi:10.1016/0197-2456(86)90046-2.
public struct Heterogeneity: HypothesisTest {
    /// The effect in each segment.
    public let segments: [Estimate]
    /// Cochran's Q: the squared distances from the common effect, in squared standard errors.
    public let statistic: Double
    /// The effect common to all segments, if there is one.
    public let common: Estimate
    /// The variance of the true effects between segments; 0 where chance explains the differences.
    public let varianceBetween: Double
    /// The mean of the segments' effects, which may differ.
    public let average: Estimate

    /// Compares the effects in at least two segments that share no units; each has a standard error above zero.
    public init(_ segments: [Estimate]) throws(StatisticsError) {
        try Require.count(segments.count, "segments", atLeast: 2)
        for (index, segment) in segments.enumerated() where !(segment.variance > 0) {
            throw .noVariance(argument: "segments[\(index)]")
        }
        let fixed = Self.combine(segments, adding: 0)
        let q = segments.reduce(0) { sum, segment in
            let distance = (segment.value - fixed.estimate.value) / segment.standardError
            return sum + distance * distance
        }
        let squares = segments.reduce(0) { $0 + 1 / ($1.variance * $1.variance) }
        let scale = fixed.weight - squares / fixed.weight
        varianceBetween = max(0, q - Double(segments.count - 1)) / scale
        (self.segments, statistic, common) = (segments, q, fixed.estimate)
        average = Self.combine(segments, adding: varianceBetween).estimate
    }

    /// Compares the effects of tests in several segments.
    public init(_ effects: [Effect]) throws(StatisticsError) {
        self = try Self(
            effects.map {
                Estimate(validated: $0.estimate, variance: $0.standardError * $0.standardError, degreesOfFreedom: $0.degreesOfFreedom)
            })
    }

    /// The test's name, for a report.
    public var name: String { "Cochran's Q" }
    /// The degrees of freedom of Q: the segments less one.
    public var degreesOfFreedom: Double { Double(segments.count - 1) }

    /// The probability of effects that differ this much where the true ones are equal.
    public var pValue: Double { ChiSquare(validated: degreesOfFreedom).survival(statistic) }
    /// The natural logarithm of that probability.
    public var logPValue: Double { ChiSquare(validated: degreesOfFreedom).logSurvival(statistic) }

    /// I²: the share of the differences that chance does not explain.
    ///
    /// J. P. T. Higgins and S. G. Thompson, "Quantifying heterogeneity in a meta-analysis", Statistics in Medicine 21 (2002),
    /// doi:10.1002/sim.1186.
    public var inconsistency: Double {
        statistic > 0 ? max(0, (statistic - degreesOfFreedom) / statistic) : 0
    }

    /// Each segment's effect drawn towards the average, the more the less sure it is: what to expect of the segment from now on.
    ///
    /// Empirical Bayes; the standard errors take the average and the variance between segments as known. C. N. Morris, "Parametric empirical
    /// Bayes inference", Journal of the American Statistical Association 78 (1983), doi:10.1080/01621459.1983.10477920.
    public var shrunken: [Estimate] {
        segments.map { segment in
            let keep = varianceBetween / (varianceBetween + segment.variance)
            let variance = keep * segment.variance + (1 - keep) * (1 - keep) * average.variance
            return Estimate(
                validated: average.value + keep * (segment.value - average.value), variance: variance, degreesOfFreedom: .infinity)
        }
    }

    private static func combine(_ segments: [Estimate], adding between: Double) -> (estimate: Estimate, weight: Double) {
        var (weight, value) = (0.0, 0.0)
        for segment in segments {
            let share = 1 / (segment.variance + between)
            weight += share
            value += share * (segment.value - segments[0].value)
        }
        return (
            Estimate(validated: segments[0].value + value / weight, variance: 1 / weight, degreesOfFreedom: .infinity), weight
        )
    }
}
