import Experiments
import Statistics
import Text
import Warehouse

extension AnalysisReport {
    /// The report for a terminal.
    package var text: String {
        var lines = [experiment + (question.map { ": " + $0 } ?? ""), "", "Verdict: " + verdict.decision.rawValue.uppercased()]
        lines += verdict.text.wrapped(to: 98).map { "  " + $0 }
        lines += ["What would change it:"] + verdict.changes.wrapped(to: 98).map { "  " + $0 }
        lines += ["", "Checks:"] + checks.flatMap(\.lines)
        for metric in metrics { lines += [""] + metric.lines }
        if !guardrails.isEmpty {
            lines += ["", "Guardrails:"]
            lines += guardrails.flatMap { $0.text.wrapped(to: 94).enumerated().map { ($0 == 0 ? "  " : "    ") + $1 } }
        }
        return lines.joined(separator: "\n")
    }

    /// The statements that the warehouse ran, as a script.
    package var script: String {
        statements.map { "-- \($0.purpose)\n\(dialect.laidOut($0.text));" }.joined(separator: "\n\n")
    }
}

extension Check {
    fileprivate var lines: [String] {
        let mark =
            switch status {
            case .passed: "ok  "
            case .warning: "mind"
            case .failed: "FAIL"
            case .skipped: "–   "
            }
        let text = "\(name): \(text)".wrapped(to: 92)
        return text.enumerated().map { ($0 == 0 ? "  \(mark)  " : "        ") + $1 }
    }
}

extension MetricReport {
    fileprivate var lines: [String] {
        var lines = ["\(name): \(kind)\(population.map { " among \($0)" } ?? "")"]
        lines += table
        lines += comparisons.flatMap { $0.lines(scale) }
        lines += ([varianceReduced].compactMap(\.self) + problems + notes).flatMap { $0.wrapped(to: 96) }.map { "  " + $0 }
        for alternative in alternatives {
            let text = "\(alternative.policy): " + alternative.comparisons.map { $0.short(scale) }.joined(separator: "; ")
            lines += text.wrapped(to: 96).enumerated().map { ($0 == 0 ? "  " : "    ") + $1 }
        }
        if segments.contains(where: { !$0.comparisons.isEmpty }) {
            var table = TextTable(["segment", "value", "treatment", "control", "treated", "difference", "interval", "p"], words: 3)
            for segment in segments {
                for comparison in segment.comparisons {
                    let values = comparison.values(in: segment.groups)
                    table.add([
                        segment.column, segment.value, comparison.treatment, values.control.map { scale.value($0) } ?? "–",
                        values.treatment.map { scale.value($0) } ?? "–",
                        scale.cell(comparison.difference), comparison.interval.map { scale.cell($0) } ?? "–",
                        Figures.significant(comparison.pValue),
                    ])
                }
            }
            lines += ["  By segment, p not adjusted\(scale.legend.map { " (\($0))" } ?? ""):"] + table.lines
        }
        return lines
    }

    private var table: [String] {
        var table = TextTable(["variant", "n", measure, "sd", "sum"])
        for group in groups {
            table.add([
                group.variant, Figures.count(group.count), scale.value(group.mean, 6), scale.value(group.standardDeviation, 6),
                Figures.significant(group.sum, 8),
            ])
        }
        return table.lines
    }
}

extension MetricReport {
    /// What is compared: a mean if it is nothing else.
    var measure: String {
        switch Plan.Metric.Kind(rawValue: kind) {
        case .conversion: "share"
        case .ratio: "ratio"
        case .quantile: "quantile"
        case .mean, .count, nil: "mean"
        }
    }
}

extension ConfidenceInterval {
    /// Of a lift, which has no bounds where the control may be zero: `3.1 % to 21 %`.
    package var relativeRange: String {
        low.isFinite && high.isFinite ? "\(Figures.percent(low)) to \(Figures.percent(high))" : "without bounds"
    }
}

extension MetricReport.Comparison {
    fileprivate func lines(_ scale: FigureScale) -> [String] {
        let relative = lift.map { " (\(Figures.percent($0))\(liftInterval.map { ", \($0.relativeRange)" } ?? ""))" } ?? ""
        let freedom = degreesOfFreedom.map { ", \(Figures.significant($0, 6)) degrees of freedom" } ?? ""
        let tested =
            "\(test): \(Figures.significant(statistic, 6))\(freedom), p \(Figures.significant(pValue)), "
            + "adjusted \(Figures.significant(adjustedPValue)); \(reason)"
        let found =
            "\(treatment) less \(control): \(scale.difference(difference))\(relative), interval \(interval.map { scale.range($0) } ?? "–")"
        return found.wrapped(to: 96).enumerated().map { ($0 == 0 ? "  " : "    ") + $1 }
            + tested.wrapped(to: 96).enumerated().map { ($0 == 0 ? "  " : "    ") + $1 }
            + (withinStrata?.text(scale).wrapped(to: 96) ?? []).enumerated().map { ($0 == 0 ? "  " : "    ") + $1 }
            + (withinBlocks?.text(scale).wrapped(to: 96) ?? []).enumerated().map { ($0 == 0 ? "  " : "    ") + $1 }
    }

    /// In one line, for what is beside the point.
    func short(_ scale: FigureScale) -> String {
        "\(treatment) less \(control) \(scale.difference(difference)), interval \(interval.map { scale.range($0) } ?? "–"), p \(Figures.significant(pValue))"
    }
}
