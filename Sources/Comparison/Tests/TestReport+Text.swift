package import Statistics
import Text

extension TestReport {
    /// The report for a person.
    package var text: String { text(width: Page.width) }

    /// The report for a person, in lines of at most `width` characters where that is possible.
    package func text(width: Int) -> String {
        var lines = [test.prefix(1).uppercased() + test.dropFirst(), ""]
        lines += sampleTable.lines(fitting: width)
        let figures = figures
        if !figures.isEmpty { lines += [""] + figures.flatMap { $0.wrapped(to: width - 4).indented } }
        if !comparisons.isEmpty { lines += [""] + comparisonTable.lines(fitting: width) }
        for pair in comparisons {
            guard let problem = pair.problem else { continue }
            lines += "\(pair.a) and \(pair.b) are not compared: \(problem)".wrapped(to: width - 4).indented
        }
        if !details.isEmpty, !comparisons.isEmpty { lines.append("") }
        if !details.isEmpty { lines += details.flatMap { $0.text.wrapped(to: width - 4).indented } }
        lines += [""] + conclusion.wrapped(to: width)
        if !assumptions.isEmpty { lines += ["", "What was assumed:"] + Bullets.lines(assumptions, width: width) }
        if let source { lines += [""] + source.lines }
        return lines.joined(separator: "\n")
    }

    /// The statistic, the p-value and the estimate, as far as there are such.
    private var figures: [String] {
        var parts: [String] = []
        if let statistic { parts.append("statistic \(Figures.significant(statistic, 6))") }
        if !degreesOfFreedom.isEmpty {
            parts.append("degrees of freedom \(degreesOfFreedom.map { Figures.significant($0, 5) }.joined(separator: " and "))")
        }
        if let pValue {
            parts.append(
                "p \(Probability.text(pValue, log: logPValue))" + (alternative.map { $0 == .twoSided ? "" : " (\($0.rawValue))" } ?? ""))
        }
        var lines = parts.isEmpty ? [] : [parts.joined(separator: ", ")]
        if let estimate, let estimated {
            lines.append("\(estimated): \(Figures.significant(estimate))" + (interval.map { ", \($0.text)" } ?? ""))
        }
        return lines
    }

    private var sampleTable: TextTable {
        let hasSuccesses = samples.contains { $0.successes != nil }
        let hasMeans = samples.contains { $0.mean != nil }
        let hasSpread = samples.contains { $0.standardDeviation != nil }
        let hasExposure = samples.contains { $0.exposure != nil }
        let means = [measure] + (hasSpread ? ["sd"] : [])
        var table = TextTable(
            hasSuccesses
                ? ["", "n", "successes", "proportion"]
                : hasExposure ? ["", "events", "exposure"] + means : hasMeans ? ["", "n"] + means : ["", "n"])
        for sample in samples {
            var cells = [sample.name, Figures.count(sample.count)]
            if let successes = sample.successes {
                cells += [Figures.count(successes), Figures.significant(Double(successes) / Double(sample.count))]
            } else if hasMeans {
                if let exposure = sample.exposure { cells.append(Figures.brief(exposure)) }
                cells += ([sample.mean] + (hasSpread ? [sample.standardDeviation] : [])).map { $0.map { Figures.significant($0) } ?? "–" }
            }
            table.add(cells)
        }
        return table
    }

    /// The pairs, with the columns that have figures.
    private var comparisonTable: TextTable {
        let compared = comparisons.filter { $0.problem == nil }
        let shared = (compared.first?.details ?? []).filter { detail in
            compared.allSatisfy { $0.details.contains { $0.word == detail.word } }
        }
        let columns: [(String, (PairReport) -> String?)] = [
            ("difference", { $0.estimate.map { Figures.significant($0) } }), ("interval", { $0.interval?.range }),
            ("statistic", { $0.statistic.map { Figures.significant($0, 6) } }),
            ("p", { pair in pair.pValue.map { Probability.text($0, log: pair.logPValue) } }),
            ("p adjusted", { $0.adjustedPValue.map { Probability.text($0, log: nil) } }),
        ]
        let used = columns.filter { column in comparisons.contains { column.1($0) != nil } }
        // Beliefs have no p-values; their chances take that place.
        let chances = shared.filter { $0.word == "chanceToBeatControl" || $0.word == "expectedLoss" }.map(\.word)
        var table = TextTable(
            ["pair"] + used.map(\.0) + chances.map { $0 == "expectedLoss" ? "average loss" : "chance to beat" })
        for pair in comparisons {
            let beliefs = chances.map { word in
                pair.details.first { $0.word == word }.map { $0.isShare ? Figures.percent($0.value, 4) : Figures.significant($0.value) }
                    ?? "–"
            }
            table.add(["\(pair.a) - \(pair.b)"] + used.map { $0.1(pair) ?? "–" } + beliefs)
        }
        return table
    }
}

extension ConfidenceInterval {
    /// `95 % interval -4.706 to 17.38`.
    package var text: String { "\(percentage) interval \(range)" }

    /// The level: `95 %`, `98.33 %`.
    var percentage: String { Figures.brief(level * 100) + " %" }

    /// `-4.706 to 17.38`.
    var range: String { "\(Figures.significant(low)) to \(Figures.significant(high))" }
}

/// Probabilities as people read them.
package enum Probability {
    /// A p-value; where it is too small for a double, its power of ten.
    package static func text(_ p: Double, log: Double?) -> String {
        if p == 0, let log, let power = Int(exactly: (log / 2.302_585_092_994_046).rounded()) { return "10^\(power)" }
        return p == 0 ? "< 1e-300" : Figures.significant(p)
    }
}

/// What text is written on, where nothing else is known.
package enum Page {
    /// Characters in a line.
    package static let width = 100
}

/// Lists of sentences.
enum Bullets {
    static func lines(_ sentences: [String], width: Int = Page.width) -> [String] {
        sentences.flatMap { sentence in
            sentence.wrapped(to: width - 4).enumerated().map { ($0.offset == 0 ? "  - " : "    ") + $0.element }
        }
    }
}

extension [String] {
    /// The lines, moved two blanks to the right; those after the first, four.
    var indented: [String] { enumerated().map { ($0.offset == 0 ? "  " : "    ") + $0.element } }
}
