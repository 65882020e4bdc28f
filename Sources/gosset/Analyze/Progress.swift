import Glibc
import Synchronization

/// What is being done, in one line of a terminal that the next takes the place of.
final class Progress: Sendable {
    private let isShown: Bool

    init(isShown: Bool) { self.isShown = isShown }

    func show(_ step: String) { write("\r\u{1B}[K\(step) …") }

    func end() { write("\r\u{1B}[K") }

    private func write(_ text: String) {
        guard isShown else { return }
        let bytes = Array(text.utf8)
        _ = bytes.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}
