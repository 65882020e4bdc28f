import Statistics
import Text

extension TestRun {
    /// Means freed of what covariates foretold, by CUPED.
    func cuped() throws -> TestReport {
        let groups = try input.groups()
        if let few = groups.first(where: { $0.values.count < 2 }) {
            throw SampleProblem.tooFew(few.name, count: few.values.count, needed: 2)
        }
        let adjusted = try CUPED(variants: groups.map { group throws(StatisticsError) in try group.moments })
        // The first less the second, as in every test of two samples.
        let effect = try unforetold { () throws(StatisticsError) in try adjusted.effect(of: 0, against: 1) }
        var report = try effectReport(effect, "CUPED", of: "adjusted mean")
        let plain = try WelchTTest(adjusted.unadjusted[0], adjusted.unadjusted[1])
        report.details = [
            Detail("varianceReduction", "variance that the covariates took away", adjusted.varianceReduction, isShare: true),
            Detail(
                "unadjusted", "\(names[0]) less \(names[1]) without adjustment", plain.estimate,
                try plain.confidenceInterval(level: question.level)),
        ]
        report.details += zip(question.columnNames, adjusted.slopes).map { Detail("slope \($0)", "slope of '\($0)'", $1) }
        report.details += lift(adjusted.variants)
        return report
    }

    /// Means adjusted by Lin's regression.
    func lin() throws -> TestReport {
        let groups = try input.groups()
        let rows = groups.map { LinRegression.Rows(outcome: $0.values, covariates: $0.others) }
        // The library's treatment is the first sample here: the first less the second.
        let adjusted = try regression(rows)
        let effect = try unforetold { () throws(StatisticsError) in try adjusted.effect() }
        var report = try effectReport(effect, "Lin's regression, HC2", of: "adjusted mean")
        let plain = try WelchTTest(groups[0].values, groups[1].values)
        report.details = [
            Detail(
                "unadjusted", "\(names[0]) less \(names[1]) without adjustment", plain.estimate,
                try plain.confidenceInterval(level: question.level))
        ]
        for (index, name) in question.columnNames.enumerated() {
            report.details.append(
                Detail("slope \(name) in \(names[0])", "slope of '\(name)' in \(names[0])", adjusted.treatmentSlopes[index]))
            report.details.append(
                Detail("slope \(name) in \(names[1])", "slope of '\(name)' in \(names[1])", adjusted.controlSlopes[index]))
        }
        return report
    }

    /// Means compared within strata.
    func stratified() throws -> TestReport {
        let parts = try parts()
        let adjusted = try PostStratification(parts.map { PostStratification.Stratum(treatment: $0.first, control: $0.second) })
        var report = try effectReport(adjusted.effect(), "post-stratification", of: "mean over strata")
        report.details = parts.map { part in
            // Of a stratum in which nothing varies nothing more is known, and the others are.
            let effect = try? Effect(treatment: part.first, control: part.second)
            return Detail(
                part.name, "\(names[0]) less \(names[1]) in \(part.name)", part.first.mean - part.second.mean,
                try? effect?.confidenceInterval(level: question.level))
        }
        return report
    }

    /// Means of values whose clusters were randomised.
    func clustered() throws -> TestReport {
        let groups = try input.groups()
        let shared = Set(groups[0].parts).intersection(groups[1].parts)
        if let cluster = shared.min() { throw SampleProblem.sharedCluster(groups[0].partNames[cluster], names) }
        let clusters = try groups.map { group in
            try SampleProblem.naming([group.name]) { try ClusterSums(group.values, clusters: group.parts) }
        }
        let effect = try Effect(treatment: clusters[0].estimate(), control: clusters[1].estimate())
        var report = try effectReport(effect, "means of clusters, by the delta method", of: "mean")
        let plain = try WelchTTest(groups[0].values, groups[1].values)
        let wider = effect.standardError / plain.standardError
        report.details =
            zip(names, clusters).map { Detail("clusters of \($0)", "clusters of \($0)", Double($1.moments.count)) } + [
                Detail("designEffect", "times the variance that independent values would have (design effect)", wider * wider),
                Detail(
                    "unclustered", "\(names[0]) less \(names[1]) if clusters did not matter", plain.estimate,
                    try plain.confidenceInterval(level: question.level)),
            ]
        return report
    }

    /// A ratio of two sums, by the delta method.
    func ratioMetric() throws -> TestReport {
        let groups = try input.groups()
        let base = CoMoments.base(ofRatio: groups.flatMap(\.values), to: groups.flatMap { $0.others[0] })
        let summaries = try groups.map { group in
            try SampleProblem.naming([group.name], columns: question.columnNames) {
                let beyond = zip(group.values, group.others[0]).map { value, below in
                    // What is left of a multiple is a rounding.
                    let rest = value - base * below
                    return abs(rest) <= 1e-13 * abs(value) ? 0 : rest
                }
                return try CoMoments([beyond, group.others[0]]).summary(of: .ratio(of: 0, to: 1, above: base))
            }
        }
        let effect = try Effect(treatment: summaries[0], control: summaries[1])
        var report = try effectReport(effect, "ratio metric by the delta method", of: "ratio")
        report.measure = "ratio"
        report.samples = zip(names, summaries).map { SampleReport(name: $0, count: $1.count, mean: $1.mean) }
        report.estimated = "\(names[0]) less \(names[1]), sums over sums of '\(question.columnNames.first ?? "")'"
        report.details = lift(summaries)
        return report
    }

