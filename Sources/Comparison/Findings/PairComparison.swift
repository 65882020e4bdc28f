package import Statistics
import Text

/// Two groups compared by the test that answers the question, as the adviser says, and by those that people would try besides.
package struct PairComparison: Sendable {
    /// The treatment; of two groups neither of which is the control, the later one.
    package let first: String
    /// What it is held against: the control, or the earlier group.
    package let second: String
    /// Which test answers the question, why, and what would mislead.
    package let advice: Advice
    /// That test: the one that the decision rests on.
    package private(set) var decisive: Result
    /// The same without the rows that dominate a mean; `nil` where there are none.
    package private(set) var withoutRows: Result?
    package private(set) var others: [Result]
    /// The rows that alone move a mean.
    package let influential: [InfluentialRow]
    /// The decisive p-value, adjusted for all the pairs.
    package var adjustedPValue: Double { decisive.adjustedPValue }

    /// One test.
    package struct Result: Sendable {
        package let test: String
        /// The question that it answers.
        package let asks: String
        package let statistic: Double
        package let degreesOfFreedom: Double?
        package let pValue: Double
        package let logPValue: Double?
        /// Adjusted for all the pairs, as if this test were decisive for its pair; the p-value itself where there is one pair.
        package fileprivate(set) var adjustedPValue: Double
        /// The first less the second, treatment less control; `nil` for a test that compares something else.
        package let difference: Double?
        package let interval: ConfidenceInterval?
        /// The test whose interval that is, where this one has none; then the interval may disagree with the p-value about zero.
        package let intervalFrom: String?
        /// Whether the adjusted p-value is below the significance level.
        package fileprivate(set) var isShown: Bool

        fileprivate mutating func adjust(alpha: Double, _ adjusted: (Double) throws -> Double) rethrows {
            // A test that is not defined shows nothing.
            guard !pValue.isNaN else { return }
            adjustedPValue = try adjusted(pValue)
            isShown = adjustedPValue < alpha
        }
    }

    /// - Parameter areShares: whether the values are zeros and ones, of which shares are compared.
    init(_ a: NamedValues, less b: NamedValues, areShares: Bool, question: TestQuestion, line: (Int) -> Int) throws {
        (first, second) = (a.name, b.name)
        let tests = PairFigures(a, b, question)
        if areShares {
            let (p, q) = (try a.proportion, try b.proportion)
            advice = Advice(p, q)
            (influential, withoutRows) = ([], nil)
            (decisive, others) = try tests.ofProportions(advice.test, p, q)
            return
        }
        let advice = try Advice(.means, a.values, b.values)
        self.advice = advice
        influential = advice.cautions.compactMap { InfluentialRow($0, in: [a, b], line: line) }
        (decisive, others) = try tests.ofMeans(advice.test)
        withoutRows = influential.isEmpty ? nil : try tests.without(influential, advice.test)
    }

    /// Adjusts all p-values for the pairs that there are.
    ///
    /// - Parameters:
    ///   - alpha: what adjusted p-values are held against.
    ///   - adjusted: a p-value of this pair, adjusted together with those that are decisive for the others.
    mutating func adjust(alpha: Double, _ adjusted: (Double) throws -> Double) rethrows {
        try decisive.adjust(alpha: alpha, adjusted)
        try withoutRows?.adjust(alpha: alpha, adjusted)
        for index in others.indices { try others[index].adjust(alpha: alpha, adjusted) }
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

    /// What is said beside the results of one of several pairs.
    package static func note(_ adjustment: Adjustment) -> String {
        adjustment == .none
            ? "nothing is adjusted for there being several pairs, so some differences are shown by chance"
            : "p adjusted is p adjusted by \(adjustment.rawValue) for all pairs: it tells whether a difference is shown; \(adjustment.ofIntervals)"
    }

    /// Whose interval stands beside the test that the decision rests on, where it is not its own.
    package var intervalNote: String? {
        decisive.intervalFrom.map {
            "\(decisive.test) has no interval: the one beside it is that of the \($0), and where they disagree about zero, p decides"
        }
    }

    func lines(_ adjustment: Adjustment?, width: Int) -> [String] {
        let isOneOfMany = adjustment != nil
        var table = TextTable(
            ["test", "asks", "difference", "interval", "statistic", "p"] + (isOneOfMany ? ["p adjusted"] : []), words: 2)
        for result in all {
            table.add(
                [
                    result.test, result.asks, result.difference.map { Figures.significant($0) } ?? "–", result.interval?.range ?? "–",
                    Figures.significant(result.statistic, 6), Probability.text(result.pValue, log: result.logPValue),
                ] + (isOneOfMany ? [Probability.text(result.adjustedPValue, log: nil)] : []))
        }
        var lines = ["\(first) less \(second):"] + table.lines(fitting: width)
        for note in [adjustment.map { PairComparison.note($0) }, intervalNote].compactMap(\.self) {
            lines += note.wrapped(to: width - 4).indented
        }
        return lines + agreement.wrapped(to: width - 2).map { "  " + $0 }
    }
}

extension PairComparison.Result {
    var json: JSONValue {
        .object([
            ("test", .string(test)), ("asks", .string(asks)), ("statistic", .number(statistic)),
            ("degreesOfFreedom", JSONValue(degreesOfFreedom)), ("pValue", .number(pValue)), ("adjustedPValue", .number(adjustedPValue)),
            ("estimate", JSONValue(difference)),
            ("interval", interval?.json ?? .null), ("intervalFrom", intervalFrom.map { .string($0) } ?? .null),
        ])
    }
}
