internal import Statistics

extension CalibrationCase {
    /// Intervals of means and quantiles.
    @CaseList static var intervalsOfMeans: [CalibrationCase] {
        for population in Population.allCases {
            let shift = population.mean == 0 ? 4.0 : 0
            let base = population.mean + shift
            interval("Welch, difference of means", population.rawValue, truth: 1) {
                try WelchTTest(population.sample(200, &$0).map { $0 + 1 }, population.sample(300, &$0)).confidenceInterval()
            }
            interval("Fieller, relative lift", population.rawValue, truth: 0.2) {
                let (a, b) = (population.sample(200, &$0), population.sample(300, &$0))
                return try RelativeLift(treatment: Summary(a.map { 1.2 * ($0 + shift) }), control: Summary(b.map { $0 + shift }))
                    .confidenceInterval()
            }
            interval(
                "log ratio, relative lift", population.rawValue,
                population == .skewed ? .bounded(0.065, "means of skewed samples") : .nominal, truth: 0.2
            ) {
                let (a, b) = (population.sample(200, &$0), population.sample(300, &$0))
                return try RelativeLift(treatment: Summary(a.map { 1.2 * ($0 + shift) }), control: Summary(b.map { $0 + shift }))
                    .confidenceInterval(.logRatio)
            }
            interval(
                "Hodges-Lehmann shift", population.rawValue,
                population == .conversions || population == .tied ? .atMost("differences of tied values come in steps") : .nominal, truth: 1
            ) {
                let (a, b) = (population.sample(40, &$0).map { $0 + 1 }, population.sample(50, &$0))
                return (try? MannWhitneyTest(a, b).shiftInterval()) ?? ConfidenceInterval(low: 1, high: 1, level: 0.95)
            }
            interval(
                "bootstrap percentile of a difference", population.rawValue,
                .bounded(population == .normal || population == .tied ? 0.07 : 0.085, "40 and 50 units are few for it"),
                truth: 0
            ) {
                let (a, b) = (population.sample(40, &$0), population.sample(50, &$0))
                return try Bootstrap(differenceOfMeans: a, b, Resampling(count: 399, seed: $0.next())).confidenceInterval()
            }
            interval("studentised bootstrap of a mean", population.rawValue, Self.studentized(population), truth: base) {
                let sample = population.sample(60, &$0)
                return try Bootstrap(mean: sample.map { $0 + shift }, Resampling(count: 399, seed: $0.next())).confidenceInterval(
                    .studentized)
            }
        }
        interval("median, by order statistics", "skewed", .atMost("order statistics come in steps"), truth: 1) {
            try QuantileEstimate(Population.skewed.sample(101, &$0), probability: 0.5).confidenceInterval()
        }
        interval(
            "90th percentile, by order statistics", "normal", .atMost("order statistics come in steps"), truth: 1.281_551_565_544_600_5
        ) {
            try QuantileEstimate(Population.normal.sample(150, &$0), probability: 0.9).confidenceInterval()
        }
        interval("Wilcoxon's pseudomedian", "heavy-tailed", truth: 0) {
            try WilcoxonSignedRankTest(Population.heavyTailed.sample(40, &$0)).pseudomedianInterval()
        }
        interval("Cohen's d", "normal", truth: 0.5) {
            try CohenD(StudentTTest(Population.normal.sample(20, &$0).map { $0 + 0.5 }, Population.normal.sample(25, &$0)))
                .confidenceInterval()
        }
    }

    private static func studentized(_ population: Population) -> Expectation {
        switch population {
        case .normal, .tied: .nominal
        case .heavyTailed: .bounded(0.09, "60 values with tails this heavy")
        case .skewed: .bounded(0.08, "60 values this skewed")
        case .conversions: .atMost("few successes leave resamples without any")
        }
    }
}
