import Statistics
import Text

/// The control compared with one other group, by every test that people would try, each with what it really tests.
package struct PairComparison: Sendable {
    /// One test.
    package struct Result: Sendable {
        package let test: String
        /// The question that it answers.
        package let asks: String
        package let statistic: Double
        package let degreesOfFreedom: Double?
        package let pValue: Double
        package let estimate: Double
        package let interval: ConfidenceIntervalText?
        package let isShown: Bool
    }

    /// An interval with its text.
    package struct ConfidenceIntervalText: Sendable {
        let json: JSONValue
        let text: String
        package let low: Double
        package let high: Double
    }

    package let control: String
    package let other: String
    /// Welch's test of the means: the one that the decision rests on.
    package let welch: Result
    /// The same without the rows that dominate a mean; `nil` where there are none.
    package let welchWithout: Result?
    package let others: [Result]
    /// Welch's p-value, adjusted for all the pairs.
    package internal(set) var adjustedPValue = 1.0

    init(control: NamedValues, other: NamedValues, question: TestQuestion, influential: [InfluentialRow]) throws {
        (self.control, self.other) = (control.name, other.name)
        let (a, b) = (control.values, other.values)
        welch = try PairComparison.estimating(WelchTTest(a, b), "do the means differ?", question)
        let rows = influential.filter { [control.name, other.name].contains($0.group) }
        if rows.isEmpty {
            welchWithout = nil
        } else {
            func reduced(_ group: NamedValues) -> [Double] {
                guard let row = rows.first(where: { $0.group == group.name }) else { return group.values }
                var values = group.values
                values.remove(at: row.index)
                return values
            }
            let test = try WelchTTest(reduced(control), reduced(other))
            let lines = rows.map { "line \($0.line)" }.joined(separator: ", ")
            welchWithout = try PairComparison.estimating(test, "do they without \(lines)?", question)
        }
        var results: [Result] = []
        if let student = try? StudentTTest(a, b) {
            results.append(try PairComparison.estimating(student, "do the means differ, variances taken as equal?", question))
        }
        if let yuen = try? YuenTTest(a, b) {
            results.append(try PairComparison.estimating(yuen, "do the means of the middle 60 % differ?", question))
        }
        if let ranks = try? MannWhitneyTest(a, b) {
            let p = ranks.pValue(question.alternative)
            results.append(
                Result(
                    test: ranks.name, asks: "does a value of \(control.name) tend to exceed one of \(other.name)?",
                    statistic: ranks.statistic, degreesOfFreedom: nil, pValue: p, estimate: ranks.probabilityOfSuperiority, interval: nil,
                    isShown: p < question.alpha))
        }
        self.others = results
    }

    private static func estimating(_ test: some TTest, _ asks: String, _ question: TestQuestion) throws -> Result {
        let p = test.pValue(question.alternative)
        let interval = try test.confidenceInterval(level: question.level, alternative: question.alternative)
        return Result(
            test: test.name, asks: asks, statistic: test.statistic, degreesOfFreedom: test.degreesOfFreedom, pValue: p,
            estimate: test.estimate,
            interval: ConfidenceIntervalText(json: interval.json, text: interval.range, low: interval.low, high: interval.high),
            isShown: p < question.alpha)
    }

    private var all: [Result] { [welch] + (welchWithout.map { [$0] } ?? []) + others }

    /// Whether the tests say the same, and what it means if not.
    package var agreement: String {
        let shown = all.filter(\.isShown).map(\.test)
        if shown.isEmpty { return "The tests agree: none shows a difference." }
        if shown.count == all.count { return "The tests agree: each shows a difference." }
        return "The tests differ, as they answer different questions: a difference is shown by \(shown.joined(separator: ", ")), "
            + "not by the others. The decision is about means, so Welch's test is the one that answers it."
    }

    var json: JSONValue {
        .object([
            ("a", .string(control)), ("b", .string(other)), ("statistic", .number(welch.statistic)), ("pValue", .number(welch.pValue)),
            ("adjustedPValue", .number(adjustedPValue)), ("estimate", .number(welch.estimate)),
            ("interval", welch.interval?.json ?? .null), ("tests", .array(all.map(\.json))), ("agreement", .string(agreement)),
        ])
    }

    func lines(isOneOfMany: Bool) -> [String] {
        var table = TextTable(["test", "asks", "difference", "interval", "statistic", "p"], words: 2)
        for result in all {
            table.add([
                result.test, result.asks, result.interval == nil ? "–" : Figures.significant(result.estimate), result.interval?.text ?? "–",
                Figures.significant(result.statistic, 6), Probability.text(result.pValue, log: nil),
            ])
        }
        var lines = ["\(control) less \(other):"] + table.lines
        if isOneOfMany { lines.append("  Welch's p, adjusted for all pairs: \(Probability.text(adjustedPValue, log: nil))") }
        return lines + ("  " + agreement).wrapped(to: 98).map { "  " + $0 }
    }
}

extension PairComparison.Result {
    var json: JSONValue {
        .object([
            ("test", .string(test)), ("asks", .string(asks)), ("statistic", .number(statistic)),
            ("degreesOfFreedom", degreesOfFreedom.map { .number($0) } ?? .null), ("pValue", .number(pValue)),
            ("estimate", .number(estimate)), ("interval", interval?.json ?? .null),
        ])
    }
}
