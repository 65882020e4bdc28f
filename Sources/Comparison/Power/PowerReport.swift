internal import Glibc
import Statistics
package import Text

/// What an experiment needs, or what it can find.
package struct PowerReport: Sendable {
    /// Lift, size and power that belong together.
    package struct Answer: Sendable {
        package let lift: Double
        /// Not rounded.
        package let sizePerArm: Double
        package let power: Double
        /// The confidence of each comparison.
        package let confidence: Double
        package let days: Double?
        let arms: Int

        /// Whole units, rounded up.
        package var unitsPerArm: Int { Int(ceil(min(sizePerArm, 9e15))) }
        /// Units of all arms.
        package var total: Double { sizePerArm * Double(arms) }
    }

    let plan: PowerPlan
    let confidence: Double
    let alternative: Alternative
    /// Each comparison by itself.
    package let each: Answer
    /// All comparisons together, by Bonferroni; `nil` for a single one.
    package let together: Answer?
    let pairs: Int

    /// The report as JSON.
    package var json: JSONValue {
        var members: [(String, JSONValue)] = [
            ("plan", .string(plan.subject)), ("confidence", .number(confidence)), ("alternative", .string(alternative.rawValue)),
            ("arms", .integer(plan.arms)), ("comparisons", .integer(pairs)),
        ]
        members += PowerReport.members(each)
        members.append(("adjusted", together.map { .object([("adjustment", "bonferroni")] + PowerReport.members($0)) } ?? .null))
        members.append(("conclusion", .string(conclusion)))
        members.append(("assumptions", .array(plan.assumptions.map { .string($0) })))
        return .object(members)
    }

    private static func members(_ answer: Answer) -> [(String, JSONValue)] {
        [
            ("lift", .number(answer.lift)), ("power", .number(answer.power)), ("sizePerArm", .number(answer.sizePerArm)),
            ("unitsPerArm", .integer(answer.unitsPerArm)), ("total", .number(answer.total)),
            ("days", answer.days.map { .number($0) } ?? .null), ("confidencePerComparison", .number(answer.confidence)),
        ]
    }

    /// What it means, in plain words.
    package var conclusion: String {
        let days = each.days.map { ", \(Figures.count(Int(ceil(min($0, 9e15))))) days at this traffic" } ?? ""
        let arms = "\(plan.arms) arms"
        switch plan.unknown {
        case .size:
            return "Each arm needs \(Figures.count(each.unitsPerArm)) units, all \(arms) \(Figures.count(Int(ceil(each.total))))\(days)."
                + (together.map { other in
                    " If the \(pairs) comparisons together are to have this confidence, it is \(Figures.count(other.unitsPerArm)) an arm"
                        + (other.days.map { " and \(Figures.count(Int(ceil($0)))) days" } ?? "") + "."
                } ?? "")
        case .lift:
            return "A lift of \(Figures.significant(each.lift)) can be found\(days)."
                + (together.map { " With confidence for all \(pairs) comparisons together: \(Figures.significant($0.lift))." } ?? "")
        case .power:
            return "The lift is found with a probability of \(Figures.percent(each.power))\(days)."
                + (together.map { " With confidence for all \(pairs) comparisons together: \(Figures.percent($0.power))." } ?? "")
        }
    }

    /// The report for a person.
    package var text: String {
        var table = TextTable(["confidence", "lift", "power", "an arm", "all arms", "days"])
        for (name, answer) in [("of each comparison", each), ("of all \(pairs) together", together)] {
            guard let answer else { continue }
            table.add([
                "\(Figures.percent(confidence)) \(name)", Figures.significant(answer.lift), Figures.significant(answer.power),
                PowerReport.tenths(answer.sizePerArm), PowerReport.tenths(answer.total), answer.days.map { PowerReport.tenths($0) } ?? "–",
            ])
        }
        let lines = [plan.subject, ""] + table.lines + [""] + conclusion.wrapped(to: 100)
        return (lines + ["", "What was assumed:"] + Bullets.lines(plan.assumptions)).joined(separator: "\n")
    }

    /// A size with one decimal: `262,946.4`.
    private static func tenths(_ number: Double) -> String {
        guard number < 9e14 else { return Figures.significant(number) }
        let tenths = Int((number * 10).rounded())
        return "\(Figures.count(tenths / 10)).\(tenths % 10)"
    }
}
