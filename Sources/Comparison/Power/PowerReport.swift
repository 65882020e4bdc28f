import Statistics
package import Text

/// What an experiment needs, or what it can find.
package struct PowerReport: Sendable {
    /// Lift, size and power that belong together.
    package struct Answer: Sendable {
        package let lift: Double
        /// The units of each arm, not rounded.
        package let sizes: [Double]
        package let power: Double
        /// The confidence of each comparison.
        package let confidence: Double
        let traffic: Traffic?
        /// When the data are looked at; `nil` for once.
        let looks: GroupSequentialDesign?

        /// The units of the first arm, not rounded.
        package var sizePerArm: Double { sizes[0] }
        /// Whole units of the first arm, rounded up.
        package var unitsPerArm: Int { units(0) }
        /// Units of all arms.
        package var total: Double { sizes.reduce(0, +) }

        /// Whole units of all arms, each rounded up.
        package var wholeTotal: Int { sizes.indices.reduce(0) { $0 + units($1) } }

        /// Whole days until all of these whole units have come; `nil` where it is not known how many come.
        package var days: Double? {
            traffic.map { PowerReport.roundedUp((total < 9e15 ? Double(wholeTotal) : total) / ($0.perDay * $0.share)) }
        }

        /// The same in words: `1 day`, `592 days`.
        package var daysText: String? { days.map { "\(Figures.roundedUp($0)) \($0 == 1 ? "day" : "days")" } }

        /// Units of an arm, rounded up, in words.
        package func sizeText(_ arm: Int = 0) -> String {
            sizes[arm] < 9e15 ? Figures.count(units(arm)) : Figures.significant(sizes[arm])
        }

        /// Units of all arms, each rounded up, in words.
        package var totalText: String { total < 9e15 ? Figures.count(wholeTotal) : Figures.significant(total) }

        func units(_ arm: Int) -> Int { Int(max(1, PowerReport.roundedUp(min(sizes[arm], 9e15)))) }
    }

    /// Rounded up, but for what arithmetic alone may have put on a whole number.
    private static func roundedUp(_ number: Double) -> Double { (number - 4 * number.ulp).rounded(.up) }

    /// What is said for what is compared: the word of those who plan, or of those who run the experiment.
    package enum Term: String, Sendable {
        case arm, variant

        var withArticle: String { self == .arm ? "an arm" : "a variant" }
    }

    let plan: PowerPlan
    let confidence: Double
    let alternative: Alternative
    /// Each comparison by itself.
    package let each: Answer
    /// All comparisons together, by Bonferroni; `nil` for a single one.
    package let together: Answer?
    let pairs: Int

    /// What is taken for granted.
    package var assumptions: [String] { plan.assumptions }

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
            ("unitsPerArm", .integer(answer.unitsPerArm)), ("sizes", .array(answer.sizes.map { .number($0) })),
            ("total", .number(answer.total)), ("days", JSONValue(answer.days)), ("confidencePerComparison", .number(answer.confidence)),
            ("looks", answer.looks.map { .array(LooksReport.json($0)) } ?? .null),
        ]
    }

    /// What it means, in plain words.
    package var conclusion: String { conclusion(calling: .arm) }

    /// What it means, in plain words.
    /// - Parameter term: what is said for what is compared.
    package func conclusion(calling term: Term) -> String {
        let arm = term.rawValue
        let days = each.daysText.map { ", \($0) at this traffic" } ?? ""
        let isEven = plan.weights.allSatisfy { $0 == plan.weights[0] }
        let total = "\(plan.arms == 2 ? "both \(arm)s" : "all \(plan.arms) \(arm)s") \(each.totalText)\(days)."
        switch plan.unknown {
        case .size:
            let need =
                isEven
                ? "Each \(arm) needs \(each.sizeText()) \(each.sizePerArm > 1 ? "units" : "unit"), \(total)"
                : "The \(arm)s need \(PowerReport.list(each)) units, \(total)"
            return need
                + (together.map { other in
                    " If the \(pairs) comparisons together are to have this confidence, it is "
                        + (isEven ? "\(other.sizeText()) \(term.withArticle)" : PowerReport.list(other))
                        + (other.daysText.map { " and \($0)" } ?? "") + "."
                } ?? "")
        case .lift:
            return "A lift of \(Figures.significant(each.lift)) can be found\(days)."
                + (together.map { " With confidence for all \(pairs) comparisons together: \(Figures.significant($0.lift))." } ?? "")
        case .power:
            return "The lift is found with a probability of \(Figures.percent(each.power))\(days)."
                + (together.map { " With confidence for all \(pairs) comparisons together: \(Figures.percent($0.power))." } ?? "")
        }
    }

    private static func list(_ answer: Answer) -> String {
        let units = answer.sizes.indices.map { answer.sizeText($0) }
        return units.dropLast().joined(separator: ", ") + " and " + (units.last ?? "")
    }

    /// The report for a person.
    package var text: String { text(width: Page.width) }

    /// The report for a person, in lines of at most `width` characters where that is possible.
    package func text(width: Int) -> String {
        let isEven = plan.weights.allSatisfy { $0 == plan.weights[0] }
        var table = TextTable(["confidence", "lift", "power", isEven ? "an arm" : "first arm", "all arms", "days"])
        for (name, answer) in [("of each comparison", each), ("of all \(pairs) together", together)] {
            guard let answer else { continue }
            table.add([
                "\(Figures.percent(confidence)) \(pairs == 1 ? "" : name)", Figures.brief(answer.lift),
                Figures.brief(answer.power),
                PowerReport.tenths(answer.sizePerArm), PowerReport.tenths(answer.total), answer.days.map { Figures.roundedUp($0) } ?? "–",
            ])
        }
        var lines = [plan.subject, ""] + table.lines(fitting: width)
        if let looks = each.looks { lines += [""] + LooksReport.table(looks).lines(fitting: width) }
        lines += [""] + conclusion.wrapped(to: width)
        return (lines + ["", "What was assumed:"] + Bullets.lines(plan.assumptions, width: width)).joined(separator: "\n")
    }

    /// A size with one decimal: `262,946.4`.
    private static func tenths(_ number: Double) -> String {
        guard number < 9e14 else { return Figures.significant(number) }
        let tenths = Int((number * 10).rounded())
        return "\(Figures.count(tenths / 10)).\(tenths % 10)"
    }
}
