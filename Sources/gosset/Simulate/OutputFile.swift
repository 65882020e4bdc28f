import Glibc

/// Why a file cannot be written.
struct OutputError: Error, CustomStringConvertible {
    let path: String
    let reason: String
    var description: String { "\(path): \(reason)" }

    /// What the system says of a file, or a reason of our own.
    init(_ path: String, _ reason: String = String(cString: strerror(errno))) { (self.path, self.reason) = (path, reason) }
}

/// A file that is written from its beginning to its end.
final class OutputFile {
    private let path: String
    private let descriptor: Int32
    /// Line feeds written so far.
    private(set) var lines = 0

    init(_ path: String) throws(OutputError) {
        self.path = path
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw OutputError(path) }
    }

    deinit { close(descriptor) }

    func write(_ bytes: [UInt8]) throws(OutputError) {
        lines += bytes.count { $0 == UInt8(ascii: "\n") }
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress.map { $0 + done }, $0.count - done) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw OutputError(path) }
            done += count
        }
    }

    /// Waits until what was written is on the disk.
    func sync() throws(OutputError) {
        guard fsync(descriptor) == 0 else { throw OutputError(path) }
    }
}
