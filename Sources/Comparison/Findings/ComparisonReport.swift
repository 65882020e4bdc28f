import Charts
package import Statistics
package import Tables
package import Text

/// Two or more groups compared: what the data are, what is suspicious in them, what the tests say, and what to do.
package struct ComparisonReport: Sendable {
    let selection: Selection
    /// All groups together, then each.
    package let descriptions: [Description]
    package let findings: [Finding]
    package let influential: [InfluentialRow]
    /// Shapiro-Wilk for each group and tests of the variances: information, no condition.
    package let checks: [Check]
    package let means: [Mean]
    /// The means of all groups, where there are more than two.
    package let together: Check?
    /// Each other group less the control, or of every pair the later less the earlier: a difference above zero is the treatment's.
    package let pairs: [PairComparison]
    /// The pairs of which nothing can be said, as their values do not vary.
    package let notCompared: [NotCompared]
    /// How p-values of several pairs are adjusted.
    package let adjustment: Adjustment
    package let recommendation: String
    /// How the values of each group are spread; nil where all are equal.
    let histogram: Histogram?
    package let source: SourceReport

    /// A test of what is often, and wrongly, made a condition of others.
    package struct Check: Sendable {
        package let test: String
        package let subject: String
        /// Both `nil` where the test is not defined for the data.
        package let statistic: Double?
        package let pValue: Double?

        var json: JSONValue {
            .object([
                ("test", .string(test)), ("hypothesis", .string(subject)), ("statistic", JSONValue(statistic)),
                ("pValue", JSONValue(pValue)),
            ])
        }
    }

    /// Two groups that are not compared, and why.
    package struct NotCompared: Sendable {
        package let first: String
        package let second: String
        package let problem: String

        package var text: String { "\(first) and \(second) are not compared: \(problem)" }

        var json: JSONValue { .object([("a", .string(first)), ("b", .string(second)), ("problem", .string(problem))]) }
    }

    /// A group's mean with its own interval.
    package struct Mean: Sendable {
        package let group: String
        package let mean: Double
        package let interval: ConfidenceInterval?

        var json: JSONValue { .object([("group", .string(group)), ("mean", .number(mean)), ("interval", interval?.json ?? .null)]) }
    }

    /// Compares the groups of a selection; `table` must hold all columns.
    package init(_ selection: Selection, of table: Table, question: TestQuestion) throws {
        let samples = try Samples(selection, from: table)
        let groups = samples.groups
        guard groups.count > 1 else { throw samples.source.explaining(TestInputError.count(found: groups.map(\.name), expected: 2...1000)) }
        guard groups.count <= ComparisonReport.maximumGroups else { throw SampleProblem.tooManyGroups(selection.group ?? "", groups.count) }
        if let small = groups.first(where: { $0.values.count < 3 }) {
            throw samples.source.explaining(SampleProblem.smallGroup(small.name, small.values.count))
        }
        if let weights = question.weights, weights.count != groups.count {
            throw SampleProblem.weights(weights.count, groups: groups.map(\.name))
        }
        self.selection = selection
        source = samples.source
        let described = try groups.map { try Description(name: $0.name, $0.values) }
        descriptions = [try Description(name: "all", groups.flatMap(\.values))] + described
        var findings = try DataChecks(table: table, selection: selection, samples: samples, weights: question.weights).findings()
        let others = question.onlyWithControl ? [0] : Array(groups.indices)
        // With several pairs, intervals hold for all of them together.
        var each = question
        let count = others.reduce(0) { $0 + groups.count - 1 - $1 }
        let alpha = question.adjustment.significance(alpha: question.alpha, comparisons: count)
        each.level = 1 - (alpha ?? question.alpha / Double(count))
        if question.isConversion, let other = groups.first(where: { !$0.isBinary }) { throw TestInputError.notBinary(group: other.name) }
        // A column that is the same everywhere may be of shares or of anything else, and is not compared unless that is said.
        let isBinary = groups.allSatisfy(\.isBinary)
        let areShares =
            isBinary && (question.isConversion || groups.contains { group in group.values.contains { $0 != groups[0].values[0] } })
        var pairs: [PairComparison] = []
        var notCompared: [NotCompared] = []
        for i in others {
            for j in groups.indices where j > i {
                let (first, second) = (groups[j].name, groups[i].name)
                do {
                    pairs.append(
                        try SampleProblem.naming([first, second]) {
                            try PairComparison(groups[j], less: groups[i], areShares: areShares, question: each, line: table.line(of:))
                        })
                } catch let problem as SampleProblem {
                    // A pair that does not vary does not keep the others from being compared.
                    guard let reason = problem.reasonOfOnePair else { throw problem }
                    notCompared.append(NotCompared(first: first, second: second, problem: reason))
                }
            }
        }
        guard !pairs.isEmpty else {
            let names = groups.map(\.name)
            throw isBinary ? SampleProblem.allAlike(names) : SampleProblem.nothingVaries(names)
        }
        // It would show nothing: its p-value counts as 1.
        let decisive = pairs.map(\.decisive.pValue) + notCompared.map { _ in 1 }
        for index in pairs.indices {
            try pairs[index].adjust(alpha: question.alpha) { p in
                var all = decisive
                all[index] = p
                return try question.adjustment.adjust(all)[index]
            }
        }
        (self.pairs, self.notCompared, adjustment) = (pairs, notCompared, question.adjustment)
        var influential: [InfluentialRow] = []
        for row in pairs.flatMap(\.influential) where !influential.contains(where: { $0.line == row.line && $0.group == row.group }) {
            influential.append(row)
        }
        self.influential = influential
        findings.insert(contentsOf: influential.map { ComparisonReport.finding($0, table, selection) }, at: 0)
        self.findings = findings
        checks = ComparisonReport.checks(groups)
        means = try groups.map { group in
            let interval =
                isBinary
                ? try group.proportion.confidenceInterval(level: question.level)
                : try? OneSampleTTest(group.values).confidenceInterval(level: question.level)
            return Mean(group: group.name, mean: try Summary(group.values).mean, interval: interval)
        }
        histogram = Histogram(variants: groups.map(\.name), values: groups.map(\.values))
        let overall = groups.count > 2 ? try? WelchAnalysisOfVariance(groups.map(\.values)) : nil
        together = overall.map {
            Check(test: $0.name, subject: "all means are equal", statistic: $0.statistic, pValue: $0.pValue)
        }
        recommendation = try Recommendation(
            value: selection.value, groups: groups, findings: findings, pairs: pairs, notCompared: notCompared, question: question
        ).text()
    }

    /// How many groups are compared at most: more are no arms of an experiment but a mistake in the column.
    private static let maximumGroups = 50

    /// A row that moves a mean, with what else stands in it.
    private static func finding(_ row: InfluentialRow, _ table: Table, _ selection: Selection) -> Finding {
        let others = table.kept.filter { ![selection.value, selection.group, selection.unit?.column].contains($0.name) }
        let place = table.row(atLine: row.line)
        // A unit's value may come from several rows, of which the first is told.
        let unit = place.flatMap { index in
            selection.unit.flatMap { rule in try? table.column(rule.column).text(index) }.map { "'\($0)', first in line \(row.line)," }
        }
        let rest = (unit != nil && selection.unit?.aggregate != nil ? nil : place).map { index in
            others.compactMap { column in column.text(index).map { "\(column.name) \($0)" } }
        }
        let text =
            "\(unit ?? "line \(row.line)") alone moves the mean of \(row.group) from \(Figures.significant(row.meanWithout)) to "
            + "\(Figures.significant(row.mean)): \(selection.value) \(Figures.significant(row.value, 6))"
            + (rest.map { $0.isEmpty ? "" : ", " + $0.prefix(6).joined(separator: ", ") } ?? "")
        return Finding(kind: .influentialRow, isGrave: true, text: text)
    }

    private static func checks(_ groups: [NamedValues]) -> [Check] {
        var checks = groups.map { group in
            let test = try? ShapiroWilkTest(group.values)
            return Check(test: "Shapiro-Wilk", subject: "\(group.name) is normal", statistic: test?.statistic, pValue: test?.pValue)
        }
        for center in [LeveneTest.Center.mean, .median] {
            let test = try? LeveneTest(groups.map(\.values), center: center)
            checks.append(
                Check(
                    test: center == .mean ? "Levene (mean)" : "Brown-Forsythe (median)", subject: "variances are equal",
                    statistic: test?.statistic, pValue: test?.pValue))
        }
        return checks
    }
}

