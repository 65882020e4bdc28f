import Comparison
import Statistics
import Tables

/// Flags that the statistics commands share.
extension Option {
    static let json = Option("json", help: "Print JSON instead of text.")
    static let confidence = Option("confidence", "LEVEL", help: "The level of intervals; one less it is the significance.", default: "0.95")
    static let alternative = Option(
        "alternative", "SIDE", help: "two-sided, or greater or less: the first sample than the second.", default: "two-sided")
    static let better = Option("better", "WHICH", help: "higher, or lower for what should be small, such as waiting.", default: "higher")
    static let value = Option("value", "COLUMN", help: "The column of the values.")
    static let group = Option("group", "COLUMN", help: "The column that says which group a row is in.")
    static let filter = Option(
        "where", "CONDITION", help: "Which rows count, such as \"purchase = 1 and ab_group in ('A', 'B')\".")
    static let delimiter = Option("delimiter", "WHICH", help: "comma, semicolon, tab or pipe; found out if not given.")

    /// How a file is read.
    static let file = [value, group, filter, delimiter]
}

extension Options {
    /// The condition of `--where`, if there is one.
    func condition() throws(UsageError) -> Filter? {
        do throws(FilterError) {
            return try text("where").map { text throws(FilterError) in try Filter(text) }
        } catch {
            throw UsageError("--where \(error)")
        }
    }

    /// The selection that `--value`, `--group` and `--where` describe.
    func selection() throws(UsageError) -> Selection {
        let group = knows("group") ? text("group") : nil
        let partner = knows("with") ? text("with") : nil
        return Selection(value: try required("value"), group: group, partner: partner, filter: try condition())
    }

    /// The delimiter, if it was given.
    func delimiter() throws(UsageError) -> Delimiter? {
        guard text("delimiter") != nil else { return nil }
        let name = try choice("delimiter", of: Delimiter.allCases.map(\.name))
        return Delimiter.allCases.first { $0.name == name }
    }

    /// What is asked besides the samples.
    func question() throws(UsageError) -> TestQuestion {
        var question = TestQuestion()
        question.level = try share("confidence") ?? question.level
        if knows("alternative") { question.alternative = try side() }
        if knows("adjust") {
            question.adjustment = Adjustment(rawValue: try choice("adjust", of: Adjustment.allCases.map(\.rawValue))) ?? question.adjustment
        }
        if knows("better") { question.higherIsBetter = try choice("better", of: ["higher", "lower"]) == "higher" }
        if knows("null") { question.nullValue = try number("null") }
        return question
    }

    /// The side that a test looks at.
    func side() throws(UsageError) -> Alternative {
        Alternative(rawValue: try choice("alternative", of: Alternative.allCases.map(\.rawValue))) ?? .twoSided
    }
}
