package import Foundation

/// Draws with `vl-convert-python`, which has Vega-Lite and a renderer inside and needs no network.
///
/// A process of Python draws the pictures of one call, one after the other, and ends.
package struct VegaLiteRenderer: ChartRenderer {
    /// Why pictures are missing.
    package struct Failure: Error, Hashable, CustomStringConvertible {
        package let description: String
    }

    /// One picture that is wanted.
    package struct Job: Hashable, Sendable {
        let specification: String
        let format: PictureFormat

        /// A picture of a Vega-Lite specification.
        package init(_ specification: String, as format: PictureFormat) { (self.specification, self.format) = (specification, format) }
    }

    private let python: String
    private let patienceSeconds: Double

    /// - Parameters:
    ///   - python: an interpreter that has the package, such as the one that `scripts/bootstrap charts` prepares.
    ///   - patienceSeconds: how long one picture may take.
    package init(python: String, patienceSeconds: Double = 30) {
        self.python = python
        self.patienceSeconds = patienceSeconds
    }

    package func png(of specification: String) async -> Data? {
        var picture: Data?
        try? await draw([Job(specification, as: .png)]) { picture = $1 }
        return picture
    }

    /// Draws pictures and hands each on, with its place in the list, as soon as it is there.
    ///
    /// - Throws: ``Failure`` if one cannot be drawn, or what `body` throws; those before it have been handed on.
    package func draw(_ jobs: [Job], _ body: (Int, Data) throws -> Void) async throws {
        let process = try DrawingProcess(python: python, patienceSeconds: patienceSeconds)
        defer { process.end() }
        for (index, job) in jobs.enumerated() {
            let picture = await withCheckedContinuation { continuation in
                // Waiting for the process blocks, and must not block what else is done.
                Thread.detachNewThread { continuation.resume(returning: process.picture(of: job.specification, as: job.format)) }
            }
            try body(index, try picture.get())
        }
    }
}
