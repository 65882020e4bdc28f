internal import Statistics

extension CalibrationCase {
    private static let steps = Expectation.atMost("an exact test's p-values come in steps")

    private static func proportion(_ trials: Int, _ probability: Double, _ draws: inout Draws) throws -> Proportion {
        try Proportion(successes: draws.successes(trials, probability), trials: trials)
    }

    /// Tests of proportions, tables and rates.
    @CaseList static var counts: [CalibrationCase] {
        for (probability, trials) in [(0.02, 2000), (0.2, 400), (0.5, 100)] {
            let data = "\(Int(100 * probability)) % of \(trials)"
            test("two proportions, z", data) {
                try TwoProportionZTest(proportion(trials, probability, &$0), proportion(3 * trials / 2, probability, &$0)).pValue
            }
            test("chi-square with Yates' correction", data, .atMost("the correction is conservative")) {
                try ChiSquareTest(
                    ContingencyTable(proportion(trials, probability, &$0), proportion(trials, probability, &$0)), form: .yates
                ).pValue
            }
            test("chi-square, three arms", data) { draws in
                try ChiSquareTest(ContingencyTable((0..<3).map { _ in try proportion(trials, probability, &draws) })).pValue
            }
            test("G test, three arms", data) { draws in
                try ChiSquareTest(
                    ContingencyTable((0..<3).map { _ in try proportion(trials, probability, &draws) }), form: .likelihoodRatio
                ).pValue
            }
            test("Fisher", data, steps) {
                try FisherExactTest(proportion(trials, probability, &$0), proportion(trials, probability, &$0)).pValue
            }
            test("binomial", data, steps) { try BinomialTest(proportion(trials, probability, &$0), nullValue: probability).pValue }
            test("non-inferiority of proportions, at the margin", data) {
                let margin = probability / 2
                return try EquivalenceTest(
                    nonInferiority: proportion(trials, probability - margin, &$0), to: proportion(trials, probability, &$0),
                    margin: margin
                ).pValue
            }
        }
        for ordering in UnconditionalTest.Ordering.allCases {
            test("unconditional, \(ordering.rawValue)", "40 % of 15 and 12", steps) {
                try UnconditionalTest(proportion(15, 0.4, &$0), proportion(12, 0.4, &$0), ordering: ordering).pValue
            }
        }
        test("Poisson rate", "20 events", steps) {
            try EventRateTest(EventRate(events: $0.poisson(20), exposure: 10), nullValue: 2).pValue
        }
        test("two Poisson rates, exact", "20 and 30 events", steps) {
            try PoissonRateTest(EventRate(events: $0.poisson(20), exposure: 2), EventRate(events: $0.poisson(30), exposure: 3)).pValue
        }
        test("two Poisson rates, score", "20 and 30 events") {
            try PoissonRateTest(EventRate(events: $0.poisson(20), exposure: 2), EventRate(events: $0.poisson(30), exposure: 3))
                .asymptoticPValue()
        }
        test("sample ratio, chi-square", "1000 units, 2 to 1") {
            let first = $0.successes(1000, 2.0 / 3)
            return try SampleRatioTest(counts: [first, 1000 - first], weights: [2, 1]).pValue
        }
        test("sample ratio, exact", "40 units, 3 arms", steps) {
            let first = $0.successes(40, 0.5)
            let second = $0.successes(40 - first, 0.5)
            return try ExactSampleRatioTest(counts: [first, second, 40 - first - second], weights: [2, 1, 1]).pValue
        }
    }
}
