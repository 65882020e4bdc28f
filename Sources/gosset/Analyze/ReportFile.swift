import Analysis
import Console
import Foundation

/// Writes a report with its charts into one file.
enum ReportFile {
    static func write(_ report: AnalysisReport, to path: String) throws {
        try WholeFile(Data(ReportPage(report, library: ChartLibrary.script).html.utf8), for: path).publish()
    }
}
