import Statistics
import Text

extension TestRun {
    /// Whether a difference lies within margins.
    func equivalence(isOneSided: Bool) throws -> TestReport {
        guard let margin = question.margin else { preconditionFailure("a margin is always given") }
        guard margin > 0, margin.isFinite else {
            throw StatisticsError.outOfRange(argument: "margin", value: margin, expected: "a positive number")
        }
        let (test, found) = try equivalence(margin, isOneSided)
        let p = found.pValue
        let isShown = p < question.alpha
        let (a, b) = (names[0], names[1])
        let interval = try found.confidenceInterval(significance: min(question.alpha, 0.499))
        let limit = Figures.brief(margin)
        let conclusion: String
        if isOneSided {
            let worse = question.higherIsBetter ? "lower" : "higher"
            conclusion =
                isShown
                ? "\(b) is not worse than \(a) by \(limit) or more: ship it if it is otherwise preferred (\(question.stated(p)), against \(question.alphaText))."
                : "It is not shown that \(b) is less than \(limit) \(worse) than \(a) (\(question.stated(p)), against \(question.alphaText)). That does not show that it is worse."
        } else {
            conclusion =
                isShown
                ? "\(a) and \(b) differ by less than \(limit), whichever is ahead (\(question.stated(p)), against \(question.alphaText))."
                : "It is not shown that \(a) and \(b) differ by less than \(limit) (\(question.stated(p)), against \(question.alphaText)). That does not show a difference."
        }
        return TestReport(
            test: isOneSided ? "non-inferiority by a margin of \(limit)" : "equivalence within \(limit), two one-sided tests",
            statistic: test.statistic, degreesOfFreedom: test.degrees, pValue: p, estimate: test.estimate,
            estimated: "\(a) less \(b)", interval: interval, samples: try input.reports(),
            details: [
                Detail("margin", "margin", margin),
                Detail("lowerPValue", "p against a difference of \(Figures.brief(found.lowerMargin)) or less", found.lowerPValue),
                Detail("upperPValue", "p against a difference of \(Figures.brief(found.upperMargin)) or more", found.upperPValue),
            ].filter { !$0.label.contains("∞") },
            conclusion: conclusion,
            assumptions: ["the interval has level 1 - 2 × \(question.alphaText): it lies within the margins exactly when the test says so"]
                + (isOneSided ? [question.betterNote] : []))
    }

    private func equivalence(
        _ margin: Double, _ isOneSided: Bool
    ) throws -> (test: (statistic: Double, degrees: [Double], estimate: Double), found: EquivalenceTest) {
        // The control less the other: where more is better, that must not be large; where less is better, not small.
        let lower = isOneSided && question.higherIsBetter ? -Double.infinity : -margin
        let upper = isOneSided && !question.higherIsBetter ? Double.infinity : margin
        if case .counts(let samples) = input {
            let (a, b) = (samples[0].proportion, samples[1].proportion)
            let z = TwoProportionZTest(a, b)
            return ((z.statistic, [], z.estimate), try EquivalenceTest(a, b, lowerMargin: lower, upperMargin: upper))
        }
        let samples = try input.summaries()
        let test = try WelchTTest(samples[0], samples[1])
        return ((test.statistic, [test.degreesOfFreedom], test.estimate), try EquivalenceTest(test, lowerMargin: lower, upperMargin: upper))
    }

    /// A difference that may be looked at as often as one likes.
    func sequential() throws -> TestReport {
        guard let tuning = question.tuning else { preconditionFailure("a tuning is always given") }
        let test: any EstimatingTest
        let what: String
        if case .counts(let samples) = input {
            test = try TwoProportionSequence(samples[0].proportion, samples[1].proportion, tuning: tuning)
            what = "proportion"
        } else if case .values(let groups) = input, groups.allSatisfy({ !$0.others.isEmpty }) {
            let rows = groups.map { LinRegression.Rows(outcome: $0.values, covariates: $0.others) }
            let count = groups.reduce(0) { $0 + $1.values.count }
            test = try ConfidenceSequence(regression(rows).effect(), count: count, tuning: tuning)
            what = "adjusted mean"
        } else {
            let samples = try input.summaries()
            test = try ConfidenceSequence(samples[0], samples[1], tuning: tuning)
            what = "mean"
        }
        var report = try estimating(test, of: what)
        report.test = "always-valid confidence sequence of a difference"
        report.samples = try input.reports()
        if (report.pValue ?? 1) >= question.alpha {
            let difference = Figures.significant(abs(test.estimate))
            let found =
                test.estimate == 0
                ? "the \(what)s of \(names[0]) and \(names[1]) are equal"
                : "the \(what) of \(names[0]) is \(difference) \(test.estimate < 0 ? "lower" : "higher") than that of \(names[1])"
            report.conclusion =
                "Not decided yet: so far \(found), and the interval (\(report.interval?.text ?? "") for \(names[0]) less \(names[1])) still holds zero. "
                + "Go on, and look again whenever you like."
        } else {
            report.conclusion += " You may stop now: this holds however often one looked before."
        }
        return report
    }

