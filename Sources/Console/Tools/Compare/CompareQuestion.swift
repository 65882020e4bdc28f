package import Comparison
package import HTTPServer
import Statistics
import Tables

/// What the form of the comparison asks of a file.
package struct CompareQuestion: Sendable {
    /// Why there is no answer, and at which field.
    package struct Mistake: Error, Hashable {
        package let field: String?
        package let reason: String
    }

    /// The fields as they were chosen or typed.
    package private(set) var texts: [String: String]

    static let fields = [
        "value", "kind", "group", "control", "weights", "unit", "aggregate", "crossed", "where", "confidence", "better", "pairs", "adjust",
        "decimal",
    ]
    private static let beginning = [
        "kind": "", "confidence": "95 %", "better": "higher", "aggregate": "", "crossed": "", "pairs": "with-control",
        "adjust": Adjustment.holm.rawValue,
    ]

    /// - Parameter query: what the form sent; empty when it was not sent yet.
    package init(_ query: Form, _ preview: UploadPreview) throws(Problem) {
        texts = CompareQuestion.beginning
        texts["value"] = preview.value
        texts["group"] = preview.group
        texts["decimal"] = preview.decimal.rawValue
        for field in CompareQuestion.fields {
            if let text = try query.value(field) { texts[field] = text }
        }
    }

    package subscript(field: String) -> String { texts[field] ?? "" }

    /// Compares the groups of a file.
    package func answer(_ bytes: [UInt8], name: String) throws(Mistake) -> ComparisonReport {
        let selection = try selection()
        let question = try question()
        guard let decimal = DecimalMark(rawValue: self["decimal"]) else {
            throw Mistake(field: "decimal", reason: "choose how fractions are written: 'point' or 'comma'")
        }
        let table: Table
        do {
            table = try Table(bytes, name: name, format: TableFormat(decimal: decimal))
        } catch {
            throw Mistake(field: nil, reason: CompareQuestion.words("\(error)"))
        }
        do {
            try selection.filter?.check(against: table.header)
            return try ComparisonReport(selection, of: table, question: question)
        } catch let error as FilterError {
            throw Mistake(field: "where", reason: CompareQuestion.words("\(error)"))
        } catch TestInputError.notBinary(let group) {
            throw Mistake(field: "kind", reason: "\(TestInputError.notBinary(group: group))")
        } catch SampleProblem.weights(let count, let groups) {
            throw Mistake(field: "weights", reason: CompareQuestion.words("\(SampleProblem.weights(count, groups: groups))"))
        } catch {
            throw Mistake(field: nil, reason: CompareQuestion.words("\(error)"))
        }
    }

    private func selection() throws(Mistake) -> Selection {
        for field in ["value", "group"] where self[field].isEmpty { throw Mistake(field: field, reason: "choose a column") }
        guard self["value"] != self["group"] else {
            throw Mistake(field: "group", reason: "choose another column than the one that is compared")
        }
        var filter: Filter?
        if !self["where"].allSatisfy(\.isWhitespace) {
            do { filter = try Filter(self["where"]) } catch { throw Mistake(field: "where", reason: "\(error)") }
        }
        var selection = Selection(value: self["value"], group: self["group"], filter: filter)
        if !self["control"].isEmpty { selection.control = self["control"] }
        selection.unit = try unit()
        return selection
    }

    private func unit() throws(Mistake) -> UnitRule? {
        let aggregate = UnitRule.Aggregate(rawValue: self["aggregate"])
        guard aggregate != nil || self["aggregate"].isEmpty else {
            throw Mistake(field: "aggregate", reason: "choose what becomes of several rows: 'sum', 'mean', 'max', 'min', or nothing")
        }
        guard ["", "leave-out"].contains(self["crossed"]) else {
            throw Mistake(field: "crossed", reason: "choose what becomes of units in several groups: 'leave-out', or nothing")
        }
        guard self["unit"].isEmpty else {
            return UnitRule(column: self["unit"], aggregate: aggregate, leavesOutCrossed: self["crossed"] == "leave-out")
        }
        guard aggregate == nil, self["crossed"].isEmpty else {
            throw Mistake(
                field: "unit",
                reason: "choose the column that says whose row it is: without it, no unit has several rows, or several groups")
        }
        return nil
    }

    private func question() throws(Mistake) -> TestQuestion {
        var question = TestQuestion()
        switch self["pairs"] {
        case "with-control": question.onlyWithControl = true
        case "all-pairs": question.onlyWithControl = false
        default: throw Mistake(field: "pairs", reason: "choose which groups are compared")
        }
        guard let adjustment = Adjustment(rawValue: self["adjust"]) else {
            throw Mistake(field: "adjust", reason: "choose how p is adjusted")
        }
        question.adjustment = adjustment
        guard ["", "conversion"].contains(self["kind"]) else {
            throw Mistake(field: "kind", reason: "choose what the values are: 'conversion', or nothing")
        }
        question.isConversion = self["kind"] == "conversion"
        question.weights = try weights()
        switch self["better"] {
        case "higher": question.higherIsBetter = true
        case "lower": question.higherIsBetter = false
        default: throw Mistake(field: "better", reason: "choose what is better: 'higher' or 'lower'")
        }
        let text = self["confidence"].filter { $0 != " " && $0 != "\u{A0}" }
        let share = text.hasSuffix("%") ? Double(text.dropLast()).map { $0 / 100 } : Double(text)
        guard let share, share > 0, share < 1 else {
            throw Mistake(field: "confidence", reason: "must be between 0 and 100 %, such as 95 % or 0.95\(TypedNumber.advice(text))")
        }
        question.level = share
        return question
    }

    /// The shares in which units were meant to be dealt: `2:1:1`, `2, 1, 1` or `2 1 1`; nil if nothing is typed.
    private func weights() throws(Mistake) -> [Double]? {
        let text = self["weights"]
        guard !text.allSatisfy(\.isWhitespace) else { return nil }
        // Between colons or semicolons, a comma is a decimal one. Where a mark stands between numbers, none may be missing.
        let marks = [":;/", ","].first { marks in text.contains { marks.contains($0) } }
        let parts =
            marks.map { marks in text.split(omittingEmptySubsequences: false) { marks.contains($0) } }
            ?? text.split(whereSeparator: \.isWhitespace)
        let weights = parts.map { part in
            let words = part.split(whereSeparator: \.isWhitespace)
            return words.count == 1 ? Double(words[0].replacing(",", with: ".")) ?? .nan : .nan
        }
        guard weights.allSatisfy({ $0 > 0 && $0.isFinite }) else {
            throw Mistake(field: "weights", reason: "must be numbers above 0, one for each group in their names' order, such as 2:1:1")
        }
        return weights
    }

    /// What the rooms below call by the command line's flags, as this form calls it.
    private static func words(_ text: String) -> String {
        [
            ("--where", "a condition"), ("--weights has", "there \(text.contains("has 1 number,") ? "is" : "are")"),
            ("--decimal comma", "the decimal comma"), ("--crossed leave-out", "“Units in several groups”"),
            ("--conversion compares", "“What the values are” can say so, to compare"),
            ("--aggregate sum, mean, max or min", "“Several rows of a unit”"),
        ].reduce(text) { $0.replacing($1.0, with: $1.1) }
    }
}
