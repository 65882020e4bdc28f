internal import Statistics

extension CalibrationCase {
    /// Five z statistics that hang together through a common control.
    private static func statistics(_ draws: inout Draws) -> [Double] {
        let control = draws.normal()
        return (0..<5).map { _ in (draws.normal() - control) / 2.0.squareRoot() }
    }

    /// The critical value of five comparisons with one control.
    private static let critical: Double? = {
        let correlation = (0..<5).map { i in (0..<5).map { i == $0 ? 1 : 0.5 } }
        return try? StepDownMaxT([0, 0, 0, 0, 0], correlation: correlation).criticalValue()
    }()

    /// Corrections for many comparisons: wrong where any of them is, or for false discoveries where all rejected ones are.
    @CaseList static var families: [CalibrationCase] {
        for adjustment in Adjustment.allCases.filter({ $0 != .none }) {
            test(
                "at least one of five, \(adjustment.rawValue)", "comparisons with one control",
                .atMost("the correction knows no dependence")
            ) {
                let p = statistics(&$0).map { 2 * Normal.standard.survival(abs($0)) }
                return try adjustment.adjust(p).min() ?? 1
            }
        }
        CalibrationCase(.test, "at least one of five, max-T", "comparisons with one control", .bounded(0.0502, "tails right to 0.1 %")) {
            guard let critical else { return true }
            return statistics(&$0).contains { abs($0) >= critical }
        }
        test(
            "at least one of four metrics, permuted max-T", "skewed, correlated", .atMost("the p-value counts the observed assignment")
        ) { draws in
            let sides = (0..<2).map { _ -> [[Double]] in
                let common = Population.skewed.sample(15, &draws)
                return (0..<4).map { _ in common.map { $0 + Population.skewed.draw(&draws) } }
            }
            return try StepDownMaxT(sides[0], sides[1], Resampling(count: 199, seed: draws.next())).adjustedPValues.min() ?? 1
        }
    }
}
