import Statistics
import Text

/// Makes the report of a test that was carried out.
struct TestRun {
    let input: TestInput
    let question: TestQuestion

    var names: [String] { input.names }

    /// A test without sides.
    func plain(_ test: some HypothesisTest, degrees: [Double] = [], yes: String, no: String) throws -> TestReport {
        try report(test, degrees, test.pValue, test.logPValue, yes: yes, no: no)
    }

    private func report(
        _ test: some HypothesisTest, _ degrees: [Double], _ p: Double, _ log: Double, yes: String, no: String
    ) throws -> TestReport {
        TestReport(
            test: test.name, statistic: test.statistic, degreesOfFreedom: degrees, pValue: p, logPValue: log, samples: try input.reports(),
            conclusion: sentence(p, yes: yes, no: no), assumptions: [])
    }

    /// A test with sides and no estimate.
    func directional(_ test: some DirectionalTest, yes: String, no: String) throws -> TestReport {
        var report = try self.report(
            test, [], test.pValue(question.alternative), test.logPValue(question.alternative), yes: yes, no: no)
        report.alternative = question.alternative
        return report
    }

    /// What was found, and the p-value that says so.
    func sentence(_ p: Double, yes: String, no: String) -> String {
        (p < question.alpha ? yes : no) + " (\(question.stated(p)), against \(question.alphaText))."
    }

    /// A test of the difference of two of something.
    func estimating(_ test: some EstimatingTest, of what: String) throws -> TestReport {
        let interval = try test.confidenceInterval(level: question.level, alternative: question.alternative)
        let p = test.pValue(question.alternative)
        var report = try directional(test, yes: "", no: "")
        report.degreesOfFreedom = (test as? any TTest).map { [$0.degreesOfFreedom] } ?? []
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
            test, yes: "\(difference), which is not \(Figures.brief(null))",
            no: "\(difference), which does not speak against \(Figures.brief(null))")
        report.degreesOfFreedom = (test as? any TTest).map { [$0.degreesOfFreedom] } ?? []
        report.estimate = test.estimate
        report.estimated = "\(what) of \(names[0])"
        report.interval = try test.confidenceInterval(level: question.level, alternative: question.alternative)
        return report
    }

    func counted(_ proportions: [Proportion]) -> [SampleReport] {
        zip(names, proportions).map { SampleReport(name: $0, count: $1.trials, successes: $1.successes) }
    }
}
