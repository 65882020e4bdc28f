import Statistics
import Text

extension TestRun {
    /// Welch's and Student's tests, with effect sizes.
    func means(_ test: some TTest) throws -> TestReport {
        var report = try estimating(test, of: "mean")
        let samples = try input.summaries()
        if let student = try? StudentTTest(samples[0], samples[1]) {
            let d = CohenD(student)
            report.details.append(
                Detail(
                    "cohenD", "Cohen's d (difference in standard deviations)", d.estimate, try? d.confidenceInterval(level: question.level))
            )
        }
        report.details += lift(samples)
        return report
    }

    /// The second mean over the first, less one.
    func lift(_ samples: [Summary]) -> [Detail] {
        guard let lift = try? RelativeLift(treatment: samples[1], control: samples[0]), lift.estimate.isFinite, !lift.isOfNothing,
            let interval = try? lift.confidenceInterval(level: question.level), interval.low.isFinite, interval.high.isFinite
        else { return [] }
        return [Detail("lift", "\(names[1]) over \(names[0]), relative", lift.estimate, interval, isShare: true)]
    }

    /// The relative lift as the test itself.
    func relativeLift() throws -> TestReport {
        let samples = try input.summaries()
        let test = try RelativeLift(treatment: samples[1], control: samples[0])
        let interval =
            test.isOfNothing ? nil : try test.confidenceInterval(level: question.level, alternative: question.alternative)
        let p = test.pValue(question.alternative)
        let range =
            interval.map {
                ", \($0.percentage) interval \(Figures.percent($0.low, 4)) to \(Figures.percent($0.high, 4))"
            } ?? ""
        let size =
            "the mean of \(names[1]) is \(Figures.percent(abs(test.estimate), 4)) \(test.estimate >= 0 ? "above" : "below") that of \(names[0])"
        let isBetter = (test.estimate > 0) == question.higherIsBetter
        var report = try directional(
            test, yes: "\(isBetter ? names[1] : names[0]) is better: \(size)\(range)", no: "No difference is shown: \(size)\(range)")
        report.test = "relative lift, Fieller's interval"
        report.degreesOfFreedom = [test.degreesOfFreedom]
        report.estimate = test.estimate
        report.estimated = "\(names[1]) over \(names[0]), less 1"
        report.interval = interval
        report.assumptions = [question.betterNote]
        if test.isOfNothing {
            report.assumptions.append(
                "no interval is told: all of \(names[1]) is 0, and how far others of its kind may be from that is not known")
        }
        if p.isNaN { throw StatisticsError.noVariance(argument: "first and second") }
        return report
    }

    /// The difference of two means by redealing the units, within blocks if there are such.
    func permutation() throws -> TestReport {
        let groups = try input.groups()
        let blocks: [PermutationTest.Block] =
            groups[0].parts.isEmpty
            ? [PermutationTest.Block(first: groups[0].values, second: groups[1].values)]
            : groups[0].partNames.indices.map { part in
                PermutationTest.Block(first: groups[0].values(ofPart: part), second: groups[1].values(ofPart: part))
            }
        let test = try PermutationTest(blocks: blocks.filter { !$0.first.isEmpty || !$0.second.isEmpty }, question.resampling)
        var report = try estimating(test, of: "mean")
        report.test = test.name
        report.estimated = "\(names[0]) less \(names[1])" + (blocks.count > 1 ? ", within blocks" : "")
        report.details = [
            Detail("assignments", test.isExact ? "assignments, all there are" : "assignments drawn", Double(test.assignments))
        ]
        if test.unitsLeftOut > 0 {
            report.assumptions.append(
                "\(Figures.counted(test.unitsLeftOut, "value is", "values are")) left out: those of blocks with a single value of a group that are the only ones of their size"
            )
        }
        if !test.isExact {
            report.assumptions.append("assignments drawn from seed \(question.resampling.seed); another seed moves the p-value a little")
        }
        return report
    }

    /// The difference of two means with an interval by resampling.
    func bootstrap() throws -> TestReport {
        let groups = try input.values()
        let method = question.intervalMethod
        let bootstrap = try Bootstrap(
            differenceOfMeans: groups[0], groups[1], studentizing: method == .studentized, question.resampling)
        let interval = try bootstrap.confidenceInterval(method, level: question.level, alternative: question.alternative)
        let isShown = !interval.contains(0)
        return TestReport(
            test: "bootstrap of a difference of means, \(method.rawValue) interval", statistic: nil, pValue: nil,
            alternative: question.alternative, estimate: bootstrap.estimate, estimated: "\(names[0]) less \(names[1])", interval: interval,
            samples: try input.reports(),
            details: [
                Detail("standardError", "standard error", bootstrap.standardError), Detail("bias", "bias", bootstrap.bias),
                Detail("resamples", "resamples", Double(bootstrap.replicates.count)),
            ],
            conclusion: Conclusion(names: names, question: question).ofDifference(
                bootstrap.estimate, interval, isShown: isShown, what: "mean"),
            assumptions: [
                "a difference is called shown where the interval leaves out zero",
                "resamples drawn from seed \(question.resampling.seed); another seed moves the interval a little", question.betterNote,
            ])
    }

    /// Every pair of several means by Tukey's test.
    func tukey() throws -> TestReport {
        let samples = try input.summaries()
        let analysis = try AnalysisOfVariance(samples)
        let degrees = analysis.degreesOfFreedom
        var report = try plain(
            analysis, degrees: [Double(degrees.between), Double(degrees.within)], yes: "", no: "")
        report.test = "Tukey's test, all pairs; analysis of variance of all together"
        var pairs: [PairReport] = []
        for i in samples.indices {
            for j in samples.indices where j > i {
                let test = try TukeyTest(samples, first: i, second: j)
                pairs.append(
                    PairReport(
                        a: names[i], b: names[j], statistic: test.statistic, pValue: test.pValue, adjustedPValue: test.pValue,
                        estimate: test.estimate, interval: try test.confidenceInterval(level: question.level)))
            }
        }
        report.comparisons = pairs
        report.conclusion = Conclusion(names: names, question: question).ofPairs(pairs, estimates: samples.map(\.mean), what: "mean")
        report.assumptions = ["p-values and intervals hold for all \(pairs.count) pairs together", question.betterNote]
        return report
    }
}
