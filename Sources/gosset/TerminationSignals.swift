import Foundation
import Glibc

/// SIGTERM and SIGINT as something to wait for: the first asks for a clean stop, the second ends the process at once.
final class TerminationSignals: Sendable {
    private let stream: AsyncStream<Void>

    /// Takes the signals over.
    ///
    /// To be called before other threads are started, which inherit that they do not get them.
    init() {
        let (stream, continuation) = AsyncStream<Void>.makeStream()
        self.stream = stream
        signal(SIGPIPE, SIG_IGN)
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGTERM)
        sigaddset(&signals, SIGINT)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        let awaited = signals
        let thread = Thread {
            var signals = awaited
            var number: Int32 = 0
            sigwait(&signals, &number)
            continuation.yield()
            sigwait(&signals, &number)
            _exit(128 + number)
        }
        thread.name = "signals"
        thread.start()
    }

    /// Returns when the first of them arrives.
    func first() async {
        for await _ in stream { return }
    }
}
