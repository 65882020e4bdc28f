internal import Glibc
internal import Statistics

/// When a test is said to have a positive effect.
package enum DecisionRule: Sendable, Hashable {
    /// Where a positive effect is likelier than not: it maximises the expected number of right alarms less wrong ones.
    case likelier
    /// Where a one-sided test of no effect is rejected.
    case significance(alpha: Double)
}

/// A test of the hypothesis that nothing happened.
///
/// For each kind of effect the best linear combination of the signals is tested, one-sided, and the p-values are combined as Y. Liu and
/// J. Xie, "Cauchy combination test" (2020, doi:10.1080/01621459.2018.1554485), which holds for dependent tests.
struct CombinedTest {
    let pValue: Double
    /// The statistic of each kind.
    let statistics: [Double]

    init(_ likelihood: TestLikelihood) {
        let statistics = zip(likelihood.score, likelihood.information).map { $1 > 0 ? $0 / $1.squareRoot() : 0 }
        self.statistics = statistics
        var sum = 0.0
        for statistic in statistics {
            let p = Normal.standard.survival(statistic)
            // tan((½ − p)π), in a form that keeps its digits for small p.
            sum += p < 1e-8 ? 1 / (p * .pi + 1e-300) : tan((0.5 - min(p, 1 - 1e-8)) * .pi)
        }
        let mean = sum / Double(max(1, statistics.count))
        pValue = mean > 1e8 ? 1 / (mean * .pi) : 0.5 - atan(mean) / .pi
    }
}
