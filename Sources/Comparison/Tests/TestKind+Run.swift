import Statistics

extension TestKind {
    /// Carries the test out.
    package func run(_ input: TestInput, _ question: TestQuestion = TestQuestion()) throws -> TestReport {
        guard samples.contains(input.names.count) else { throw TestInputError.count(found: input.names, expected: samples) }
        guard forms.contains(input.form) else { throw TestInputError.form(input.form) }
        var report = try found(input, question)
        report.assumptions = assumptions + report.assumptions
        return report
    }

    private func found(_ input: TestInput, _ question: TestQuestion) throws -> TestReport {
        let report = TestRun(input: input, question: question)
        switch self {
        case .welch:
            let samples = try input.summaries()
            return try report.estimating(WelchTTest(samples[0], samples[1]), of: "mean")
        case .student:
            let samples = try input.summaries()
            return try report.estimating(StudentTTest(samples[0], samples[1]), of: "mean")
        case .yuen:
            let samples = try input.values()
            return try report.estimating(YuenTTest(samples[0], samples[1]), of: "trimmed mean")
        case .proportions: return try report.proportions()
        case .chiSquare: return try report.chiSquare(.pearson)
        case .g: return try report.chiSquare(.likelihoodRatio)
        case .fisher:
            let samples = try input.proportions()
            return try report.oddsRatio(FisherExactTest(samples[0], samples[1]), samples)
        case .barnard, .boschloo:
            let samples = try input.proportions()
            let test = UnconditionalTest(samples[0], samples[1], ordering: self == .barnard ? .pooled : .fisher)
            return try report.exact(test, samples)
        case .mannWhitney:
            let samples = try input.values()
            return try report.mannWhitney(MannWhitneyTest(samples[0], samples[1]))
        case .kolmogorovSmirnov:
            let samples = try input.values()
            let test = try KolmogorovSmirnovTest(samples[0], samples[1])
            return try report.directional(test, yes: "The distributions differ", no: "No difference between the distributions is shown")
        case .shapiro:
            let test = try ShapiroWilkTest(input.values()[0])
            return try report.plain(test, yes: "The values are not normal", no: "Nothing speaks against normal values")
        case .levene, .brownForsythe:
            let test = try LeveneTest(input.values(), center: self == .levene ? .mean : .median)
            return try report.plain(
                test, degrees: [Double(test.degreesOfFreedom.between), Double(test.degreesOfFreedom.within)], yes: "The variances differ",
                no: "No difference between the variances is shown")
        case .bartlett:
            let test = try BartlettTest(input.summaries())
            return try report.plain(
                test, degrees: [Double(test.degreesOfFreedom)], yes: "The variances differ",
                no: "No difference between the variances is shown")
        case .anova:
            let test = try AnalysisOfVariance(input.summaries())
            return try report.plain(
                test, degrees: [Double(test.degreesOfFreedom.between), Double(test.degreesOfFreedom.within)],
                yes: "Not all means are equal",
                no: "No difference between the means is shown")
        case .welchAnova:
            let test = try WelchAnalysisOfVariance(input.summaries())
            return try report.plain(
                test, degrees: [test.degreesOfFreedom.between, test.degreesOfFreedom.within], yes: "Not all means are equal",
                no: "No difference between the means is shown")
        case .kruskal:
            let test = try KruskalWallisTest(input.values())
            return try report.plain(
                test, degrees: [Double(test.degreesOfFreedom)], yes: "Some group tends to larger values than another",
                no: "No group is shown to tend to larger values")
        case .oneSample:
            let null = question.nullValue ?? 0
            return try report.against(OneSampleTTest(input.summaries()[0], nullValue: null), null, what: "mean")
        case .binomial:
            let null = question.nullValue ?? 0.5
            let proportions = try input.proportions()
            var found = try report.against(BinomialTest(proportions[0], nullValue: null), null, what: "proportion")
            found.samples = report.counted(proportions)
            return found
        case .paired:
            let columns = try input.values()
            let test = try OneSampleTTest(paired: columns[0], columns[1])
            var found = try report.against(test, 0, what: "mean difference within rows")
            found.estimated = "\(input.names[0]) less \(input.names[1])"
            let p = Probability.text(found.pValue, log: found.logPValue)
            found.conclusion =
                found.pValue < question.alpha
                ? "\(input.names[0]) and \(input.names[1]) differ in the mean, row by row (p \(p), against \(question.alphaText))."
                : "No difference within rows is shown (p \(p), against \(question.alphaText))."
            return found
        case .wilcoxon:
            let columns = try input.values()
            let test = try WilcoxonSignedRankTest(paired: columns[0], columns[1])
            return try report.directional(
                test, yes: "\(input.names[0]) and \(input.names[1]) differ, row by row", no: "No difference within rows is shown")
        case .poisson:
            let rates = try input.rates()
            return try report.ratio(PoissonRateTest(rates[0], rates[1]))
        }
    }
}
