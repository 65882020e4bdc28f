internal import Statistics

extension CalibrationCase {
    /// Intervals of proportions and rates.
    @CaseList static var intervalsOfProportions: [CalibrationCase] {
        for (probability, trials) in [(0.02, 1000), (0.3, 100)] {
            let data = "\(Int(100 * probability)) % of \(trials)"
            let other = probability / 2
            let pair = { @Sendable (draws: inout Draws) in
                try TwoProportionZTest(
                    Proportion(successes: draws.successes(trials, probability), trials: trials),
                    Proportion(successes: draws.successes(2 * trials, other), trials: 2 * trials))
            }
            for method in Proportion.IntervalMethod.allCases {
                interval("one proportion, \(method.rawValue)", data, expectation(method), truth: probability) {
                    try Proportion(successes: $0.successes(trials, probability), trials: trials).confidenceInterval(method: method)
                }
            }
            for method in TwoProportionZTest.IntervalMethod.allCases {
                interval(
                    "difference of proportions, \(method.rawValue)", data, truth: probability - other
                ) { try pair(&$0).confidenceInterval(method: method) }
            }
            for method in TwoProportionZTest.RatioIntervalMethod.allCases {
                interval("ratio of proportions, \(method.rawValue)", data, truth: 2) {
                    try pair(&$0).ratioInterval(method: method)
                }
            }
            interval(
                "odds ratio, score", data,
                truth: probability / (1 - probability) * (1 - other) / other
            ) { try pair(&$0).oddsRatioInterval() }
        }
        interval("odds ratio, exact", "40 % of 30 and 40", .atMost("never below its level"), truth: 1) {
            try FisherExactTest(
                Proportion(successes: $0.successes(30, 0.4), trials: 30), Proportion(successes: $0.successes(40, 0.4), trials: 40)
            ).confidenceInterval()
        }
        interval("Poisson rate", "8 events", .atMost("never below its level"), truth: 4) {
            try EventRate(events: $0.poisson(8), exposure: 2).confidenceInterval()
        }
        interval("ratio of Poisson rates", "15 and 20 events", .atMost("never below its level"), truth: 1.5) {
            try PoissonRateTest(EventRate(events: $0.poisson(15), exposure: 1), EventRate(events: $0.poisson(20), exposure: 2))
                .confidenceInterval()
        }
    }

    private static func expectation(_ method: Proportion.IntervalMethod) -> Expectation {
        switch method {
        case .clopperPearson, .wilsonCorrected: .atMost("never below its level")
        default: .bounded(0.065, "whole numbers of successes")
        }
    }
}
