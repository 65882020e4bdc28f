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
    /// The control with each other group.
    package let pairs: [PairComparison]
    package let recommendation: String
    package let source: SourceReport

    /// A test of what is often, and wrongly, made a condition of others.
    package struct Check: Sendable {
        package let test: String
        package let subject: String
        /// Both `nil` where the test is not defined for the data.
        package let statistic: Double?
        package let pValue: Double?
    }

    /// A group's mean with its own interval.
    package struct Mean: Sendable {
        package let group: String
        package let mean: Double
        package let interval: ConfidenceInterval?
    }

    /// Compares the groups of a selection; `table` must hold all columns.
    package init(_ selection: Selection, of table: Table, question: TestQuestion, weights: [Double]? = nil) throws {
        let samples = try Samples(selection, from: table)
        let groups = samples.groups
        guard groups.count > 1 else { throw TestInputError.count(found: groups.map(\.name), expected: 2...1000) }
        if let weights, weights.count != groups.count {
            throw StatisticsError.countMismatch(argument: "weights", count: weights.count, expected: groups.count)
        }
        self.selection = selection
        source = samples.source
        descriptions =
            [try Description(name: "all", groups.flatMap(\.values))] + (try groups.map { try Description(name: $0.name, $0.values) })
        var findings = try DataChecks(table: table, selection: selection, samples: samples, weights: weights).findings()
        let influential = try groups.compactMap { try InfluentialRow(in: $0, line: table.line(of:)) }
        for row in influential {
            let others = table.kept.filter { $0.name != selection.value && $0.name != selection.group }
            let index = groups.first { $0.name == row.group }.map { $0.rows[row.index] }
            let rest = index.map { index in others.compactMap { column in column.text(index).map { "\(column.name) \($0)" } } } ?? []
            let text =
                "line \(row.line) alone moves the mean of \(row.group) from \(Figures.significant(row.meanWithout)) to "
                + "\(Figures.significant(row.mean)): \(selection.value) \(Figures.significant(row.value, 6))"
                + (rest.isEmpty ? "" : ", " + rest.prefix(6).joined(separator: ", "))
            findings.insert(Finding(kind: .influentialRow, isGrave: true, text: text), at: 0)
        }
        self.findings = findings
        self.influential = influential
        checks = ComparisonReport.checks(groups)
        means = try groups.map { group in
            let interval = try? OneSampleTTest(group.values).confidenceInterval(level: question.level)
            return Mean(group: group.name, mean: try Summary(group.values).mean, interval: interval)
        }
        var pairs = try groups.dropFirst().map { other in
            try PairComparison(control: groups[0], other: other, question: question, influential: influential)
        }
        let adjusted = try question.adjustment.adjust(pairs.map { $0.welch.pValue })
        for (index, p) in adjusted.enumerated() { pairs[index].adjustedPValue = p }
        self.pairs = pairs
        recommendation = try Recommendation(
            value: selection.value, groups: groups, findings: findings, pairs: self.pairs, question: question
        ).text()
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
        .object([
            ("value", .string(selection.value)), ("where", selection.filter.map { .string($0.text) } ?? .null),
            ("describe", .array(descriptions.map(\.json))),
            ("findings", .array(findings.map(\.json))),
            ("influentialRows", .array(influential.map(\.json))),
            (
                "checks",
                .array(
                    checks.map {
                        .object([
                            ("test", .string($0.test)), ("hypothesis", .string($0.subject)),
                            ("statistic", $0.statistic.map { .number($0) } ?? .null), ("pValue", $0.pValue.map { .number($0) } ?? .null),
                        ])
                    })
            ),
            (
                "means",
                .array(
                    means.map {
                        .object([("group", .string($0.group)), ("mean", .number($0.mean)), ("interval", $0.interval?.json ?? .null)])
                    })
            ),
            ("comparisons", .array(pairs.map(\.json))),
            ("recommendation", .string(recommendation)),
            ("source", source.json),
        ])
    }

    /// The report for a person.
    package var text: String {
        var lines = ["\(selection.value) by \(selection.group ?? "")" + (selection.filter.map { ", where \($0.text)" } ?? ""), ""]
        lines += Description.lines(descriptions)
        lines += ["", "What is suspicious:"]
        lines += findings.isEmpty ? ["  nothing was found"] : Bullets.lines(findings.map(\.text))
        lines += ["", "Normality and variances (for information: no test below depends on them):"]
        var table = TextTable(["test", "hypothesis", "statistic", "p"], words: 2)
        for check in checks {
            table.add([
                check.test, check.subject, check.statistic.map { Figures.significant($0) } ?? "not defined",
                check.pValue.map { Probability.text($0, log: nil) } ?? "–",
            ])
        }
        lines += table.lines + ["", "Means:"]
        var meanTable = TextTable(["", "mean", "interval"])
        for mean in means { meanTable.add([mean.group, Figures.significant(mean.mean), mean.interval?.text ?? "–"]) }
        lines += meanTable.lines
        for pair in pairs { lines += [""] + pair.lines(isOneOfMany: pairs.count > 1) }
        lines += ["", "Recommendation:"] + recommendation.split(separator: "\n").flatMap { String($0).wrapped(to: 98).map { "  " + $0 } }
        return (lines + [""] + source.lines).joined(separator: "\n")
    }
}
