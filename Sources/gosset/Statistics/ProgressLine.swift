import Glibc
import Text

/// How far a file has been read, on the terminal's last line; nothing where standard error is no terminal, or the file is soon read.
final class ProgressLine {
    private let path: String
    private let isTerminal = isatty(STDERR_FILENO) == 1
    private let began = ContinuousClock.now
    private var last = ContinuousClock.now
    private var isShown = false

    init(_ path: String) { self.path = path == "-" ? "standard input" : path }

    /// Tells how far it is, five times a second at most, after the first half second.
    func show(_ read: Int, _ size: Int?) {
        guard isTerminal else { return }
        let now = ContinuousClock.now
        guard now - began > .milliseconds(500), now - last > .milliseconds(200) else { return }
        last = now
        isShown = true
        let megabytes = "\(Figures.count(read / 1_000_000)) MB"
        let share = size.map { $0 > 0 ? " of \(Figures.count($0 / 1_000_000)), \(min(100, read * 100 / $0)) %" : "" } ?? ""
        Terminal.whisper("\rreading \(path): \(megabytes)\(share)\u{1B}[K")
    }

    /// Takes the line away.
    func clear() {
        if isShown { Terminal.whisper("\r\u{1B}[K") }
    }
}

extension Terminal {
    /// How many characters a line of text may have: as many as the terminal has, within reason, and 100 where the text goes elsewhere.
    static var width: Int {
        var size = winsize()
        guard isatty(STDOUT_FILENO) == 1, ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 100 }
        return min(max(Int(size.ws_col), 40), 120)
    }
}
