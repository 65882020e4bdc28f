import Foundation
import Glibc

/// SIGTERM and SIGINT as something to wait for: the first asks for a clean stop, the second ends the process at once.
///
/// A handler takes them, not a blocked mask and `sigwait`: while the tasks run, the main thread sleeps in `dispatch_main` with every
/// signal unblocked, whatever its mask was, so a signal that nobody handles would end the process there.
final class TerminationSignals: Sendable {
    private let stream: AsyncStream<Void>

    /// Posted by the handler, for which little else is safe.
    nonisolated(unsafe) private static let arrived: UnsafeMutablePointer<sem_t> = {
        let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)
        sem_init(semaphore, 0, 0)
        return semaphore
    }()

    /// The number of the latest, for the exit status.
    nonisolated(unsafe) private static let latest: UnsafeMutablePointer<Int32> = {
        let number = UnsafeMutablePointer<Int32>.allocate(capacity: 1)
        number.initialize(to: 0)
        return number
    }()

    /// Takes the signals over.
    ///
    /// A client that is gone, and a file that may not grow any more, are errors of one call; they must not end the process either.
    init() {
        let (stream, continuation) = AsyncStream<Void>.makeStream()
        self.stream = stream
        signal(SIGPIPE, SIG_IGN)
        signal(SIGXFSZ, SIG_IGN)
        // Made here, before a handler could be the first to need it.
        (_, _) = (TerminationSignals.arrived, TerminationSignals.latest)
        for number in [SIGTERM, SIGINT] {
            signal(number) { number in
                TerminationSignals.latest.pointee = number
                sem_post(TerminationSignals.arrived)
            }
        }
        let thread = Thread {
            Thread.current.name = "signals"
            while sem_wait(TerminationSignals.arrived) != 0 {}
            continuation.yield()
            while sem_wait(TerminationSignals.arrived) != 0 {}
            _exit(128 + TerminationSignals.latest.pointee)
        }
        thread.start()
    }

    /// Returns when the first of them arrives.
    func first() async {
        for await _ in stream { return }
    }
}
