package import Statistics
package import Text

/// How often the data are looked at before the end, and how the significance is shared out among the looks.
package struct LookPlan: Sendable {
    package let count: Int
    package let spending: SpendingFunction

    package init(count: Int, spending: SpendingFunction) { (self.count, self.spending) = (count, spending) }

    func design(significance: Double, alternative: Alternative) throws -> GroupSequentialDesign {
        try GroupSequentialDesign(looks: count, significance: significance, alternative: alternative, spending: spending)
    }

    /// The power of a design: what one look has at the sample less what looking costs at this very power.
    ///
    /// - Parameter oneLook: the power of one look at a share of the sample.
    static func power(_ design: GroupSequentialDesign, ofOneLook oneLook: (Double) throws -> Double) throws -> Double {
        var power = try oneLook(1)
        // What looking costs hardly depends on the power, so a few steps settle it.
        for _ in 0..<50 {
            guard power > design.significance, power < 1 else { break }
            let next = try oneLook(1 / design.inflation(power: power))
            defer { power = next }
            if abs(next - power) < 1e-10 { break }
        }
        return power
    }
}

/// The bounds of a group-sequential design, and what looking costs.
package struct LooksReport: Sendable {
    let design: GroupSequentialDesign
    /// The chance to find the effect that is planned for.
    let power: Double
    let inflation: Double
    /// The share of the final sample that is used on average where there is no effect, and where there is the one planned for.
    let withoutEffect: Double
    let withEffect: Double

    package init(_ design: GroupSequentialDesign, power: Double) throws {
        (self.design, self.power) = (design, power)
        inflation = try design.inflation(power: power)
        withoutEffect = try design.expectedInformation(drift: 0)
        withEffect = try design.expectedInformation(drift: design.drift(power: power))
    }

    package var json: JSONValue {
        .object([
            ("plan", "group-sequential bounds"), ("confidence", .number(1 - design.significance)), ("power", .number(power)),
            ("alternative", .string(design.alternative.rawValue)), ("looks", .array(LooksReport.json(design))),
            ("inflation", .number(inflation)),
            ("expectedInformation", .object([("withoutEffect", .number(withoutEffect)), ("withEffect", .number(withEffect))])),
            ("conclusion", .string(conclusion)),
        ])
    }

    /// The looks of a design.
    static func json(_ design: GroupSequentialDesign) -> [JSONValue] {
        design.looks.map { look in
            .object([
                ("fraction", .number(look.fraction)), ("bound", .number(look.bound)), ("nominalPValue", .number(look.nominalPValue)),
                ("spent", .number(look.spent)),
            ])
        }
    }

    /// The looks of a design as a table.
    static func table(_ design: GroupSequentialDesign) -> TextTable {
        var table = TextTable(["look", "share of the sample", "stop where |z| reaches", "stop where p is below", "spent"])
        for (index, look) in design.looks.enumerated() {
            table.add([
                "\(index + 1)", Figures.percent(look.fraction), Figures.significant(look.bound), Figures.significant(look.nominalPValue),
                Figures.significant(look.spent),
            ])
        }
        return table
    }

    package var conclusion: String {
        "For the same power the last look needs \(Figures.percent(inflation - 1)) more units than a test that looks once. On average "
            + "\(Figures.percent(withEffect * inflation)) of that test's units are used where the effect is there, "
            + "\(Figures.percent(withoutEffect * inflation)) where there is none."
    }

    package func text(width: Int) -> String {
        let title = "Group-sequential bounds, confidence \(Figures.percent(1 - design.significance)), power \(Figures.brief(power))"
        let lines = [title, ""] + LooksReport.table(design).lines(fitting: width) + [""] + conclusion.wrapped(to: width)
        let assumptions = [
            "looks at equal steps of the sample; when one is missed or added, the spending function gives new bounds",
            "the test statistic is a z or t of means, proportions or a regression, from samples large enough to be normal",
        ]
        return (lines + ["", "What was assumed:"] + Bullets.lines(assumptions, width: width)).joined(separator: "\n")
    }
}
