internal import Statistics

extension CalibrationCase {
    /// Tests by ranks and of whole distributions.
    @CaseList static var ranks: [CalibrationCase] {
        for population in Population.allCases {
            let ties: Expectation = population == .tied || population == .conversions ? .atMost("ties cannot be told apart") : .nominal
            test("Mann-Whitney, asymptotic", population.rawValue) {
                try MannWhitneyTest(population.sample(60, &$0), population.sample(70, &$0), method: .asymptotic).pValue
            }
            test(
                "Wilcoxon signed-rank, asymptotic", population.rawValue
            ) {
                try WilcoxonSignedRankTest(paired: population.sample(80, &$0), population.sample(80, &$0), method: .asymptotic).pValue
            }
            test("Kruskal-Wallis, three groups", population.rawValue) { draws in
                try KruskalWallisTest((0..<3).map { _ in population.sample(40, &draws) }).pValue
            }
            test("Kolmogorov-Smirnov, two samples", population.rawValue, .atMost("distances come in steps")) {
                try KolmogorovSmirnovTest(population.sample(60, &$0), population.sample(70, &$0)).pValue
            }
            test("Kolmogorov-Smirnov, asymptotic", population.rawValue, .atMost("the limit is approached from this side")) {
                try KolmogorovSmirnovTest(population.sample(200, &$0), population.sample(300, &$0), exact: false).pValue
            }
            test("Mann-Whitney, exact", population.rawValue, ties.orSteps) { draws in
                // Samples that do not vary have no ranks to compare.
                (try? MannWhitneyTest(
                    draws.sample(7) { population.draw(&$0) }, draws.sample(8) { population.draw(&$0) }, method: .exact
                ).pValue) ?? 1
            }
        }
        test("Wilcoxon signed-rank, exact", "normal", .atMost("an exact test's p-values come in steps")) {
            try WilcoxonSignedRankTest(Population.normal.sample(20, &$0)).pValue
        }
        test("Kolmogorov-Smirnov, one sample, exact", "normal") {
            try OneSampleKolmogorovSmirnovTest(Population.normal.sample(50, &$0), against: Normal.standard).pValue
        }
        test("Kolmogorov-Smirnov, one sample, one side", "normal") {
            try OneSampleKolmogorovSmirnovTest(Population.normal.sample(50, &$0), against: Normal.standard).pValue(.less)
        }
        test("Kolmogorov-Smirnov, one sample", "heavy-tailed") {
            try OneSampleKolmogorovSmirnovTest(Population.heavyTailed.sample(50, &$0), against: StudentT(degreesOfFreedom: 3)).pValue
        }
        test("Shapiro-Wilk of 5 values", "normal") { try ShapiroWilkTest(Population.normal.sample(5, &$0)).pValue }
        test("Shapiro-Wilk of 40 values", "normal") { try ShapiroWilkTest(Population.normal.sample(40, &$0)).pValue }
        test("Shapiro-Wilk of 500 values", "normal") { try ShapiroWilkTest(Population.normal.sample(500, &$0)).pValue }
    }

    /// Tests of equal variances.
    @CaseList static var variances: [CalibrationCase] {
        for population in Population.allCases {
            let (levene, bartlett): (Expectation, Expectation) =
                switch population {
                case .normal: (.nominal, .nominal)
                case .skewed: (.bounded(0.25, "about the mean the test is for symmetric data"), .bounded(1, "it is for normal data only"))
                case .heavyTailed: (.nominal, .bounded(1, "it is for normal data only"))
                case .conversions:
                    (.bounded(0.36, "about the mean the test is for symmetric data"), .bounded(1, "it is for normal data only"))
                case .tied: (.bounded(0.17, "about the mean the test is for symmetric data"), .bounded(0.12, "it is for normal data only"))
                }
            test("Levene, about the mean", population.rawValue, levene) {
                try LeveneTest([population.sample(100, &$0), population.sample(120, &$0)], center: .mean).pValue
            }
            test("Brown-Forsythe, about the median", population.rawValue) {
                try LeveneTest([population.sample(100, &$0), population.sample(120, &$0)]).pValue
            }
            test("Bartlett", population.rawValue, bartlett) {
                try BartlettTest([population.sample(100, &$0), population.sample(120, &$0)]).pValue
            }
        }
    }
}

extension CalibrationCase.Expectation {
    /// The same for an exact test of few values.
    fileprivate var orSteps: Self {
        if case .nominal = self { .atMost("an exact test's p-values come in steps") } else { self }
    }
}
