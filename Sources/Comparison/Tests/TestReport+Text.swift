import Statistics
import Text

extension TestReport {
    /// The report for a person.
    package var text: String {
        var lines = [test, ""]
        lines += sampleTable
        lines.append("")
        var figures = ["statistic \(Figures.significant(statistic, 6))"]
        if !degreesOfFreedom.isEmpty {
            figures.append("degrees of freedom \(degreesOfFreedom.map { Figures.significant($0, 5) }.joined(separator: " and "))")
        }
        figures.append(
            "p \(Probability.text(pValue, log: logPValue))" + (alternative.map { $0 == .twoSided ? "" : " (\($0.rawValue))" } ?? ""))
        lines.append("  " + figures.joined(separator: ", "))
        if let estimate, let estimated {
            let range = interval.map { ", \($0.text)" } ?? ""
            lines.append("  \(estimated): \(Figures.significant(estimate))\(range)")
        }
        if !comparisons.isEmpty {
            var table = TextTable(["pair", "difference", "interval", "statistic", "p", "p adjusted"])
            for pair in comparisons {
                table.add([
                    "\(pair.a) - \(pair.b)", pair.estimate.map { Figures.significant($0) } ?? "–", pair.interval?.range ?? "–",
                    Figures.significant(pair.statistic, 6), Probability.text(pair.pValue, log: pair.logPValue),
                    Probability.text(pair.adjustedPValue, log: nil),
                ])
            }
            lines += [""] + table.lines
        }
        lines += [""] + conclusion.wrapped(to: 100)
        if !assumptions.isEmpty { lines += ["", "What was assumed:"] + Bullets.lines(assumptions) }
        if let source { lines += [""] + source.lines }
        return lines.joined(separator: "\n")
    }

    private var sampleTable: [String] {
        let hasSuccesses = samples.contains { $0.successes != nil }
        var table = TextTable(hasSuccesses ? ["", "n", "successes", "proportion"] : ["", "n", "mean", "sd"])
        for sample in samples {
            var cells = [sample.name, Figures.count(sample.count)]
            if let successes = sample.successes {
                cells += [Figures.count(successes), Figures.significant(Double(successes) / Double(sample.count))]
            } else {
                cells += [sample.mean, sample.standardDeviation].map { $0.map { Figures.significant($0) } ?? "–" }
            }
            table.add(cells)
        }
        return table.lines
    }
}

extension ConfidenceInterval {
    /// `95 % interval -4.706 to 17.38`.
    package var text: String { "\(Figures.percent(level, 2)) interval \(range)" }

    /// `-4.706 to 17.38`.
    var range: String { "\(Figures.significant(low)) to \(Figures.significant(high))" }
}

/// Probabilities as people read them.
package enum Probability {
    /// A p-value; where it is too small for a double, its power of ten.
    package static func text(_ p: Double, log: Double?) -> String {
        if p == 0, let log, log.isFinite { return "10^\(Int((log / 2.302_585_092_994_046).rounded()))" }
        return p == 0 ? "< 1e-300" : Figures.significant(p)
    }
}

/// Lists of sentences.
enum Bullets {
    static func lines(_ sentences: [String], width: Int = 100) -> [String] {
        sentences.flatMap { sentence in
            sentence.wrapped(to: width - 4).enumerated().map { ($0.offset == 0 ? "  - " : "    ") + $0.element }
        }
    }
}
