/// Which test answers a question about two groups, why, and what would mislead.
public struct Advice: Sendable {
    /// Something in the data that a reader of the result must know.
    public enum Caution: Equatable, Sendable {
        /// Without the largest value of a group its mean would move by `shift`, which is `standardErrors` of the comparison.
        case oneValueDecides(group: String, value: Double, shift: Double, standardErrors: Double)
        /// The mean of a group is not yet normal: its skewness asks for `needed` values, there are `count`.
        case skewed(group: String, skewness: Double, count: Int, needed: Int)
        /// The variances differ by this factor, so a test that pools them would mislead.
        case unequalVariances(ratio: Double)
        /// This share of all pairs are ties.
        case ties(share: Double)
        /// The expected number of successes or of failures in a group is this small.
        case fewEvents(expected: Double)
        /// This test was not chosen, because it answers another question.
        case answersAnotherQuestion(KnownTest)
    }

    /// What was asked.
    public let question: Question
    /// The test that answers it.
    public let test: KnownTest
    /// Why, in one sentence.
    public let reason: String
    /// What would mislead.
    public let cautions: [Caution]

    /// Advises on two raw samples.
    public init(_ question: Question, _ first: [Double], _ second: [Double]) throws(StatisticsError) {
        try Require.sample(first.span, "first", atLeast: 3)
        try Require.sample(second.span, "second", atLeast: 3)
        let groups = try [("first", Moments(first)), ("second", Moments(second))]
        self.question = question
        var cautions: [Caution] = []
        switch question {
        case .means:
            cautions = try Self.cautionsAboutMeans(groups)
            let isSkewed = cautions.contains { if case .skewed = $0 { true } else { false } }
            // Redealing Welch's t is exact under one distribution, and near it where spreads differ as well; t's own table is neither where few values are skewed.
            let isSmall = min(first.count, second.count) < 30
            test = isSkewed && isSmall ? .permutation : .welch
            reason =
                test == .welch
                ? "The question is about means; Welch's test compares them without assuming equal variances, and it is the mean that must be normal, not the data."
                : "The question is about means, and the samples are too small and too skewed for the normal approximation; redealing them needs none."
            cautions.append(.answersAnotherQuestion(.mannWhitney))
        case .tendency:
            let ranks = TwoSampleRanks(SortKeys.sorted(first.span), SortKeys.sorted(second.span))
            let total = Double(first.count + second.count)
            let share = ranks.ties / (total * (total * total - 1))
            if share > 0.05 { cautions.append(.ties(share: share)) }
            test = .mannWhitney
            reason =
                "The question is whose values tend to be larger; Mann-Whitney's test answers it by ranks, which no single value can upset."
            cautions.append(.answersAnotherQuestion(.welch))
        case .spread:
            test = .brownForsythe
            reason =
                "The question is about spread; distances from the median keep their level for skewed data, where Bartlett's test does not."
        case .distribution:
            test = .kolmogorovSmirnov
            reason =
                "The question is about any difference at all; the largest gap between the two distributions sees each kind, none of them best."
        }
        self.cautions = cautions
    }

    /// Advises on two proportions.
    public init(_ first: Proportion, _ second: Proportion) {
        question = .means
        let pooled = Double(first.successes + second.successes) / Double(first.trials + second.trials)
        let expected = Double(min(first.trials, second.trials)) * min(pooled, 1 - pooled)
        // W. G. Cochran's rule, Biometrics 10 (1954), doi:10.2307/3001616.
        let isSmall = expected < 5
        let isLong = max(first.trials, second.trials) > UnconditionalTest.trialLimit
        test = !isSmall ? .proportions : isLong ? .fisher : .boschloo
        reason =
            isSmall && isLong
            ? "So few events are expected that the normal approximation fails; Fisher's exact test holds its level among as many trials too."
            : isSmall
                ? "So few events are expected that the normal approximation fails; Boschloo's exact test holds its level and loses less than Fisher's."
                : "Both groups expect enough events for the z test, whose square is Pearson's chi-square."
        cautions = isSmall ? [.fewEvents(expected: expected)] : []
    }

    private static func cautionsAboutMeans(_ groups: [(name: String, moments: Moments)]) throws(StatisticsError) -> [Caution] {
        var cautions: [Caution] = []
        let error = groups.reduce(0) { $0 + $1.moments.variance / Double($1.moments.count) }.squareRoot()
        for (name, moments) in groups {
            let n = Double(moments.count)
            // The value farthest out, and where the mean would be without it.
            let isHigh = moments.maximum - moments.mean >= moments.mean - moments.minimum
            let extreme = isHigh ? moments.maximum : moments.minimum
            let shift = (extreme - moments.mean) / (n - 1)
            if error > 0, abs(shift) > 0.5 * error {
                cautions.append(.oneValueDecides(group: name, value: extreme, shift: shift, standardErrors: abs(shift) / error))
            }
            // R. Kohavi, A. Deng, R. Longbotham and Y. Xu, "Seven rules of thumb for web site experimenters", KDD 2014, doi:10.1145/2623330.2623341, rule 7.
            if let skewness = moments.skewness {
                let needed = 355 * skewness * skewness
                if needed > n {
                    cautions.append(.skewed(group: name, skewness: skewness, count: moments.count, needed: Int(min(needed, 1e15)) + 1))
                }
            }
        }
        let variances = groups.map(\.moments.variance)
        if let most = variances.max(), let least = variances.min(), least > 0, most > 2 * least {
            cautions.append(.unequalVariances(ratio: most / least))
        }
        return cautions
    }
}

extension Advice.Caution: CustomStringConvertible {
    /// One sentence for a person.
    public var description: String {
        switch self {
        case .oneValueDecides(let group, let value, let shift, let standardErrors):
            "One value of the \(group) group, \(value), moves its mean by \(shift), \(standardErrors) standard errors of the difference: look at it before believing the result."
        case .skewed(let group, let skewness, let count, let needed):
            "The \(group) group is skewed (\(skewness)): its mean is normal enough from about \(needed) values on, there are \(count)."
        case .unequalVariances(let ratio):
            "The variances differ by a factor of \(ratio): a test that pools them would mislead."
        case .ties(let share):
            "\(100 * share) % of the pairs are ties: the variance must be corrected for them."
        case .fewEvents(let expected):
            "Only \(expected) events are expected in the smaller group."
        case .answersAnotherQuestion(.mannWhitney):
            "Data that are not normal are no reason for Mann-Whitney's test: it does not compare means, but asks whose values tend to be larger."
        case .answersAnotherQuestion(let test):
            "The \(test.rawValue) test answers another question."
        }
    }
}
