import Statistics
import Text

extension TestRun {
    /// The ratio of two rates of events.
    func ratio(_ test: PoissonRateTest) throws -> TestReport {
        let ratio = "events come \(Figures.significant(test.estimate)) times as often in \(names[0]) as in \(names[1])"
        var report = try directional(test, yes: "The rates differ: \(ratio)", no: "No difference of the rates is shown: \(ratio)")
        report.measure = "rate"
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
        let score = try? TwoProportionZTest(proportions[0], proportions[1]).confidenceInterval(level: question.level)
        report.samples = counted(proportions)
        report.estimate = difference
        report.estimated = "\(names[0]) less \(names[1])"
        report.conclusion = Conclusion(names: names, question: question).ofDifference(
            difference, nil, isShown: test.pValue(question.alternative) < question.alpha, what: "proportion")
        if let score {
            report.details = [
                Detail("scoreInterval", "\(names[0]) less \(names[1]) by Mee's score, which is not this test's", difference, score)
            ]
        }
        report.assumptions = [question.betterNote]
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
        report.samples = counted(proportions)
        report.details = [Detail("cramerV", "Cramér's V (strength, from 0 to 1)", test.cramerV)]
        return report
    }

    /// The z test of two proportions, or of all pairs of more.
    func proportions() throws -> TestReport {
        let proportions = try input.proportions()
        if proportions.count == 2 {
            let test = try TwoProportionZTest(proportions[0], proportions[1])
            var report = try estimating(test, of: "proportion")
            report.samples = counted(proportions)
            report.details = [Detail("cohenH", "Cohen's h (difference of arcsines)", test.cohenH)]
            // The interval is that of the first over the second; a lift is the second's over the first's.
            if proportions[0].successes > 0, proportions[1].successes > 0,
                let ratio = try? TwoProportionZTest(proportions[1], proportions[0]).ratioInterval(level: question.level)
            {
                let lift = proportions[1].estimate / proportions[0].estimate - 1
                report.details.append(
                    Detail(
                        "lift", "\(names[1]) over \(names[0]), relative", lift,
                        ConfidenceInterval(low: ratio.low - 1, high: ratio.high - 1, level: ratio.level), isShare: true))
            }
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
}
