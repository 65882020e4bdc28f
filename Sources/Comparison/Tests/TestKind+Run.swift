import Statistics

extension TestKind {
    /// Carries the test out.
    package func run(_ input: TestInput, _ question: TestQuestion = TestQuestion()) throws -> TestReport {
        guard samples.contains(input.names.count) else { throw TestInputError.count(found: input.names, expected: samples) }
        guard forms.contains(input.form) else { throw TestInputError.form(input.form) }
        let run = TestRun(input: input, question: question)
        var report = try SampleProblem.naming(input.names, columns: question.columnNames) {
            isByPairs && input.names.count > 2 ? try run.pairs(of: self) : try found(run)
        }
        report.assumptions = assumptions + report.assumptions
        return report
    }

    /// Carries the test out on samples that suit it.
    func found(_ run: TestRun) throws -> TestReport {
        let (input, question) = (run.input, run.question)
        let spread = ("The variances differ", "No difference between the variances is shown")
        let level = ("Not all means are equal", "No difference between the means is shown")
        switch self {
        case .welch:
            let samples = try input.summaries()
            return try run.means(WelchTTest(samples[0], samples[1]))
        case .student:
            let samples = try input.summaries()
            return try run.means(StudentTTest(samples[0], samples[1]))
        case .yuen:
            let samples = try input.values()
            return try run.estimating(YuenTTest(samples[0], samples[1], trimming: question.trimming), of: "trimmed mean")
        case .permutation: return try run.permutation()
        case .bootstrap: return try run.bootstrap()
        case .lift: return try run.relativeLift()
        case .proportions: return try run.proportions()
        case .chiSquare: return try run.chiSquare(.pearson)
        case .yates: return try run.chiSquare(.yates)
        case .g: return try run.chiSquare(.likelihoodRatio)
        case .fisher:
            let samples = try input.proportions()
            return try run.oddsRatio(FisherExactTest(samples[0], samples[1]), samples)
        case .barnard, .barnardUnpooled, .boschloo:
            let samples = try input.proportions()
            let ordering: UnconditionalTest.Ordering = self == .boschloo ? .fisher : self == .barnard ? .pooled : .unpooled
            return try run.exact(UnconditionalTest(samples[0], samples[1], ordering: ordering), samples)
        case .binomial:
            let null = question.nullValue ?? 0.5
            let proportions = try input.proportions()
            var found = try run.against(BinomialTest(proportions[0], nullValue: null), null, what: "proportion")
            found.samples = run.counted(proportions)
            return found
        case .poisson:
            let rates = try input.rates()
            return try run.ratio(PoissonRateTest(rates[0], rates[1]))
        case .eventRate:
            let null = question.nullValue ?? 1
            var found = try run.against(EventRateTest(input.rates()[0], nullValue: null), null, what: "rate")
            found.measure = "rate"
            return found
        case .mannWhitney:
            let samples = try input.values()
            return try run.mannWhitney(MannWhitneyTest(samples[0], samples[1]))
        case .kolmogorovSmirnov:
            let samples = try input.values()
            let test = try KolmogorovSmirnovTest(samples[0], samples[1])
            var found = try run.directional(test, yes: "The distributions differ", no: "No difference between the distributions is shown")
            found.statistic = test.statistic(question.alternative)
            found.details = [Detail("location", "they differ most at", test.location(question.alternative))]
            return found
        case .kruskal:
            let test = try KruskalWallisTest(input.values())
            var found = try run.plain(
                test, degrees: [Double(test.degreesOfFreedom)], yes: "Some group tends to larger values than another",
                no: "No group is shown to tend to larger values")
            found.details = [Detail("epsilonSquared", "epsilon squared (strength, from 0 to 1)", test.epsilonSquared)]
            return found
        case .shapiro:
            return try run.plain(
                ShapiroWilkTest(input.values()[0]), yes: "The values are not normal", no: "Nothing speaks against normal values")
        case .normality:
            let test = try OneSampleKolmogorovSmirnovTest(input.values()[0], against: question.reference ?? .standard)
            var found = try run.directional(
                test, yes: "The values do not come from that distribution", no: "Nothing speaks against that distribution")
            found.statistic = test.statistic(question.alternative)
            found.details = [Detail("location", "they differ most at", test.location(question.alternative))]
            return found
        case .anova:
            let test = try AnalysisOfVariance(input.summaries())
            let degrees = (Double(test.degreesOfFreedom.between), Double(test.degreesOfFreedom.within))
            return try run.grouped(
                test, degrees, yes: level.0, no: level.1,
                details: [
                    Detail("etaSquared", "eta squared (share of the variance between groups)", test.etaSquared),
                    Detail("omegaSquared", "omega squared (the same without its bias)", test.omegaSquared),
                ])
        case .welchAnova:
            let test = try WelchAnalysisOfVariance(input.summaries())
            return try run.grouped(test, test.degreesOfFreedom, yes: level.0, no: level.1)
        case .tukey: return try run.tukey()
        case .levene, .brownForsythe:
            let test = try LeveneTest(input.values(), center: self == .levene ? .mean : .median)
            let degrees = (Double(test.degreesOfFreedom.between), Double(test.degreesOfFreedom.within))
            return try run.grouped(test, degrees, yes: spread.0, no: spread.1)
        case .bartlett:
            let test = try BartlettTest(input.summaries())
            return try run.plain(test, degrees: [Double(test.degreesOfFreedom)], yes: spread.0, no: spread.1)
        case .oneSample:
            let null = question.nullValue ?? 0
            return try run.against(OneSampleTTest(input.summaries()[0], nullValue: null), null, what: "mean")
        case .paired: return try run.paired()
        case .wilcoxon: return try run.wilcoxon()
        case .equivalence: return try run.equivalence(isOneSided: false)
        case .nonInferiority: return try run.equivalence(isOneSided: true)
        case .cuped: return try run.cuped()
        case .lin: return try run.lin()
        case .stratified: return try run.stratified()
        case .clustered: return try run.clustered()
        case .ratio: return try run.ratioMetric()
        case .quantile: return try run.quantile()
        case .segments: return try run.segments()
        case .sequential: return try run.sequential()
        case .bayes: return try run.bayes()
        case .srm: return try run.sampleRatio()
        }
    }
}
