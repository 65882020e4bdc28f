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
        let specifications = JSONValue.array(charts.map(\.specification)).description
        return """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
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
            <h2>Charts</h2>
            \(figures.joined(separator: "\n"))
            <script>\(library.replacing("</script", with: "<\\/script"))</script>
            <script>
            const specifications = \(specifications);
            specifications.forEach((specification, index) => vegaEmbed("#chart" + index, specification, {renderer: "svg", actions: {export: true, source: false, compiled: false, editor: false}}));
            </script>
            </body>
            </html>
            """
    }

    private func table(_ metric: MetricReport) -> String {
        var rows = metric.groups.map { group in
            let cells = [
                group.variant, Figures.count(group.count), Figures.significant(group.mean, 6),
                Figures.significant(group.standardDeviation, 6),
                Figures.significant(group.sum, 8),
            ]
            return "<tr>\(cells.map { "<td>\(escaped($0))</td>" }.joined())</tr>"
        }
        rows.insert("<tr><th>variant</th><th>n</th><th>mean</th><th>sd</th><th>sum</th></tr>", at: 0)
        let comparisons = metric.comparisons.map { paragraph(sentence($0)) }
        let notes = (metric.problems + metric.notes).map { paragraph($0, isNote: true) }
        let others = metric.alternatives.flatMap { alternative in
            alternative.comparisons.map { paragraph("\(alternative.policy): \(sentence($0))", isNote: true) }
        }
        let head = "\(metric.name): \(metric.kind)\(metric.population.map { " among \($0)" } ?? "")"
        return "<h3>\(escaped(head))</h3><table>\(rows.joined())</table>" + (comparisons + notes + others).joined(separator: "\n")
    }

    private func sentence(_ comparison: MetricReport.Comparison) -> String {
        let lift = comparison.lift.map { " (\(Figures.percent($0)))" } ?? ""
        let interval = comparison.interval.map { ", interval \(Figures.significant($0.low)) to \(Figures.significant($0.high))" } ?? ""
        return "\(comparison.treatment) less \(comparison.control): \(Figures.significant(comparison.difference))\(lift)\(interval); "
            + "\(comparison.test), p \(Figures.significant(comparison.pValue)), adjusted \(Figures.significant(comparison.adjustedPValue)): "
            + comparison.reason + "."
    }

    private func paragraph(_ text: String, isNote: Bool = false) -> String { "<p\(isNote ? " class=\"note\"" : "")>\(escaped(text))</p>" }

    private func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;").replacing("\"", with: "&quot;")
    }

    private static let style = """
        body { font: 16px/1.5 system-ui, sans-serif; max-width: 52rem; margin: 2rem auto; padding: 0 1rem; color: #1c1c1c; background: #fff; }
        .verdict { border-left: 6px solid #888; padding: 0.2rem 1rem; background: #f4f4f4; } .verdict h2 { text-transform: capitalize; margin: 0.3rem 0; }
        .ship { border-color: #1a7f37; } .do-not-ship { border-color: #b35900; } .keep-running { border-color: #0b61a4; } .invalid { border-color: #b3261e; }
        table { border-collapse: collapse; } td, th { padding: 0.15rem 0.9rem 0.15rem 0; text-align: right; font-variant-numeric: tabular-nums; }
        td:first-child, th:first-child { text-align: left; } .note { color: #555; margin: 0.2rem 0; font-size: 0.9rem; }
        li.warning::marker { content: "! "; color: #b35900; } li.failed::marker { content: "✕ "; color: #b3261e; } li.passed::marker { content: "✓ "; color: #1a7f37; }
        figure { margin: 1.5rem 0; overflow-x: auto; } figcaption { font-weight: 600; margin-bottom: 0.4rem; }
        """
}
