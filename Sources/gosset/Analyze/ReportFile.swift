import Analysis
import Foundation
import Glibc

/// Writes a report beside its place and moves it there, so that half a report is never taken for a whole one.
enum ReportFile {
    static func write(_ report: AnalysisReport, to path: String) throws {
        let page = ReportPage(report, library: try library(ProcessInfo.processInfo.environment)).html
        let temporary = "\(path).\(getpid()).part"
        do {
            try Data(page.utf8).write(to: URL(filePath: temporary))
        } catch {
            unlink(temporary)
            throw Failure("the report \(path) cannot be written: \(error.localizedDescription)")
        }
        guard rename(temporary, path) == 0 else {
            let reason = String(cString: strerror(errno))
            unlink(temporary)
            throw Failure("the report \(path) cannot be written: \(reason)")
        }
    }

    struct Failure: Error, CustomStringConvertible {
        let description: String

        init(_ description: String) { self.description = description }
    }

    /// The charts' library, which `scripts/bootstrap` makes.
    private static func library(_ environment: [String: String]) throws -> String {
        var candidates = environment["GOSSET_VEGA"].map { [$0] } ?? []
        var folder = URL(filePath: (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? "/")
        while folder.path != "/" {
            folder.deleteLastPathComponent()
            candidates += [".drivers/vega/bundle.js", "lib/gosset/vega/bundle.js"].map { folder.appending(path: $0).path }
        }
        for path in candidates {
            if let text = try? String(contentsOfFile: path, encoding: .utf8) { return text }
        }
        throw Failure("the charts' library is not there: run scripts/bootstrap in the checkout, or give its path in GOSSET_VEGA")
    }
}
