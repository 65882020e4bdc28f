import Analysis
import Charts
import Foundation
import Text

/// Writes a report's charts into a folder, each as SVG and as PNG.
struct ChartFiles {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private let folder: String
    private let python: String

    /// - Parameter python: an interpreter with `vl-convert-python`; that which `scripts/bootstrap charts` prepares if nil.
    init(folder: String, python: String?) throws(Failure) {
        guard let python = python ?? Installed.file([".build-python/bin/python3", "lib/gosset/python/bin/python3"]) else {
            throw Failure(
                description: "what draws charts is not there: run scripts/bootstrap charts in the checkout, or name a Python that has "
                    + "vl-convert-python with --chart-python")
        }
        (self.folder, self.python) = (folder, python)
    }

    /// Draws all, and only then gives the files their names; `progress` is told what is being drawn.
    func write(_ report: AnalysisReport, progress: (String) -> Void) async throws {
        let charts = ReportCharts(report).all
        let pictures = charts.flatMap { chart in PictureFormat.allCases.map { (chart, $0) } }
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw Failure(description: "the folder \(folder) for the charts cannot be made: \(error.localizedDescription)")
        }
        var files: [WholeFile] = []
        defer { files.forEach { $0.discard() } }
        do {
            progress("drawing \(charts.count) charts")
            let jobs = pictures.map { VegaLiteRenderer.Job($0.titled.description, as: $1) }
            try await VegaLiteRenderer(python: python).draw(jobs) { index, picture in
                let (chart, format) = pictures[index]
                files.append(try WholeFile(picture, for: "\(folder)/\(chart.name).\(format.rawValue)"))
                if index + 1 < pictures.count { progress("drawing charts, \(index + 1) of \(pictures.count) files") }
            }
        } catch let error as VegaLiteRenderer.Failure {
            throw Failure(description: "the charts cannot be drawn by \(python): \(error)")
        }
        for file in files { try file.publish() }
    }
}
