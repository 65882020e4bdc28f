import Analysis
import HTTPServer
import Statistics

/// The forms in which the results of an experiment can be taken along from their page.
enum ResultsDownload: String, CaseIterable, Sendable {
    /// What the API answers.
    case json
    /// The comparisons, a row each.
    case csv
    /// A page that opens offline, with its charts.
    case report

    /// What the button says.
    var title: String {
        switch self {
        case .json: "Results as JSON"
        case .csv: "Comparisons as CSV"
        case .report: "Report as HTML"
        }
    }

    /// What the API's document calls it.
    var operation: String {
        switch self {
        case .json: "resultsJSON"
        case .csv: "resultsCSV"
        case .report: "resultsReport"
        }
    }

    var summary: String {
        switch self {
        case .json: "what the API answers"
        case .csv: "a row for each comparison, for one look and for any"
        case .report: "one page with its charts, which opens offline"
        }
    }

    var type: String {
        switch self {
        case .json: "application/json"
        case .csv: "text/csv"
        case .report: "text/html"
        }
    }

    /// What the file is called, after the experiment's key.
    var fileName: String {
        switch self {
        case .json: "results.json"
        case .csv: "comparisons.csv"
        case .report: "report.html"
        }
    }

    /// The file's content; ``json`` is the API's own.
    func response(_ report: AnalysisReport, fixed: AnalysisReport?) -> Response {
        let text = self == .report ? ReportPage(report, library: ChartLibrary.script).html : ResultsDownload.table(report, fixed: fixed)
        return Response(headers: ["Content-Type": "\(type); charset=utf-8"], body: Array(text.utf8))
    }

    private static let head = [
        "metric", "kind", "look", "control", "treatment", "control_units", "treatment_units", "control_value", "treatment_value",
        "difference", "low", "high", "level", "lift", "lift_low", "lift_high", "test", "p", "p_adjusted",
    ]

    /// Every comparison for one look and for any, with all digits.
    private static func table(_ report: AnalysisReport, fixed: AnalysisReport?) -> String {
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
