internal import Synchronization

/// A connection that waits for its answer: parked on its event loop, or suspended.
final class Deferral: Sendable {
    /// What became of the wish to suspend the connection.
    enum Suspension {
        case suspended
        /// The answer is there.
        case ready
        case refused
    }

    private struct State {
        var outcome: Responder.Outcome?
        var isDone = false
        var suspended: SuspendedConnection?
    }

    private let state = Mutex(State())
    private let loop: EventLoop
    private let hasOutcome = Atomic(false)

    /// - Parameter loop: the connection's, on which it is parked until `suspend`.
    init(_ loop: EventLoop) {
        self.loop = loop
    }

    /// Whether the answer is there: as cheap as reading a flag.
    var isReady: Bool { hasOutcome.load(ordering: .acquiring) }

    /// Suspends the connection, on its event loop, unless the answer is there.
    /// - Parameter suspend: nil when the server is past waiting for anything.
    func suspend(_ suspend: () -> SuspendedConnection?) -> Suspension {
        state.withLock { state in
            guard !state.isDone else { return .ready }
            state.suspended = suspend()
            return state.suspended == nil ? .refused : .suspended
        }
    }

    /// Stores the answer and wakes the connection; only the first call does anything.
    func complete(_ outcome: Responder.Outcome) {
        let (isFirst, suspended) = state.withLock { state -> (Bool, SuspendedConnection?) in
            guard !state.isDone else { return (false, nil) }
            state.isDone = true
            state.outcome = outcome
            hasOutcome.store(true, ordering: .releasing)
            return (true, state.suspended.take())
        }
        guard isFirst else { return }
        if let suspended { suspended.resumeSoon() } else { loop.wake() }
    }

    func take() -> Responder.Outcome? {
        state.withLock { $0.outcome.take() }
    }
}
