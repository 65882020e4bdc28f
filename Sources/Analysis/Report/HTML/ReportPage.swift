import Charts
import Statistics
import Text

/// A report as one HTML file that opens offline: the charts' library is inside.
package struct ReportPage: Sendable {
    let report: AnalysisReport
    /// The JavaScript of Vega, Vega-Lite and vega-embed.
    let library: String

    /// A page of a report.
    package init(_ report: AnalysisReport, library: String) { (self.report, self.library) = (report, library) }

    /// The file.
    package var html: String {
        let charts = ReportCharts(report).all
        let figures = charts.enumerated().map { index, chart in
            "<figure><figcaption>\(escaped(chart.title))</figcaption><div id=\"chart\(index)\"></div></figure>"
        }
        let specifications = JSONValue.array(charts.map { $0.chart.specification() }).description
        return """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>\(escaped(report.experiment))</title>
            <style>\(ReportPage.style)</style>
            </head>
            <body>
            <h1>\(escaped(report.experiment))</h1>
            \(report.question.map { "<p>\(escaped($0))</p>" } ?? "")
            <section class="verdict \(report.verdict.decision.rawValue.split(separator: " ").joined(separator: "-"))">
            <h2>\(escaped(report.verdict.decision.rawValue))</h2>
            <p>\(escaped(report.verdict.text))</p>
            <p>What would change it: \(escaped(report.verdict.changes))</p>
            </section>
            <h2>Checks</h2>
            <ul>\(report.checks.map { "<li class=\"\($0.status.rawValue)\"><b>\(escaped($0.name))</b>: \(escaped($0.text))</li>" }.joined(separator: "\n"))</ul>
            <h2>Metrics</h2>
            \(report.metrics.map(table).joined(separator: "\n"))
            \(guardrails)
            <h2>Charts</h2>
            \(figures.joined(separator: "\n"))
            <script>\(library.replacing("</script", with: "<\\/script"))</script>
            <script>
            const specifications = \(specifications);
            \(ReportPage.drawing)
            </script>
            </body>
            </html>
            """
    }

    private func table(_ metric: MetricReport) -> String {
        var rows = metric.groups.map { group in
            let cells = [
                group.variant, Figures.count(group.count), metric.scale.value(group.mean, 6),
                metric.scale.value(group.standardDeviation, 6),
                Figures.significant(group.sum, 8),
            ]
            return "<tr>\(cells.map { "<td>\(escaped($0))</td>" }.joined())</tr>"
        }
        rows.insert("<tr><th>variant</th><th>n</th><th>\(metric.measure)</th><th>sd</th><th>sum</th></tr>", at: 0)
        let comparisons = metric.comparisons.map { paragraph(sentence($0, metric.scale)) }
        let notes = ([metric.varianceReduced].compactMap(\.self) + metric.problems + metric.notes).map { paragraph($0, isNote: true) }
        let others = metric.alternatives.flatMap { alternative in
            alternative.comparisons.map { paragraph("\(alternative.policy): \($0.short(metric.scale)).", isNote: true) }
        }
        let head = "\(metric.name): \(metric.kind)\(metric.population.map { " among \($0)" } ?? "")"
        return "<h3>\(escaped(head))</h3><div class=\"wide\"><table>\(rows.joined())</table></div>"
            + (comparisons + notes + others).joined(separator: "\n")
    }

    private var guardrails: String {
        guard !report.guardrails.isEmpty else { return "" }
        let items = report.guardrails.map { guardrail in
            let mark =
                switch guardrail.outcome {
                case .held: "passed"
                case .open: "warning"
                case .broken: "failed"
                }
            return "<li class=\"\(mark)\">\(escaped(guardrail.text))</li>"
        }
        return "<h2>Guardrails</h2><ul>\(items.joined())</ul>"
    }

    private func sentence(_ comparison: MetricReport.Comparison, _ scale: FigureScale) -> String {
        let lift = comparison.lift.map { " (\(Figures.percent($0)))" } ?? ""
        let interval = comparison.interval.map { ", interval \(scale.range($0))" } ?? ""
        return "\(comparison.treatment) less \(comparison.control): \(scale.difference(comparison.difference))\(lift)\(interval); "
            + "\(comparison.test), \(Figures.pValue(comparison.pValue)), adjusted \(Figures.pValue(comparison.adjustedPValue)): "
            + comparison.reason + (comparison.withinStrata.map { "; \($0.text(scale))" } ?? "")
            + (comparison.withinBlocks.map { "; \($0.text(scale))" } ?? "") + "."
    }

    private func paragraph(_ text: String, isNote: Bool = false) -> String { "<p\(isNote ? " class=\"note\"" : "")>\(escaped(text))</p>" }

    private func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;").replacing("\"", with: "&quot;")
    }

    /// Charts are as wide as the page, and follow its colours when they change.
    private static let drawing = """
        const dark = matchMedia("(prefers-color-scheme: dark)");
        const colours = () => {
          const ink = dark.matches ? "#e6e6e6" : "#1c1c1c", line = dark.matches ? "#4a4a4a" : "#ddd";
          return {background: null, view: {stroke: line}, axis: {labelColor: ink, titleColor: ink, gridColor: line, domainColor: line, tickColor: line},
            legend: {labelColor: ink, titleColor: ink, orient: "top", symbolOpacity: 1}, rule: {color: ink},
            mark: {color: dark.matches ? "#6cb6ff" : "#4c78a8"}};
        };
        const draw = () => specifications.forEach((specification, index) => vegaEmbed("#chart" + index,
          {...specification, width: "container", autosize: {type: "fit-x", contains: "padding"}},
          {renderer: "svg", config: colours(), actions: {export: true, source: false, compiled: false, editor: false}}));
        dark.addEventListener("change", draw);
        draw();
        """

    private static let style = """
        :root { --ink: #1c1c1c; --paper: #fff; --panel: #f4f4f4; --quiet: #555; --good: #1a7f37; --mind: #b35900; --news: #0b61a4; --bad: #b3261e; }
        @media (prefers-color-scheme: dark) {
          :root { --ink: #e6e6e6; --paper: #161616; --panel: #242424; --quiet: #b0b0b0; --good: #4ac26b; --mind: #f0a04b; --news: #6cb6ff; --bad: #ff8078; }
        }
        body { font: 16px/1.5 system-ui, sans-serif; max-width: 52rem; margin: 2rem auto; padding: 0 1rem; color: var(--ink); background: var(--paper); }
        .verdict { border-left: 6px solid var(--quiet); padding: 0.2rem 1rem; background: var(--panel); }
        .verdict h2 { text-transform: capitalize; margin: 0.3rem 0; }
        .ship { border-color: var(--good); } .do-not-ship { border-color: var(--mind); } .keep-running { border-color: var(--news); }
        .invalid { border-color: var(--bad); }
        .wide { overflow-x: auto; } table { border-collapse: collapse; } ul { padding-left: 1.5rem; } li, p { overflow-wrap: anywhere; }
        td, th { padding: 0.15rem 0.9rem 0.15rem 0; text-align: right; font-variant-numeric: tabular-nums; }
        td:first-child, th:first-child { text-align: left; } .note { color: var(--quiet); margin: 0.2rem 0; font-size: 0.9rem; }
        li.warning::marker { content: "! "; color: var(--mind); } li.failed::marker { content: "✕ "; color: var(--bad); }
        li.passed::marker { content: "✓ "; color: var(--good); }
        @media (max-width: 34rem) { td, th { padding-right: 0.6rem; font-size: 0.85rem; } }
        .vega-embed summary { background: var(--panel) !important; color: var(--ink) !important; opacity: 0.6 !important; }
        figure { margin: 1.5rem 0; } figure > div { width: 100%; } figcaption { font-weight: 600; margin-bottom: 0.4rem; }
        """
}
