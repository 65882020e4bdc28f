import Analysis
import Foundation

/// Writes a report with its charts into one file.
enum ReportFile {
    static func write(_ report: AnalysisReport, to path: String) throws {
        let page = ReportPage(report, library: try library(ProcessInfo.processInfo.environment)).html
        try WholeFile(Data(page.utf8), for: path).publish()
    }

    private struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// The charts' library, which `scripts/bootstrap` makes.
    private static func library(_ environment: [String: String]) throws -> String {
        let path = environment["GOSSET_VEGA"] ?? Installed.file([".drivers/vega/bundle.js", "lib/gosset/vega/bundle.js"])
        guard let text = path.flatMap({ try? String(contentsOfFile: $0, encoding: .utf8) }) else {
            throw Failure(
                description: "the charts' library is not there: run scripts/bootstrap in the checkout, or give its path in GOSSET_VEGA")
        }
        return text
    }
}
