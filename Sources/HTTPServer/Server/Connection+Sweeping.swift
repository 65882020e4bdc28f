internal import Glibc
internal import Synchronization

extension Connection {
    /// Ends what takes too long, and keeps a stream alive.
    /// - Returns: whether to see if the client has left, which nothing else would tell.
    func watch(_ now: UInt64) -> Bool {
        let activity = activity.load(ordering: .acquiring)
        let since = since.load(ordering: .relaxed)
        let elapsed = now > since ? now - since : 0
        guard elapsed <= daemon.limits.nanoseconds(of: activity) else {
            end(activity)
            return false
        }
        switch activity {
        // A client may close its side and wait for the answer: what it sent last may just be on its way to the handler.
        case .idle, .receivingHead, .receivingBody: return elapsed > Connection.settling
        case .working:
            guard case .stream(let pipe, let heartbeat) = work.withLock({ $0 }) else { return false }
            if let heartbeat { pipe.offer(heartbeat.bytes, ifIdleSince: now - min(now, MonotonicClock.seconds(heartbeat.seconds))) }
            return true
        case .sending, .refused: return false
        }
    }

    /// Closes the connection; who has begun a request is told why.
    private func end(_ activity: Activity) {
        if activity == .receivingHead || activity == .receivingBody {
            // Unless the event loop has gone on meanwhile.
            guard self.activity.compareExchange(expected: activity, desired: .refused, ordering: .acquiringAndReleasing).exchanged else {
                return
            }
            let seconds = daemon.limits.receiveSeconds
            let problem = Problem(.requestTimeout, "The request did not arrive in time; its body may take \(seconds) seconds.")
            sendLast(Response.problem(problem).wire())
            daemon.record(
                stripe: stripe, method: nil, route: nil, status: problem.status.code, nanoseconds: MonotonicClock.seconds(seconds),
                received: 0, sent: 0)
        }
        shutdown(socket, Int32(SHUT_RDWR))
    }

    /// How long, in nanoseconds, a connection must have been as it is.
    private static let settling: UInt64 = 100_000_000

    /// Cuts the connection if the client has closed its side and all it sent is read.
    func cutIfLeft() {
        var byte: UInt8 = 0
        let count = recv(socket, &byte, 1, Int32(MSG_PEEK | MSG_DONTWAIT))
        guard count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR) else { return }
        shutdown(socket, Int32(SHUT_RDWR))
        if case .stream(let pipe, _) = work.withLock({ $0 }) { pipe.breakOff() }
    }
}

extension Limits {
    /// How long a connection may be at something, in nanoseconds.
    fileprivate func nanoseconds(of activity: Connection.Activity) -> UInt64 {
        switch activity {
        case .idle: MonotonicClock.seconds(idleSeconds)
        case .receivingHead: MonotonicClock.seconds(idleSeconds + receiveSeconds)
        case .receivingBody: MonotonicClock.seconds(receiveSeconds)
        case .sending: MonotonicClock.seconds(sendSeconds)
        case .working, .refused: .max
        }
    }
}
