internal import Synchronization

/// A connection that waits for its answer.
final class Deferral: Sendable {
    private struct State {
        var outcome: Responder.Outcome?
        var isDone = false
        var suspended: SuspendedConnection?
    }

    private let state: Mutex<State>

    init(_ suspended: SuspendedConnection) {
        state = Mutex(State(suspended: suspended))
    }

    /// Stores the answer and wakes the connection; only the first call does anything.
    func complete(_ outcome: Responder.Outcome) {
        let suspended = state.withLock { state -> SuspendedConnection? in
            guard !state.isDone else { return nil }
            state.isDone = true
            state.outcome = outcome
            return state.suspended.take()
        }
        suspended?.resumeSoon()
    }

    func take() -> Responder.Outcome? {
        state.withLock { $0.outcome.take() }
    }
}