extension ComparisonReport {
    /// The report as JSON.
    package var json: JSONValue {
        let condition: JSONValue = selection.filter.map { .string($0.text) } ?? .null
        return .object([
            ("value", .string(selection.value)), ("where", condition), ("describe", .array(descriptions.map(\.json))),
            ("findings", .array(findings.map(\.json))), ("influentialRows", .array(influential.map(\.json))),
            ("checks", .array(checks.map(\.json))), ("means", .array(means.map(\.json))), ("together", together?.json ?? .null),
            ("comparisons", .array(pairs.map(\.json))), ("notCompared", .array(notCompared.map(\.json))),
            ("recommendation", .string(recommendation)), ("source", source.json),
        ])
    }

    /// Whether there are several pairs, for which p-values are adjusted.
    package var isOneOfMany: Bool { pairs.count + notCompared.count > 1 }

    /// The report for a person.
    package var text: String { text(width: Page.width) }

    /// The report for a person, in lines of at most `width` characters where that is possible.
    package func text(width: Int) -> String {
        var lines = "\(selection.value) by \(selection.group ?? "")\(selection.filter.map { ", where \($0.text)" } ?? "")".wrapped(
            to: width)
        lines += [""] + Description.lines(descriptions, width: width)
        lines += ["", "What is suspicious:"]
        lines += findings.isEmpty ? ["  nothing was found"] : Bullets.lines(findings.map(\.text), width: width)
        lines += ["", "Normality and variances (for information: no test below depends on them):"]
        var table = TextTable(["test", "hypothesis", "statistic", "p"], words: 2)
        for check in checks {
            table.add([
                check.test, check.subject, check.statistic.map { Figures.significant($0) } ?? "not defined",
                check.pValue.map { Probability.text($0, log: nil) } ?? "–",
            ])
        }
        lines += table.lines(fitting: width) + ["", "Means:"]
        var meanTable = TextTable(["", "mean", "interval"])
        for mean in means { meanTable.add([mean.group, Figures.significant(mean.mean), mean.interval?.text ?? "–"]) }
        lines += meanTable.lines(fitting: width)
        if let together, let statistic = together.statistic, let p = together.pValue {
            lines +=
                "All together: \(together.test), statistic \(Figures.significant(statistic)), p \(Probability.text(p, log: nil))"
                .wrapped(to: width - 4).indented
        }
        for pair in pairs { lines += [""] + pair.lines(isOneOfMany ? adjustment : nil, width: width) }
        if !notCompared.isEmpty { lines += [""] + notCompared.flatMap { $0.text.wrapped(to: width - 2) } }
        lines += ["", "Recommendation:"]
        lines += recommendation.split(separator: "\n").flatMap { String($0).wrapped(to: width - 2).map { "  " + $0 } }
        return (lines + [""] + source.lines).joined(separator: "\n")
    }
}
