import Analysis
import HTTPServer
import Statistics

/// A form in which the results of an experiment can be taken along from their page.
struct ResultsDownload: Sendable {
    /// What is in it.
    enum Content: Sendable {
        /// What the API answers.
        case answer
        /// A text that is made of the reports for any look and for one.
        case text(@Sendable (AnalysisReport, AnalysisReport?) -> String)
    }

    let content: Content
    /// What its address ends in.
    let name: String
    /// What the API's document calls it.
    let operation: String
    /// What the button says.
    let title: String
    let summary: String
    let type: String
    /// What the file is called, after the experiment's key.
    let fileName: String

    static let all = [
        ResultsDownload(
            content: .answer, name: "json", operation: "resultsJSON", title: "Results as JSON", summary: "what the API answers",
            type: "application/json", fileName: "results.json"),
        ResultsDownload(
            content: .text(table), name: "csv", operation: "resultsCSV", title: "Comparisons as CSV",
            summary: "a row for each comparison, for one look and for any", type: "text/csv", fileName: "comparisons.csv"),
        ResultsDownload(
            content: .text { report, _ in ReportPage(report, library: ChartLibrary.script).html }, name: "report",
            operation: "resultsReport", title: "Report as HTML", summary: "one page with its charts, which opens offline",
            type: "text/html", fileName: "report.html"),
    ]

    private static let head = [
        "metric", "kind", "look", "control", "treatment", "control_units", "treatment_units", "control_value", "treatment_value",
        "difference", "low", "high", "level", "lift", "lift_low", "lift_high", "test", "p", "p_adjusted",
    ]

    /// Every comparison for one look and for any, with all digits.
    @Sendable private static func table(_ report: AnalysisReport, fixed: AnalysisReport?) -> String {
        var rows = [head]
        for (look, report) in [("one", fixed), ("any", report)] {
            for metric in report?.metrics ?? [] {
                for comparison in metric.comparisons {
                    let control = metric.groups.first { $0.variant == comparison.control }
                    let treatment = metric.groups.first { $0.variant == comparison.treatment }
                    let numbers: [Double?] = [
                        control?.mean, treatment?.mean, comparison.difference, comparison.interval?.low, comparison.interval?.high,
                        comparison.interval?.level, comparison.lift, comparison.liftInterval?.low, comparison.liftInterval?.high,
                    ]
                    rows.append(
                        [metric.name, metric.kind, look, comparison.control, comparison.treatment].map(words)
                            + [control?.count, treatment?.count].map { $0.map(String.init) ?? "" }
                            + numbers.map { $0.flatMap { $0.isFinite ? "\($0)" : nil } ?? "" }
                            + [comparison.test, "\(comparison.pValue)", "\(comparison.adjustedPValue)"])
                }
            }
        }
        return rows.map { $0.map(quoted).joined(separator: ",") + "\r\n" }.joined()
    }

    /// Words that no spreadsheet takes for a formula: after an apostrophe they are a text.
    private static func words(_ text: String) -> String {
        guard let first = text.unicodeScalars.first, "=+-@\t\r\n".unicodeScalars.contains(first) else { return text }
        return "'" + text
    }

    /// A field as RFC 4180 writes it.
    private static func quoted(_ field: String) -> String {
        guard field.utf8.contains(where: { "\",\r\n".utf8.contains($0) }) else { return field }
        return "\"" + field.replacing("\"", with: "\"\"") + "\""
    }
}
