import Statistics
import Text

/// Makes the report of a test that was carried out.
struct TestRun {
    let input: TestInput
    let question: TestQuestion

    private var names: [String] { input.names }

    /// A test without sides.
    func plain(_ test: some HypothesisTest, degrees: [Double] = [], yes: String, no: String) throws -> TestReport {
        let p = test.pValue
        return TestReport(
            test: test.name, statistic: test.statistic, degreesOfFreedom: degrees, pValue: p, samples: try input.reports(),
            conclusion: (p < question.alpha ? yes : no)
                + " (p \(Probability.text(p, log: nil)), against \(question.alphaText)).",
            assumptions: [])
    }

    /// A test with sides and no estimate.
    func directional(_ test: some DirectionalTest, yes: String, no: String) throws -> TestReport {
        let p = test.pValue(question.alternative)
        var report = try plain(test, yes: yes, no: no)
        report.pValue = p
        report.alternative = question.alternative
        report.conclusion =
            (p < question.alpha ? yes : no) + " (p \(Probability.text(p, log: nil)), against \(question.alphaText))."
        return report
    }

    /// A test of the difference of two of something.
    func estimating(_ test: some EstimatingTest, of what: String) throws -> TestReport {
        let interval = try test.confidenceInterval(level: question.level, alternative: question.alternative)
        let p = test.pValue(question.alternative)
        var report = try directional(test, yes: "", no: "")
        report.degreesOfFreedom = (test as? any TTest).map { [$0.degreesOfFreedom] } ?? []
        report.logPValue = LogProbability.of(test, question.alternative)
        report.estimate = test.estimate
        report.estimated = "\(names[0]) less \(names[1])"
        report.interval = interval
        report.conclusion = Conclusion(names: names, question: question).ofDifference(
            test.estimate, interval, isShown: p < question.alpha, what: what)
        report.assumptions = [question.betterNote]
        return report
    }

    /// A test of one sample against a given value.
    func against(_ test: some EstimatingTest, _ null: Double, what: String) throws -> TestReport {
        let difference = "The \(what) of \(names[0]) is \(Figures.significant(test.estimate))"
        var report = try directional(
            test, yes: "\(difference), which is not \(Figures.significant(null))",
            no: "\(difference), which does not speak against \(Figures.significant(null))")
        report.degreesOfFreedom = (test as? any TTest).map { [$0.degreesOfFreedom] } ?? []
        report.logPValue = LogProbability.of(test, question.alternative)
        report.estimate = test.estimate
        report.estimated = "\(what) of \(names[0])"
        report.interval = try test.confidenceInterval(level: question.level, alternative: question.alternative)
        return report
    }

    /// The ratio of two rates of events.
    func ratio(_ test: PoissonRateTest) throws -> TestReport {
        let ratio = "events come \(Figures.significant(test.estimate)) times as often in \(names[0]) as in \(names[1])"
        var report = try directional(test, yes: "The rates differ: \(ratio)", no: "No difference of the rates is shown: \(ratio)")
        report.estimate = test.estimate
        report.estimated = "rate of \(names[0]) over that of \(names[1])"
        report.interval = try test.confidenceInterval(level: question.level, alternative: question.alternative)
        return report
    }

    /// The odds ratio of two proportions.
    func oddsRatio(_ test: FisherExactTest, _ proportions: [Proportion]) throws -> TestReport {
        var report = try exact(test, proportions)
        report.estimate = test.estimate
        report.estimated = "odds ratio of \(names[0]) to \(names[1])"
        report.interval = try test.confidenceInterval(level: question.level, alternative: question.alternative)
        return report
    }

    /// An exact test of two proportions.
    func exact(_ test: some DirectionalTest, _ proportions: [Proportion]) throws -> TestReport {
        var report = try directional(test, yes: "", no: "")
        let difference = proportions[0].estimate - proportions[1].estimate
        report.samples = counted(proportions)
        report.conclusion = Conclusion(names: names, question: question).ofDifference(
            difference, nil, isShown: report.pValue < question.alpha, what: "proportion")
        report.assumptions = [question.betterNote]
        return report
    }

