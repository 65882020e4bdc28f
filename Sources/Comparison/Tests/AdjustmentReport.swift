package import Statistics
package import Text

extension Adjustment {
    /// What is said of the intervals beside p-values that this has adjusted.
    ///
    /// Methods that go step by step give no intervals of their own, and Bonferroni's hold together with them.
    var ofIntervals: String {
        switch self {
        case .none: "each interval holds by itself"
        case .bonferroni, .sidak: "the intervals hold for all of them together"
        default:
            "the intervals hold for all of them together by Bonferroni's level, which is stricter: one may hold zero though p adjusted shows a "
                + "difference"
        }
    }
}

/// P-values adjusted for being several.
package struct AdjustmentReport: Sendable {
    let adjustment: Adjustment
    let level: Double
    package let comparisons: [(name: String, pValue: Double, adjusted: Double, isShown: Bool)]
    /// The level at which the interval of each is to be computed, where the method has intervals.
    package let intervalLevels: [Double?]

    package init(_ adjustment: Adjustment, _ named: [(name: String, p: Double)], level: Double) throws {
        let pValues = named.map(\.p)
        let adjusted = try adjustment.adjust(pValues)
        // Of two numbers between 0 and 1 the significance may be off by a rounding that nobody meant.
        let alpha = level < 0.999_999 ? ((1 - level) * 1e12).rounded() / 1e12 : 1 - level
        (self.adjustment, self.level) = (adjustment, level)
        let shown = try adjustment.rejections(pValues, significance: alpha)
        comparisons = named.indices.map { (named[$0].name, named[$0].p, adjusted[$0], shown[$0]) }
        intervalLevels = try adjustment.intervalLevels(pValues, level: level)
    }

    package var json: JSONValue {
        .object([
            ("adjustment", .string(adjustment.rawValue)), ("level", .number(level)),
            (
                "comparisons",
                .array(
                    comparisons.indices.map { index in
                        .object([
                            ("name", .string(comparisons[index].name)), ("pValue", .number(comparisons[index].pValue)),
                            ("adjustedPValue", .number(comparisons[index].adjusted)), ("shown", .boolean(comparisons[index].isShown)),
                            ("intervalLevel", JSONValue(intervalLevels[index])),
                        ])
                    })
            ),
            ("conclusion", .string(conclusion)),
        ])
    }

    package var conclusion: String {
        let shown = comparisons.filter(\.isShown).map(\.name)
        let alpha = Figures.brief(((1 - level) * 1e12).rounded() / 1e12)
        if shown.isEmpty { return "None counts: no adjusted p-value is at most \(alpha)." }
        return "\(shown.count) of \(comparisons.count) count, as their adjusted p-values are at most \(alpha): "
            + shown.prefix(20).joined(separator: ", ") + (shown.count > 20 ? ", …" : "") + "."
    }

    package func text(width: Int) -> String {
        let hasLevels = intervalLevels.contains { $0 != nil }
        var table = TextTable(["", "p", "p adjusted"] + (hasLevels ? ["level of its interval"] : []) + ["counts"])
        for (index, row) in comparisons.enumerated() {
            let level = hasLevels ? [intervalLevels[index].map { Figures.percent($0, 6) } ?? "–"] : []
            let figures = [Figures.brief(row.pValue), Figures.brief(row.adjusted)]
            table.add([row.name] + figures + level + [row.isShown ? "yes" : "no"])
        }
        let lines = ["\(comparisons.count) p-values adjusted by \(adjustment.rawValue)", ""] + table.lines(fitting: width)
        return (lines + [""] + conclusion.wrapped(to: width)).joined(separator: "\n")
    }
}
