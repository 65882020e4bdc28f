internal import CMicroHTTPD

/// The duty to resume a connection that libmicrohttpd has set aside: once, from any thread.
///
/// Whoever holds it gives it up by resuming.
///
/// `@unchecked Sendable`: `MHD_resume_connection` may be called from any thread, and the connection cannot go away before: while it is
/// suspended libmicrohttpd neither reads, times out nor closes it, and the daemon is not stopped while one is suspended.
struct SuspendedConnection: @unchecked Sendable {
    private let connection: OpaquePointer
    private let stripe: Int
    private let daemon: Daemon

    /// Only to be made by `Daemon.suspend`.
    init(_ connection: OpaquePointer, stripe: Int, of daemon: Daemon) {
        self.connection = connection
        self.stripe = stripe
        self.daemon = daemon
    }

    /// Resumes it together with the others of its event loop that are ready.
    func resumeSoon() {
        daemon.resumptions[stripe].add(self)
    }

    func resume() {
        MHD_resume_connection(connection)
        // Only now: the daemon is stopped as soon as none is left, and the call above still uses it.
        daemon.didResume()
    }
}
