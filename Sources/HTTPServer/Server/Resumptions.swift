internal import Synchronization

/// The connections of one event loop whose answers are ready.
///
/// A group commit makes many answers ready at once. To resume each connection from the thread that commits would wake the event loop as
/// often as there are answers, and have the two contend for libmicrohttpd's lock; so only the first, the herald, is resumed from there,
/// and the event loop resumes the others itself when it meets the herald. In the profile of first contacts resuming had been the
/// largest part of the writer's time, more than the sync of the disk.
final class Resumptions: Sendable {
    private struct State {
        /// A connection has been resumed, and its event loop has not come by since.
        var isAnnounced = false
        var ready: [SuspendedConnection] = []
    }

    private let state = Mutex(State())

    /// Resumes a connection soon.
    func add(_ connection: SuspendedConnection) {
        let isHerald = state.withLock { state in
            guard state.isAnnounced else {
                state.isAnnounced = true
                return true
            }
            state.ready.append(connection)
            return false
        }
        if isHerald { connection.resume() }
    }

    /// Resumes all that are ready: to be called by the event loop whenever a connection that was suspended is about to be answered, or is
    /// gone, since any of them may be the herald.
    func deliver() {
        let ready = state.withLock { state in
            state.isAnnounced = false
            return state.ready.isEmpty ? [] : exchange(&state.ready, with: [])
        }
        for connection in ready { connection.resume() }
    }
}

private func exchange<Value>(_ place: inout Value, with value: consuming Value) -> Value {
    swap(&place, &value)
    return value
}
