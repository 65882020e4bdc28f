import Glibc
import Synchronization

/// The process's own output: answers on standard output, complaints on standard error, at once and without a buffer.
enum Terminal {
    /// Why something could not be printed on standard output; nil while all could.
    static var loss: String? { lost.withLock { $0 } }

    private static let lost = Mutex<String?>(nil)

    /// Prints a line on standard output, or remembers that it is lost.
    static func say(_ text: String) {
        let failure = write(text + "\n", to: STDOUT_FILENO)
        if let failure { lost.withLock { $0 = String(cString: strerror(failure)) } }
    }

    /// Prints a line on standard error.
    static func complain(_ text: String) { write(text + "\n", to: STDERR_FILENO) }

    /// Writes on standard error without ending the line.
    static func whisper(_ text: String) { write(text, to: STDERR_FILENO) }

    /// Writes all of a text; gives the system's number of what prevents it.
    @discardableResult
    private static func write(_ text: String, to descriptor: Int32) -> Int32? {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let written = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { return errno }
            bytes = bytes.dropFirst(written)
        }
        return nil
    }
}
