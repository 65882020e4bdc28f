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
    static let control = Option("control", "NAME", help: "The group that the others are held against; the first by name if not given.")
    static let conversion = Option(
        "conversion", help: "The values say whether each unit did something, 0 or 1. They need not say it, unless all are 0 or all are 1.")
    static let filter = Option(
        "where", "CONDITION", help: "Which rows count, such as \"purchase = 1 and ab_group in ('A', 'B')\".")
    static let adjust = Option(
        "adjust", "METHOD",
        help: "How p-values are adjusted where there are several: \(Adjustment.allCases.map(\.rawValue).joined(separator: ", ")).",
        default: "holm")
    static let pairs = Option("pairs", "WHICH", help: "all-pairs, or with-control: which samples are compared.", default: "all-pairs")
    static let weights = Option(
        "weights", "W,W…", help: "How units were meant to be dealt to the groups, in the order of their names; equally if not given.")
    static let resamples = Option("resamples", "N", help: "How often units are drawn anew.", default: "9999")
    static let seed = Option("seed", "N", help: "Where the random numbers start: the same seed gives the same answer.", default: "0")

    /// How a file is written.
    static let format = [
        Option("delimiter", "WHICH", help: "comma, semicolon, tab, pipe, space, colon, or one character; found out if not given."),
        Option("decimal", "MARK", help: "point or comma: what separates a number's fraction.", default: "point"),
        Option("no-header", help: "The first line is data; columns are called c1, c2 and so on."),
    ]

    /// Whose rows they are, and what is done with far values.
    static let units = [
        Option("unit", "COLUMN", help: "Whose row it is, such as user_id: each unit must have one row and be in one group."),
        Option("aggregate", "HOW", help: "Makes one value of a unit's several rows: sum, mean, max or min."),
        Option("crossed", "WHAT", help: "refuse, or leave-out: units that are in more than one group.", default: "refuse"),
        Option(
            "winsorize", "SHARE[,SHARE]",
            help: "Pulls in far values to quantiles of all: 0.99 those above it, 0.01,0.99 those at both ends."),
    ]
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

    /// The selection that `--value`, `--group`, `--where` and the like describe.
    func selection() throws(UsageError) -> Selection {
        let group = knows("group") ? text("group") : nil
        let partner = knows("with") ? text("with") : nil
        var selection = Selection(value: try required("value"), group: group, partner: partner, filter: try condition())
        if knows("control") { selection.control = text("control") }
        guard knows("unit") else { return selection }
        selection.unit = try unit()
        selection.limits = try limits()
        return selection
    }

    private func unit() throws(UsageError) -> UnitRule? {
        var aggregate: UnitRule.Aggregate?
        if text("aggregate") != nil {
            aggregate = UnitRule.Aggregate(rawValue: try choice("aggregate", of: UnitRule.Aggregate.allCases.map(\.rawValue)))
        }
        let leavesOut = try choice("crossed", of: ["refuse", "leave-out"]) == "leave-out"
        guard let column = text("unit") else {
            if aggregate != nil || leavesOut { throw UsageError("--aggregate and --crossed need --unit, the column that names the units") }
            return nil
        }
        return UnitRule(column: column, aggregate: aggregate, leavesOutCrossed: leavesOut)
    }

    private func limits() throws(UsageError) -> (low: Double, high: Double)? {
        guard let text = text("winsorize") else { return nil }
        let ends = try numbers("winsorize")
        guard (1...2).contains(ends.count), ends.allSatisfy({ $0 > 0 && $0 < 1 }), ends.count == 1 || ends[0] < ends[1] else {
            throw UsageError("--winsorize must be a share such as 0.99, or two such as 0.01,0.99, not '\(text)'")
        }
        return ends.count == 1 ? (0, ends[0]) : (ends[0], ends[1])
    }

    /// How the file is written.
    func format() throws(UsageError) -> TableFormat {
        var format = TableFormat()
        if let text = text("delimiter") {
            guard let delimiter = Delimiter(text) else {
                throw UsageError(
                    "--delimiter must be comma, semicolon, tab, pipe, space, colon or one character that is no letter, digit, quote or sign, not '\(text)'"
                )
            }
            format.delimiter = delimiter
        }
        format.hasHeader = !isSet("no-header")
        format.decimal = DecimalMark(rawValue: try choice("decimal", of: DecimalMark.allCases.map(\.rawValue))) ?? .point
        return format
    }

    /// Numbers with commas between them.
    func numbers(_ name: String) throws(UsageError) -> [Double] {
        guard let text = text(name) else { return [] }
        var numbers: [Double] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let number = Double(part), number.isFinite else {
                throw UsageError("\(source(name)) must be numbers with commas between them, not '\(text)'")
            }
            numbers.append(number)
        }
        return numbers
    }

    /// The weights of `--weights`, if they are given.
    func weights() throws(UsageError) -> [Double]? {
        guard let text = text("weights") else { return nil }
        let weights = try numbers("weights")
        guard weights.allSatisfy({ $0 > 0 }) else { throw UsageError("--weights must be positive numbers such as 1,1, not '\(text)'") }
        return weights
    }

    /// What is asked besides the samples.
    func question() throws -> TestQuestion {
        var question = TestQuestion()
        if knows("confidence") { question.level = try share("confidence") ?? question.level }
        if knows("alternative") { question.alternative = try side() }
        if knows("adjust") {
            question.adjustment = Adjustment(rawValue: try choice("adjust", of: Adjustment.allCases.map(\.rawValue))) ?? question.adjustment
        }
        if knows("pairs") { question.onlyWithControl = try choice("pairs", of: ["all-pairs", "with-control"]) == "with-control" }
        if knows("better") { question.higherIsBetter = try choice("better", of: ["higher", "lower"]) == "higher" }
        if knows("conversion") { question.isConversion = isSet("conversion") }
        if knows("null") { question.nullValue = try number("null") }
        if knows("weights") { question.weights = try weights() }
        if knows("resamples") {
            let seed = try integer("seed", in: 0...Int.max)
            question.resampling = try Resampling(count: try integer("resamples", in: 1...10_000_000), seed: UInt64(seed), threads: 2)
        }
        return question
    }

    /// One less the confidence, to the digits that were typed: 0.05 and not 0.050000000000000044.
    func significance() throws(UsageError) -> Double {
        ((1 - (try share("confidence") ?? 0.95)) * 1e15).rounded() / 1e15
    }

    /// The side that a test looks at.
    func side() throws(UsageError) -> Alternative {
        Alternative(rawValue: try choice("alternative", of: Alternative.allCases.map(\.rawValue))) ?? .twoSided
    }
}
