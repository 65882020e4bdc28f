import Statistics
import Testing

/// Error rates are tested, not assumed: simulated nulls, whose rejections must lie within the 99.9 % limits of a binomial count.
@Suite struct CalibrationTests {
    /// A test under its null hypothesis.
    ///
    /// An exact test of counts may reject less often than it says, never more.
    struct Null: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let mayBeConservative: Bool
        let pValue: @Sendable (inout Generator) throws -> Double

        init(_ name: String, conservative: Bool = false, _ pValue: @escaping @Sendable (inout Generator) throws -> Double) {
            (testDescription, mayBeConservative, self.pValue) = (name, conservative, pValue)
        }
    }

    private static func normals(_ n: Int, _ generator: inout Generator) -> [Double] { generator.sample(n) { $0.normal() } }

    private static func successes(_ n: Int, _ p: Double, _ generator: inout Generator) throws -> Proportion {
        try Proportion(successes: (0..<n).count { _ in generator.uniform() < p }, trials: n)
    }

    static let nulls: [Null] = [
        Null("Student") { try StudentTTest(normals(8, &$0), normals(11, &$0)).pValue },
        Null("Welch, unequal variances") { try WelchTTest(normals(20, &$0), normals(25, &$0).map { 3 * $0 }).pValue },
        Null("one sample") { try OneSampleTTest(normals(6, &$0)).pValue },
        Null("Yuen, heavy tails", conservative: true) { g in
            try YuenTTest(g.sample(30) { $0.normal() / max(0.1, $0.uniform()) }, g.sample(30) { $0.normal() / max(0.1, $0.uniform()) })
                .pValue
        },
        Null("two proportions, 20 %") { try TwoProportionZTest(successes(400, 0.2, &$0), successes(500, 0.2, &$0)).pValue },
        Null("chi-square, 3 by 2") { g in
            try ChiSquareTest(
                ContingencyTable(
                    (0..<3).map { _ in
                        let p = try successes(200, 0.3, &g); return [p.successes, p.trials - p.successes]
                    })
            ).pValue
        },
        Null("G, weights 1:2") { g in
            let p = try successes(900, 1.0 / 3, &g)
            return try ChiSquareTest(observed: [p.successes, p.trials - p.successes], weights: [1, 2], form: .likelihoodRatio).pValue
        },
        Null("Fisher", conservative: true) { try FisherExactTest(successes(40, 0.4, &$0), successes(40, 0.4, &$0)).pValue },
        Null("Boschloo", conservative: true) { try UnconditionalTest(successes(15, 0.4, &$0), successes(12, 0.4, &$0)).pValue },
        Null("binomial", conservative: true) { try BinomialTest(successes(60, 0.3, &$0), nullValue: 0.3).pValue },
        Null("Mann-Whitney, exact", conservative: true) { try MannWhitneyTest(normals(7, &$0), normals(8, &$0)).pValue },
        Null("Wilcoxon", conservative: true) { try WilcoxonSignedRankTest(normals(20, &$0)).pValue },
        Null("Kolmogorov-Smirnov", conservative: true) { try KolmogorovSmirnovTest(normals(25, &$0), normals(30, &$0)).pValue },
        Null("Kruskal-Wallis") { try KruskalWallisTest([normals(20, &$0), normals(20, &$0), normals(20, &$0)]).pValue },
        Null("analysis of variance") { try AnalysisOfVariance([normals(6, &$0), normals(9, &$0), normals(7, &$0)]).pValue },
        Null("Welch's analysis, unequal variances") {
            try WelchAnalysisOfVariance([normals(20, &$0), normals(20, &$0).map { 2 * $0 }, normals(20, &$0).map { 4 * $0 }]).pValue
        },
        Null("Levene", conservative: false) { try LeveneTest([normals(60, &$0), normals(70, &$0)], center: .mean).pValue },
        Null("Brown-Forsythe, skewed", conservative: true) { g in
            try LeveneTest([g.sample(60) { $0.exponential() }, g.sample(60) { $0.exponential() }]).pValue
        },
        Null("Bartlett") { try BartlettTest([normals(15, &$0), normals(20, &$0)]).pValue },
        Null("Shapiro-Wilk") { try ShapiroWilkTest(normals(40, &$0)).pValue },
    ]

    @Test(arguments: nulls)
    func rejectsAsOftenAsItSays(_ null: Null) throws {
        var generator = Generator(seed: 2026)
        let (runs, alpha) = (600, 0.05)
        var rejections = 0
        for _ in 0..<runs where try null.pValue(&generator) < alpha { rejections += 1 }
        let law = try Binomial(trials: runs, probability: alpha)
        #expect(try rejections <= law.inverseSurvival(0.0005))
        if !null.mayBeConservative { #expect(try rejections >= law.quantile(0.0005)) }
    }

    @Test func intervalsCoverAsOftenAsTheySay() throws {
        var generator = Generator(seed: 99)
        let (runs, level) = (600, 0.9)
        var covered = (welch: 0, newcombe: 0, score: 0)
        for _ in 0..<runs {
            let (a, b) = (generator.sample(15) { $0.normal() + 1 }, generator.sample(30) { 2 * $0.normal() })
            if try WelchTTest(a, b).confidenceInterval(level: level).contains(1) { covered.welch += 1 }
            let pair = try TwoProportionZTest(Self.successes(200, 0.3, &generator), Self.successes(150, 0.2, &generator))
            if try pair.confidenceInterval(level: level, method: .newcombe).contains(0.1) { covered.newcombe += 1 }
            if try pair.confidenceInterval(level: level, method: .score).contains(0.1) { covered.score += 1 }
        }
        let law = try Binomial(trials: runs, probability: level)
        for count in [covered.welch, covered.newcombe, covered.score] {
            #expect(try count >= law.quantile(0.0005) && count <= law.inverseSurvival(0.0005))
        }
    }
}