    /// The Mann-Whitney test, which says how often a value of one group exceeds one of the other.
    func mannWhitney(_ test: MannWhitneyTest) throws -> TestReport {
        let chance = test.probabilityOfSuperiority
        let share = "a value of \(names[0]) exceeds one of \(names[1]) in \(Figures.percent(chance)) of pairs, ties counted as halves"
        let larger = chance > 0.5 ? names[0] : names[1]
        var report = try directional(
            test, yes: "\(larger) tends to larger values: \(share)", no: "Neither group is shown to tend to larger values: \(share)")
        report.logPValue = test.logPValue(question.alternative)
        report.estimate = chance
        report.estimated = "chance that a value of \(names[0]) exceeds one of \(names[1])"
        return report
    }

    /// Chi-square and G of any number of proportions.
    func chiSquare(_ form: ChiSquareTest.Form) throws -> TestReport {
        let proportions = try input.proportions()
        let test = ChiSquareTest(
            try ContingencyTable(proportions.map { [$0.successes, $0.trials - $0.successes] }), form: form)
        var report = try plain(
            test, degrees: [Double(test.degreesOfFreedom)], yes: "Not all proportions are equal",
            no: "No difference between the proportions is shown")
        report.logPValue = test.logPValue
        report.samples = counted(proportions)
        return report
    }

    /// The z test of two proportions, or of all pairs of more.
    func proportions() throws -> TestReport {
        let proportions = try input.proportions()
        if proportions.count == 2 {
            var report = try estimating(TwoProportionZTest(proportions[0], proportions[1]), of: "proportion")
            report.samples = counted(proportions)
            return report
        }
        let pairs = try PairwiseComparisons(proportions, adjustment: question.adjustment) { a, b throws(StatisticsError) in
            try TwoProportionZTest(a, b)
        }
        let alpha = question.adjustment.significance(alpha: question.alpha, comparisons: pairs.comparisons.count)
        // Methods that go step by step give no intervals; Bonferroni's hold together with them.
        let level = 1 - (alpha ?? question.alpha / Double(pairs.comparisons.count))
        // One-sided p-values are adjusted anew, as the pairs were adjusted two-sided.
        let adjusted = try question.adjustment.adjust(pairs.comparisons.map { $0.test.pValue(question.alternative) })
        var report = try chiSquare(.pearson)
        report.test = "z tests of proportions, all pairs; chi-square of all together"
        report.alternative = question.alternative
        report.adjustment = question.adjustment
        report.comparisons = try zip(pairs.comparisons, adjusted).map { pair, adjusted in
            PairReport(
                a: names[pair.first], b: names[pair.second], statistic: pair.test.statistic, pValue: pair.test.pValue(question.alternative),
                logPValue: pair.test.logPValue(question.alternative), adjustedPValue: adjusted, estimate: pair.test.estimate,
                interval: try pair.test.confidenceInterval(level: level, alternative: question.alternative))
        }
        report.conclusion = Conclusion(names: names, question: question).ofPairs(
            report.comparisons, estimates: proportions.map(\.estimate), what: "proportion")
        report.assumptions = [
            "p-values adjusted by \(question.adjustment.rawValue) for \(report.comparisons.count) comparisons", question.betterNote,
        ]
        return report
    }

    func counted(_ proportions: [Proportion]) -> [SampleReport] {
        zip(names, proportions).map { SampleReport(name: $0, count: $1.trials, successes: $1.successes) }
    }
}

extension TestQuestion {
    /// What "better" was taken to mean.
    var betterNote: String {
        higherIsBetter ? "more is better; --better lower says otherwise" : "less is better"
    }
}

/// The logarithm of a p-value, from tests that have it.
enum LogProbability {
    static func of(_ test: some EstimatingTest, _ alternative: Alternative) -> Double? {
        if let test = test as? any TTest { return test.logPValue(alternative) }
        return (test as? TwoProportionZTest)?.logPValue(alternative)
    }
}
