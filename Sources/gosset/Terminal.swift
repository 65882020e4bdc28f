import Glibc

/// The process's own output: answers on standard output, complaints on standard error, at once and without a buffer.
enum Terminal {
    /// Prints a line on standard output.
    static func say(_ text: String) { write(text + "\n", to: STDOUT_FILENO) }

    /// Prints a line on standard error.
    static func complain(_ text: String) { write(text + "\n", to: STDERR_FILENO) }

    /// Writes on standard error without ending the line.
    static func whisper(_ text: String) { write(text, to: STDERR_FILENO) }

    private static func write(_ text: String, to descriptor: Int32) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let written = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { return }
            bytes = bytes.dropFirst(written)
        }
    }
}
