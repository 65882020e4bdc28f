import Statistics
import Text

extension TestRun {
    /// The ratio of two rates of events.
    func ratio(_ test: PoissonRateTest) throws -> TestReport {
        guard test.first.events + test.second.events > 0 else { return try ratioOfNothing(test) }
        let ratio = "events come \(Figures.significant(test.estimate)) times as often in \(names[0]) as in \(names[1])"
        var report = try directional(test, yes: "The rates differ: \(ratio)", no: "No difference of the rates is shown: \(ratio)")
        report.measure = "rate"
        report.estimate = test.estimate
        report.estimated = "rate of \(names[0]) over that of \(names[1])"
        report.interval = try test.confidenceInterval(level: question.level, alternative: question.alternative)
        return report
    }

    /// Two rates of events that never came: of their ratio nothing is known, of each how large it may be.
    private func ratioOfNothing(_ test: PoissonRateTest) throws -> TestReport {
        let no =
            "No difference of the rates is shown: neither \(names[0]) nor \(names[1]) had an event, and nothing is known of their ratio"
        var report = try directional(test, yes: no, no: no)
        report.measure = "rate"
        report.interval = try test.confidenceInterval(level: question.level, alternative: question.alternative)
        report.details = try zip(names, [test.first, test.second]).map { name, rate in
            Detail("rate of \(name)", "rate of \(name)", rate.estimate, try rate.confidenceInterval(level: question.level))
        }
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
        let isShown = (report.pValue ?? 1) < question.alpha
        let difference = proportions[0].estimate - proportions[1].estimate
        let score = try? TwoProportionZTest(proportions[0], proportions[1]).confidenceInterval(level: question.level)
        report.samples = counted(proportions)
        report.estimate = difference
        report.estimated = "\(names[0]) less \(names[1])"
        report.conclusion = Conclusion(names: names, question: question).ofDifference(
            difference, nil, isShown: isShown, what: "proportion")
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
        guard proportions.contains(where: { $0.successes > 0 }), proportions.contains(where: { $0.successes < $0.trials }) else {
            throw SampleProblem.nothingVaries(names)
        }
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
            let test = TwoProportionZTest(proportions[0], proportions[1])
            var report = try estimating(test, of: "proportion")
            report.samples = counted(proportions)
            report.details = [Detail("cohenH", "Cohen's h (difference of arcsines)", test.cohenH)]
            report.assumptions += sizeNotes(proportions)
            // The interval is that of the first over the second; a lift is the second's over the first's.
            if proportions[0].successes > 0, proportions[1].successes > 0,
                let interval = try? TwoProportionZTest(proportions[1], proportions[0]).liftInterval(level: question.level)
            {
                let lift = (proportions[1].estimate - proportions[0].estimate) / proportions[0].estimate
                report.details.append(Detail("lift", "\(names[1]) over \(names[0]), relative", lift, interval, isShare: true))
            }
            return report
        }
        let isAlike = proportions.allSatisfy { $0.successes == 0 } || proportions.allSatisfy { $0.successes == $0.trials }
        var report = isAlike ? alike(proportions) : try chiSquare(.pearson)
        let pairs = names.indices.flatMap { i in
            names.indices.filter { $0 > i }.map { j in
                (first: i, second: j, test: TwoProportionZTest(proportions[i], proportions[j]))
            }
        }
        let alpha = question.adjustment.significance(alpha: question.alpha, comparisons: pairs.count)
        // Methods that go step by step give no intervals; Bonferroni's hold together with them.
        let level = 1 - (alpha ?? question.alpha / Double(pairs.count))
        let adjusted = try question.adjustment.adjust(pairs.map { $0.test.pValue(question.alternative) })
        report.test = "z tests of proportions, all pairs; chi-square of all together"
        report.alternative = question.alternative
        report.adjustment = question.adjustment
        report.comparisons = try zip(pairs, adjusted).map { pair, adjusted in
            PairReport(
                a: names[pair.first], b: names[pair.second], statistic: pair.test.statistic,
                pValue: pair.test.pValue(question.alternative), logPValue: pair.test.logPValue(question.alternative),
                adjustedPValue: adjusted, estimate: pair.test.estimate,
                interval: try pair.test.confidenceInterval(level: level, alternative: question.alternative))
        }
        report.conclusion = Conclusion(names: names, question: question).ofPairs(
            report.comparisons, estimates: proportions.map(\.estimate), what: "proportion")
        report.assumptions =
            [
                "p-values adjusted by \(question.adjustment.rawValue) for \(report.comparisons.count) comparisons; "
                    + question.adjustment.ofIntervals,
                question.betterNote,
            ] + sizeNotes(proportions)
        return report
    }

    /// Several proportions that are all none or all: a chi-square of them is 0 / 0, and nothing speaks against their being equal.
    private func alike(_ proportions: [Proportion]) -> TestReport {
        TestReport(
            test: "", statistic: 0, degreesOfFreedom: [Double(proportions.count - 1)], pValue: 1, samples: counted(proportions),
            conclusion: "", assumptions: [])
    }

    /// The units of a group before which a test seldom shows anything.
    private static let fewestUnits = 20

    /// Whether there are units, and events, enough for a z test.
    private func sizeNotes(_ proportions: [Proportion]) -> [String] {
        let few = zip(names, proportions).filter { $1.trials < Self.fewestUnits }.map { name, proportion in
            "\(name) has \(proportion.trials) unit\(proportion.trials == 1 ? "" : "s")"
        }
        let isLong = proportions.contains { $0.trials > UnconditionalTest.trialLimit }
        let rare = names.indices.contains { i in
            names.indices.contains { $0 > i && Advice(proportions[i], proportions[$0]).test != .proportions }
        }
        return
            (few.isEmpty
            ? []
            : [
                "\(few.joined(separator: ", ")): fewer than \(Self.fewestUnits) a group seldom show a difference, whatever the groups are like"
            ])
            + [
                rare
                    ? "so few events are expected that the z test is not safe; 'gosset test \(isLong ? "fisher" : "boschloo")' is exact, for two groups"
                    : "counts are large enough for the normal approximation"
            ]
    }
}
