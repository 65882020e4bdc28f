import Statistics
import Text

extension TestRun {
    /// The Mann-Whitney test, which says how often a value of one group exceeds one of the other.
    func mannWhitney(_ test: MannWhitneyTest) throws -> TestReport {
        let chance = test.probabilityOfSuperiority
        let share = "a value of \(names[0]) exceeds one of \(names[1]) in \(Figures.percent(chance)) of pairs, ties counted as halves"
        let larger = chance > 0.5 ? names[0] : names[1]
        var report = try directional(
            test, yes: "\(larger) tends to larger values: \(share)",
            no: "Neither group is shown to tend to larger values: \(share)")
        report.estimate = chance
        report.estimated = "chance that a value of \(names[0]) exceeds one of \(names[1])"
        report.details = [
            Detail(
                "shift", "shift of \(names[0]) from \(names[1]) (Hodges-Lehmann: median of all differences)", test.shift,
                try? test.shiftInterval(level: question.level, alternative: question.alternative))
        ]
        return report
    }

    /// The signed ranks of differences within rows.
    func wilcoxon() throws -> TestReport {
        let columns = try input.values()
        let test = try WilcoxonSignedRankTest(paired: columns[0], columns[1])
        var report = try directional(
            test, yes: "\(names[0]) and \(names[1]) differ, row by row", no: "No difference within rows is shown")
        report.details = [
            Detail(
                "rankBiserialCorrelation", "rank-biserial correlation (1: \(names[0]) always larger, -1: never)",
                test.rankBiserialCorrelation)
        ]
        return report
    }

    /// The mean of differences within rows.
    func paired() throws -> TestReport {
        let columns = try input.values()
        let test = try OneSampleTTest(paired: columns[0], columns[1])
        var report = try against(test, 0, what: "mean difference within rows")
        report.estimated = "\(names[0]) less \(names[1]), row by row"
        report.conclusion = sentence(
            test.pValue(question.alternative),
            yes: "\(names[0]) and \(names[1]) differ in the mean, row by row: by \(Figures.significant(test.estimate))",
            no: "No difference within rows is shown")
        return report
    }

    /// Tests of several variances or means that have two degrees of freedom.
    func grouped(
        _ test: some HypothesisTest, _ degrees: (between: Double, within: Double), yes: String, no: String, details: [Detail] = []
    ) throws -> TestReport {
        var report = try plain(test, degrees: [degrees.between, degrees.within], yes: yes, no: no)
        report.details = details
        return report
    }
}
