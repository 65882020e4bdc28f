package import Statistics
import Text

/// Two groups compared by the test that answers the question, as the adviser says, and by those that people would try besides.
package struct PairComparison: Sendable {
    package let first: String
    package let second: String
    /// Which test answers the question, why, and what would mislead.
    package let advice: Advice
    /// That test: the one that the decision rests on.
    package let decisive: Result
    /// The same without the rows that dominate a mean; `nil` where there are none.
    package let withoutRows: Result?
    package let others: [Result]
    /// The rows that alone move a mean.
    package let influential: [InfluentialRow]
    /// The decisive p-value, adjusted for all the pairs.
    package internal(set) var adjustedPValue = 1.0

    /// One test.
    package struct Result: Sendable {
        package let test: String
        /// The question that it answers.
        package let asks: String
        package let statistic: Double
        package let degreesOfFreedom: Double?
        package let pValue: Double
        package let logPValue: Double?
        /// The first less the second; `nil` for a test that compares something else.
        package let difference: Double?
        package let interval: ConfidenceInterval?
        package let isShown: Bool
    }

    init(_ groups: [NamedValues], question: TestQuestion, line: (Int) -> Int) throws {
        let (a, b) = (groups[0], groups[1])
        (first, second) = (a.name, b.name)
        let tests = PairFigures(a, b, question)
        if a.isBinary, b.isBinary {
            let (p, q) = (try a.proportion, try b.proportion)
            advice = Advice(p, q)
            (influential, withoutRows) = ([], nil)
            (decisive, others) = try tests.ofProportions(advice.test, p, q)
            return
        }
        let advice = try Advice(.means, a.values, b.values)
        self.advice = advice
        influential = advice.cautions.compactMap { InfluentialRow($0, in: groups, line: line) }
        (decisive, others) = try tests.ofMeans(advice.test)
        withoutRows = influential.isEmpty ? nil : try tests.without(influential, advice.test)
    }

    var all: [Result] { [decisive] + (withoutRows.map { [$0] } ?? []) + others }

    /// Whether the tests say the same, and what it means if not.
    package var agreement: String {
        let shown = all.filter(\.isShown).map(\.test)
        if shown.isEmpty { return "The tests agree: none shows a difference." }
        if shown.count == all.count { return "The tests agree: each shows a difference." }
        return "The tests differ, as they answer different questions: a difference is shown by \(shown.joined(separator: ", ")), "
            + "not by the others. \(decisive.test) is the one that answers what was asked."
    }

    var json: JSONValue {
        .object([
            ("a", .string(first)), ("b", .string(second)), ("test", .string(decisive.test)), ("statistic", .number(decisive.statistic)),
            ("pValue", .number(decisive.pValue)), ("logPValue", JSONValue(decisive.logPValue)), ("adjustedPValue", .number(adjustedPValue)),
            ("estimate", JSONValue(decisive.difference)), ("interval", decisive.interval?.json ?? .null),
            ("tests", .array(all.map(\.json))), ("agreement", .string(agreement)),
            (
                "advice",
                .object([
                    ("question", .string(advice.question.rawValue)), ("test", .string(advice.test.rawValue)),
                    ("reason", .string(advice.reason)),
                ])
            ),
        ])
    }

    func lines(isOneOfMany: Bool, width: Int) -> [String] {
        var table = TextTable(["test", "asks", "difference", "interval", "statistic", "p"], words: 2)
        for result in all {
            table.add([
                result.test, result.asks, result.difference.map { Figures.significant($0) } ?? "–", result.interval?.range ?? "–",
                Figures.significant(result.statistic, 6), Probability.text(result.pValue, log: result.logPValue),
            ])
        }
        var lines = ["\(first) less \(second):"] + table.lines(fitting: width)
        if isOneOfMany {
            let p = Probability.text(adjustedPValue, log: nil)
            lines +=
                "p of the first test, adjusted for all pairs: \(p); the intervals hold for all pairs together".wrapped(to: width - 4)
                .indented
        }
        return lines + agreement.wrapped(to: width - 2).map { "  " + $0 }
    }
}

extension PairComparison.Result {
    var json: JSONValue {
        .object([
            ("test", .string(test)), ("asks", .string(asks)), ("statistic", .number(statistic)),
            ("degreesOfFreedom", JSONValue(degreesOfFreedom)), ("pValue", .number(pValue)), ("estimate", JSONValue(difference)),
            ("interval", interval?.json ?? .null),
        ])
    }
}
