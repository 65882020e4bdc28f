internal import Statistics

extension CalibrationCase {
    /// Tests of means, over every population.
    @CaseList static var means: [CalibrationCase] {
        for population in Population.allCases {
            let one: Expectation =
                switch population {
                case .skewed: .bounded(0.08, "the mean of 200 values this skewed is not normal yet")
                case .conversions: .bounded(0.06, "40 conversions leave the t statistic skewed")
                default: .nominal
                }
            test("Welch's t", population.rawValue) {
                try WelchTTest(population.sample(200, &$0), population.sample(300, &$0)).pValue
            }
            test("Student's t", population.rawValue) {
                try StudentTTest(population.sample(200, &$0), population.sample(300, &$0)).pValue
            }
            test("one-sample t", population.rawValue, one) {
                try OneSampleTTest(population.sample(200, &$0), nullValue: population.mean).pValue
            }
            test("paired t", population.rawValue) {
                try OneSampleTTest(paired: population.sample(200, &$0), population.sample(200, &$0)).pValue
            }
            test("permutation of means", population.rawValue, .atMost("the p-value counts the observed assignment")) {
                try PermutationTest(population.sample(20, &$0), population.sample(30, &$0), Resampling(count: 199, seed: $0.next()))
                    .pValue
            }
            test("analysis of variance, three groups", population.rawValue) { draws in
                try AnalysisOfVariance((0..<3).map { _ in population.sample(150, &draws) }).pValue
            }
            test("Welch's analysis of variance, three groups", population.rawValue) { draws in
                try WelchAnalysisOfVariance((0..<3).map { _ in population.sample(150, &draws) }).pValue
            }
        }
        test("Welch's t, standard deviations 1 to 3", "normal") { draws in
            try WelchTTest(draws.sample(20) { $0.normal() }, draws.sample(60) { 3 * $0.normal() }).pValue
        }
        test(
            "Student's t, standard deviations 1 to 3", "normal",
            .bounded(0.25, "it takes variances to be equal, and here the smaller sample varies more")
        ) {
            draws in
            try StudentTTest(draws.sample(60) { $0.normal() }, draws.sample(20) { 3 * $0.normal() }).pValue
        }
        test("Student's t of 3 and 4 values", "normal") {
            try StudentTTest(Population.normal.sample(3, &$0), Population.normal.sample(4, &$0)).pValue
        }
        test("Tukey's pairs of four groups", "normal") { draws in
            let groups = try (0..<4).map { try Summary(Population.normal.sample(8 + $0, &draws)) }
            return try TukeyTest.allPairs(groups).map(\.pValue).min() ?? 1
        }
        test(
            "permutation of means, standard deviations 3 to 1", "normal",
            .bounded(0.08, "it is exact where samples are of one distribution, else for large ones; here the smaller varies more")
        ) { draws in
            try PermutationTest(
                draws.sample(20) { 3 * $0.normal() }, draws.sample(200) { $0.normal() }, Resampling(count: 199, seed: draws.next())
            ).pValue
        }
        test("permutation within blocks", "normal", .atMost("the p-value counts the observed assignment")) { draws in
            let blocks = (0..<6).map { block in
                PermutationTest.Block(
                    first: draws.sample(3) { $0.normal() + Double(block) }, second: draws.sample(4) { $0.normal() + Double(block) })
            }
            return try PermutationTest(blocks: blocks, Resampling(count: 199, seed: draws.next())).pValue
        }
        // As after a change of weights, while what units do rises.
        test("difference within blocks of 2 and 2, then of 1 and 9", "normal, rising") { draws in
            let blocks = (0..<50).map { block in
                let (sizes, level) = (block < 25 ? (2, 2) : (1, 9), Double(block) / 10)
                return PermutationTest.Block(
                    first: draws.sample(sizes.0) { $0.normal() + level }, second: draws.sample(sizes.1) { $0.normal() + level })
            }
            return try BlockedDifference(blocks: blocks).pValue
        }
        for population in [Population.normal, .skewed, .heavyTailed, .tied] {
            let expectation: Expectation = population == .tied ? .bounded(0.065, "quantiles of tied values jump") : .nominal
            test("Yuen's trimmed t", population.rawValue, expectation) {
                try YuenTTest(population.sample(60, &$0), population.sample(80, &$0)).pValue
            }
            test("trimmed t of pairs", population.rawValue, expectation) {
                try YuenTTest(paired: population.sample(60, &$0), population.sample(60, &$0)).pValue
            }
        }
    }
}
