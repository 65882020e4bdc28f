import Text

/// What a new run says that the last one did not.
package struct Changes: Sendable {
    /// One sentence a change.
    package let lines: [String]

    /// Compares two reports of one plan.
    package init(from old: AnalysisReport, to new: AnalysisReport) {
        var lines: [String] = []
        if old.verdict.decision != new.verdict.decision {
            lines.append("the verdict was '\(old.verdict.decision.rawValue)' and is '\(new.verdict.decision.rawValue)'")
        }
        for (variant, count) in new.units {
            let before = old.units.first { $0.variant == variant }?.count ?? 0
            guard before != count else { continue }
            lines.append("\(variant) had \(Figures.counted(before, "unit", "units")) and has \(Figures.count(count))")
        }
        for check in new.checks where !old.checks.contains(check) {
            lines.append("\(check.name): \(check.text)")
        }
        for metric in new.metrics {
            guard let before = old.metrics.first(where: { $0.name == metric.name }) else { continue }
            for (a, b) in zip(before.comparisons, metric.comparisons) where a.difference != b.difference || a.pValue != b.pValue {
                lines.append(
                    "\(metric.name), \(b.treatment) less \(b.control): \(metric.scale.difference(a.difference)) (\(Figures.pValue(a.pValue))) became "
                        + "\(metric.scale.difference(b.difference)) (\(Figures.pValue(b.pValue)))")
            }
        }
        self.lines = lines
    }
}
