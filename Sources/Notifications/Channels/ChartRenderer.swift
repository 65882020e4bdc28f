package import Foundation

/// Draws charts as pictures.
package protocol ChartRenderer: Sendable {
    /// The PNG of a Vega-Lite specification, or nil if it could not be drawn.
    func png(of specification: String) async -> Data?
}

/// Draws with `vl-convert-python`, which has Vega-Lite and a renderer inside and needs no network: a short-lived process for each chart.
package struct VegaLiteRenderer: ChartRenderer {
    private let python: String
    private let patienceSeconds: Double

    /// - Parameter python: an interpreter that has the package, such as the one that `scripts/bootstrap charts` prepares.
    package init(python: String, patienceSeconds: Double = 30) {
        self.python = python
        self.patienceSeconds = patienceSeconds
    }

    private static let program = """
        import sys, vl_convert
        sys.stdout.buffer.write(vl_convert.vegalite_to_png(sys.stdin.read(), scale=2))
        """

    package func png(of specification: String) async -> Data? {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { continuation.resume(returning: draw(specification)) }
        }
    }

    /// Blocks; a process that takes too long is ended.
    private func draw(_ specification: String) -> Data? {
        // A program that ends before it has read all must not end this one.
        signal(SIGPIPE, SIG_IGN)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: python)
        process.arguments = ["-c", Self.program]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return nil }
        let id = process.processIdentifier
        let watch = DispatchWorkItem { kill(id, SIGKILL) }
        DispatchQueue.global().asyncAfter(deadline: .now() + patienceSeconds, execute: watch)
        // The end of its output is the end of its work; only then is it waited for, so its number cannot have passed to another.
        try? input.fileHandleForWriting.write(contentsOf: Data(specification.utf8))
        try? input.fileHandleForWriting.close()
        let picture = output.fileHandleForReading.readDataToEndOfFile()
        watch.cancel()
        process.waitUntilExit()
        let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        guard process.terminationStatus == 0, picture.starts(with: signature) else { return nil }
        return picture
    }
}
