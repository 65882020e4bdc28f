import Foundation
import Glibc
import Synchronization

/// Does something when SIGINT or SIGTERM come, and then ends the process as they would have.
final class Interruption {
    private final class Arrival: Sendable {
        let isThere = Atomic(false)
    }

    private let arrival: Arrival
    private let sources: [any DispatchSourceSignal]

    init(_ body: @escaping @Sendable () -> Void) {
        let arrival = Arrival()
        self.arrival = arrival
        sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                arrival.isThere.store(true, ordering: .relaxed)
                body()
                _exit(128 + number)
            }
            source.resume()
            return source
        }
    }

    /// Gives the signals back, unless one has come.
    ///
    /// Then it does not return: the work that was interrupted ends as well, often before the process does, and has nothing more to say.
    func end() {
        while arrival.isThere.load(ordering: .relaxed) { pause() }
        sources.forEach { $0.cancel() }
        for number in [SIGINT, SIGTERM] { signal(number, SIG_DFL) }
    }
}
