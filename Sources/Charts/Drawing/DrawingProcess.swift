import Foundation

/// A Python with `vl-convert-python` that draws a picture for every line that it is given.
///
/// One picture is asked for at a time.
final class DrawingProcess: Sendable {
    private let process: Process
    private let input: FileHandle
    private let output: FileHandle
    private let patienceSeconds: Double

    /// A line of JSON in; the picture's length in eight bytes and the picture, or a length of zero, out.
    private static let program = """
        import json, sys, vl_convert
        for line in sys.stdin.buffer:
            job = json.loads(line)
            try:
                if job["format"] == "png":
                    picture = vl_convert.vegalite_to_png(job["chart"], scale=2)
                else:
                    picture = vl_convert.vegalite_to_svg(job["chart"]).encode()
            except ValueError:
                picture = b""
            sys.stdout.buffer.write(len(picture).to_bytes(8, "big") + picture)
            sys.stdout.buffer.flush()
        """

    /// More bytes than any picture of ours has: what says that it is larger is no picture.
    private static let largest = 1 << 28

    init(python: String, patienceSeconds: Double) throws(VegaLiteRenderer.Failure) {
        // A program that ends before it has read all must not end this one.
        signal(SIGPIPE, SIG_IGN)
        let (input, output) = (Pipe(), Pipe())
        process = Process()
        process.executableURL = URL(fileURLWithPath: python)
        process.arguments = ["-c", DrawingProcess.program]
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        (self.input, self.output) = (input.fileHandleForWriting, output.fileHandleForReading)
        self.patienceSeconds = patienceSeconds
        do { try process.run() } catch { throw VegaLiteRenderer.Failure(description: "\(python) cannot be run") }
    }

    /// Blocks until the picture is there; a process that takes too long is ended.
    func picture(of specification: String, as format: PictureFormat) -> Result<Data, VegaLiteRenderer.Failure> {
        let id = process.processIdentifier
        let watch = DispatchWorkItem { kill(id, SIGKILL) }
        DispatchQueue.global().asyncAfter(deadline: .now() + patienceSeconds, execute: watch)
        defer { watch.cancel() }
        let failure = VegaLiteRenderer.Failure(
            description: "the Python ended, or took longer than \(patienceSeconds) s; does it have vl-convert-python?")
        guard let job = try? JSONEncoder().encode(["format": format.rawValue, "chart": specification]),
            (try? input.write(contentsOf: job + Data("\n".utf8))) != nil, let head = read(8)
        else { return .failure(failure) }
        let length = head.reduce(0) { $0 << 8 | Int($1) }
        guard length > 0, length <= DrawingProcess.largest, let picture = read(length), format.begins(picture) else {
            return .failure(VegaLiteRenderer.Failure(description: length == 0 ? "the chart cannot be drawn" : failure.description))
        }
        return .success(picture)
    }

    /// The end of its input is the end of its work; only then is it waited for, so its number cannot have passed to another.
    func end() {
        try? input.close()
        try? output.close()
        process.waitUntilExit()
    }

    private func read(_ count: Int) -> Data? {
        var data = Data()
        while data.count < count {
            guard let part = try? output.read(upToCount: count - data.count), !part.isEmpty else { return nil }
            data += part
        }
        return data
    }
}