    /// Quantiles by their densities.
    func quantile() throws -> TestReport {
        let groups = try input.values()
        let what = question.probability == 0.5 ? "median" : "\(Figures.percent(question.probability)) quantile"
        let quantiles = try zip(names, groups).map { name, values in
            try SampleProblem.naming([name]) { try QuantileEstimate(values, probability: question.probability) }
        }
        let estimates = try zip(names, quantiles).map { name, quantile in
            do {
                return try quantile.estimate
            } catch StatisticsError.tooFew(_, let count, let needed) {
                throw SampleProblem.fewForQuantile(name, count: count, needed: needed, quantile: what)
            }
        }
        let effect = try Effect(treatment: estimates[0], control: estimates[1])
        var report = try effectReport(effect, "difference of two \(what)s", of: what)
        report.details = try zip(names, quantiles).map { name, quantile in
            Detail("quantile of \(name)", "\(what) of \(name)", quantile.value, try quantile.confidenceInterval(level: question.level))
        }
        return report
    }

    /// Effects in several segments against each other.
    func segments() throws -> TestReport {
        let parts = try parts()
        let effects = try parts.map { part in
            try SampleProblem.naming(names.map { "\($0) in \(part.name)" }) { try Effect(treatment: part.first, control: part.second) }
        }
        let test = try Heterogeneity(effects)
        var report = try plain(
            test, degrees: [test.degreesOfFreedom], yes: "The effect is not the same in all segments",
            no: "No difference of the effect between segments is shown")
        report.test = "Cochran's Q: heterogeneity of effects"
        report.estimate = test.average.value
        report.estimated = "\(names[0]) less \(names[1]), mean of the segments' effects"
        report.interval = try test.average.confidenceInterval(level: question.level)
        report.details =
            try zip(parts, effects).map { part, effect in
                Detail(
                    part.name, "\(names[0]) less \(names[1]) in \(part.name)", effect.estimate,
                    try effect.confidenceInterval(level: question.level))
            } + [Detail("inconsistency", "share of the differences that chance does not explain (I²)", test.inconsistency, isShare: true)]
        report.assumptions = ["intervals of single segments are each by itself: of many, some leave out zero by chance"]
        return report
    }

    /// Group sizes against the weights that were meant.
    func sampleRatio() throws -> TestReport {
        let sizes = input.sizes()
        let weights = question.weights ?? sizes.map { _ in 1 }
        let plain = try SampleRatioTest(counts: sizes, weights: weights)
        let isSmall = plain.expected.contains { $0 < 5 }
        let exact = isSmall ? try? ExactSampleRatioTest(counts: sizes, weights: weights) : nil
        let p = exact?.pValue ?? plain.pValue
        var always = try SequentialSampleRatioTest(weights: weights)
        try always.observe(counts: sizes)
        let meant = weights.map { Figures.significant($0, 3) }.joined(separator: ":")
        // It is looked at on every experiment, so its alarm is set higher than that of a metric.
        let alarm = min(question.alpha, 0.001)
        let text = question.stated(p)
        let found =
            p < alarm
            ? "The groups are not as large as they should be, with \(meant) meant (\(text)): units were lost or dealt wrongly. "
                + "Do not read results before the cause is found."
            : "The groups are as large as chance makes them, with \(meant) meant (\(text), against \(alarm))."
        return TestReport(
            test: exact?.name ?? plain.name, statistic: exact?.statistic ?? plain.statistic,
            degreesOfFreedom: exact == nil ? [Double(plain.degreesOfFreedom)] : [], pValue: p,
            samples: zip(names, sizes).map { SampleReport(name: $0, count: $1) },
            details: [Detail("alwaysValidPValue", "p that holds however often one looks", always.pValue)],
            conclusion: found, assumptions: ["an alarm is raised below \(alarm), as this is looked at on every experiment"])
    }

    /// Lin's regression, whose treatment is the first sample.
    func regression(_ rows: [LinRegression.Rows]) throws -> LinRegression {
        try SampleProblem.naming([names[1], names[0]], columns: question.columnNames) {
            try LinRegression(treatment: rows[0], control: rows[1])
        }
    }

    /// An effect after covariates; where these leave no variance, that is said, as the values themselves do vary.
    private func unforetold(_ effect: () throws(StatisticsError) -> Effect) throws -> Effect {
        do throws(StatisticsError) {
            return try effect()
        } catch .noVariance("treatment and control") {
            throw SampleProblem.foretold(names)
        }
    }

    /// An effect as a report.
    private func effectReport(_ effect: Effect, _ name: String, of what: String) throws -> TestReport {
        var report = try estimating(effect, of: what)
        report.test = name
        return report
    }

    /// The two samples in each part that has enough of both.
    private func parts() throws -> [(name: String, first: Summary, second: Summary)] {
        let groups = try input.groups()
        let names = groups[0].partNames
        var found: [(String, Summary, Summary)] = []
        for part in names.indices.sorted(by: { names[$0] < names[$1] }) {
            let (first, second) = (groups[0].values(ofPart: part), groups[1].values(ofPart: part))
            if first.isEmpty, second.isEmpty { continue }
            guard first.count > 1, second.count > 1 else { throw TestInputError.thinPart(names[part]) }
            found.append((names[part], try Summary(first), try Summary(second)))
        }
        guard found.count > 1 else { throw TestInputError.fewParts(found: found.map(\.0)) }
        return found
    }
}