    /// What is believed about the arms: which is better, and what a wrong choice costs.
    func bayes() throws -> TestReport {
        let (pairs, best, loss) = try input.form == .counts ? beliefsOfProportions() : beliefsOfMeans()
        let (chance, cost) = (best.map { Figures.percent($0.chance) }, Figures.significant(loss.loss))
        var conclusion =
            pairs.map { pair in
                let beats = pair.details.first { $0.word == "chanceToBeatControl" }?.value ?? 0
                return "\(pair.b) beats \(pair.a), the control, with a chance of \(Figures.percent(beats))"
            }.joined(separator: "; ") + "."
        if let best, let chance, pairs.count > 1 {
            conclusion += " The best of all is most likely \(best.name), with a chance of \(chance)."
        }
        conclusion += " The least is lost on average by choosing \(loss.name): \(cost)."
        return TestReport(
            test: input.form == .counts ? "Bayesian comparison of proportions" : "Bayesian comparison of means", statistic: nil,
            pValue: nil,
            estimate: pairs.count == 1 ? pairs[0].estimate : nil, estimated: pairs.count == 1 ? "\(names[0]) less \(names[1])" : nil,
            interval: pairs.count == 1 ? pairs[0].interval : nil, samples: try input.reports(),
            comparisons: pairs.count == 1 ? [] : pairs, details: pairs.count == 1 ? pairs[0].details : [], conclusion: conclusion,
            assumptions: [
                input.form == .counts
                    ? "the prior of each proportion is Beta(\(Figures.significant(question.proportionPrior.alpha)), \(Figures.significant(question.proportionPrior.beta)))"
                    : question.differencePrior.map {
                        "the prior of the difference is normal, mean \(Figures.significant($0.location)), standard deviation \(Figures.significant($0.scale))"
                    } ?? "no prior: every difference was as likely as another",
                "intervals are credible: they hold the truth with this probability, given the prior", question.betterNote,
            ])
    }

    private typealias Beliefs = (pairs: [PairReport], best: (name: String, chance: Double)?, least: (name: String, loss: Double))

    private func beliefsOfProportions() throws -> Beliefs {
        // Where less is better, failures are what is counted; differences turn round once more.
        let proportions = try input.proportions().map { proportion in
            question.higherIsBetter
                ? proportion : try Proportion(successes: proportion.trials - proportion.successes, trials: proportion.trials)
        }
        let prior =
            question.higherIsBetter
            ? question.proportionPrior : try Beta(alpha: question.proportionPrior.beta, beta: question.proportionPrior.alpha)
        let arms = try BetaArms(proportions, prior: prior)
        let sign = question.higherIsBetter ? 1.0 : -1.0
        let losses = try names.indices.map { try arms.expectedLoss(of: $0) }
        let pairs = try names.indices.dropFirst().map { other in
            let range = try arms.credibleInterval(of: 0, less: other, level: question.level)
            let (low, high) = sign > 0 ? (range.low, range.high) : (-range.high, -range.low)
            return PairReport(
                a: names[0], b: names[other], estimate: sign * (try arms.expectedUplift(of: 0, over: other)),
                interval: ConfidenceInterval(low: low, high: high, level: range.level),
                details: beliefs(
                    chance: try arms.chance(of: other, toBeat: 0), control: names[0], losses[0], other: names[other], losses[other]))
        }
        let chances = try names.indices.map { try arms.chanceToBeBest($0) }
        let best = chances.indices.max { chances[$0] < chances[$1] }.map { (names[$0], chances[$0]) }
        let least = losses.indices.min { losses[$0] < losses[$1] } ?? 0
        return (pairs, best, (names[least], losses[least]))
    }

    private func beliefsOfMeans() throws -> Beliefs {
        let samples = try input.summaries()
        if let few = zip(names, samples).first(where: { $1.count < 2 }) {
            throw SampleProblem.tooFew(few.0, count: few.1.count, needed: 2)
        }
        var least = (name: names[0], loss: 0.0)
        let pairs = try names.indices.dropFirst().map { other in
            let belief = try NormalPosterior(treatment: samples[other], control: samples[0], prior: question.differencePrior)
            let range = try belief.credibleInterval(level: question.level)
            let isHigher = question.higherIsBetter
            let ofOther = isHigher ? belief.expectedLossOfTreatment : belief.expectedLossOfControl
            let ofControl = isHigher ? belief.expectedLossOfControl : belief.expectedLossOfTreatment
            if other == 1 || ofOther < least.loss { least = ofOther < ofControl ? (names[other], ofOther) : (names[0], ofControl) }
            return PairReport(
                a: names[0], b: names[other], estimate: -belief.effect.location,
                interval: ConfidenceInterval(low: -range.high, high: -range.low, level: range.level),
                details: beliefs(
                    chance: isHigher ? belief.chanceToBeatControl : belief.chanceToLose, control: names[0], ofControl, other: names[other],
                    ofOther))
        }
        return (pairs, nil, least)
    }

    private func beliefs(chance: Double, control: String, _ ofControl: Double, other: String, _ ofOther: Double) -> [Detail] {
        [
            Detail("chanceToBeatControl", "chance that \(other) beats \(control)", chance, isShare: true),
            Detail("expectedLoss", "lost on average by choosing \(other)", ofOther),
            Detail("expectedLossOfControl", "lost on average by staying with \(control)", ofControl),
        ]
    }
}
