internal import Synchronization

/// A connection that waits for its answer.
final class Deferral: Sendable {
    private struct State {
        var result: Result<Answer, any Error>?
        var isDone = false
        var suspended: SuspendedConnection?
    }

    private let state: Mutex<State>

    init(_ suspended: SuspendedConnection) {
        state = Mutex(State(suspended: suspended))
    }

    /// Stores the answer and wakes the connection; only the first call does anything.
    func complete(_ result: Result<Answer, any Error>) {
        let suspended = state.withLock { state -> SuspendedConnection? in
            guard !state.isDone else { return nil }
            state.isDone = true
            state.result = result
            return state.suspended.take()
        }
        suspended?.resume()
    }

    func take() -> Result<Answer, any Error>? {
        state.withLock { $0.result.take() }
    }
}
