internal import CMicroHTTPD
internal import Glibc
internal import Logging
internal import Scheduling
internal import Synchronization

/// A running libmicrohttpd and the connections on it.
///
/// `@unchecked Sendable`: the native handle, the listener, the acceptor, the sweeper and the seating are set before the daemon is shared, and
/// after that touched only by the one caller for whom `drain` returned true, the seating by nobody; everything else is constant, atomic or
/// behind a mutex.
final class Daemon: @unchecked Sendable {
    let dispatcher: Dispatcher
    let limits: Limits
    let clock: MonotonicClock
    private let recorder: Recorder
    private let accessLog: AccessLog
    private var listener: Listener?
    private var acceptor: Acceptor?
    private var sweeper: Sweeper?
    private var native: OpaquePointer?
    /// Nil where there are more loops than processors: they could not keep apart.
    private var seating: Seating?

    private let connections = Mutex<[ObjectIdentifier: Connection]>([:])
    /// In the order in which they were given their first connection.
    private let loops = Mutex<[EventLoop]>([])
    /// By the stripe of their event loop.
    let resumptions = (0..<Recorder.stripes).map { _ in Resumptions() }
    private let accepted = Atomic(0)
    private let streams = Atomic(0)
    private let suspended = Atomic(0)
    private let draining = Atomic(false)
    private let cutting = Atomic(false)

    init(_ listener: Listener, dispatcher: Dispatcher, clock: MonotonicClock, accessLog: AccessLog) {
        self.listener = listener
        self.dispatcher = dispatcher
        self.accessLog = accessLog
        limits = dispatcher.limits
        self.clock = clock
        recorder = Recorder(routes: dispatcher.router.routes.count)
    }

    /// Serves what arrives at the listener, and keeps itself alive until `stop`.
    /// - Returns: whether libmicrohttpd could start.
    func start(threads: Int) -> Bool {
        guard let listener else { return false }
        var options = gosset_mhd_options(
            threads: UInt32(threads),
            // The acceptor keeps to the limit; libmicrohttpd's, which it shares out among its threads, still counts those that are being
            // closed, and dealing may be uneven.
            connection_limit: UInt32(2 * limits.connections * threads),
            per_address_limit: UInt32(limits.connectionsPerAddress),
            // The sweeper comes first; this is for what it cannot see, such as a stream that its client does not read.
            idle_timeout_seconds: UInt32(limits.idleSeconds + limits.receiveSeconds + 5),
            connection_memory: limits.connectionMemory,
            context: Unmanaged.passUnretained(self).toOpaque(),
            access: { _, connection, target, method, version, upload, uploadCount, _ in
                guard let connection, let target, let method, let version, let uploadCount, let state = Connection.of(connection) else {
                    return .NO
                }
                return state.access(
                    connection, target: target, method: method, version: version, upload: upload, uploadCount: &uploadCount.pointee)
            },
            target: { _, target, connection in
                if let connection { Connection.of(connection)?.receive(target: target) }
                return nil
            },
            completed: { _, connection, _, _ in
                if let connection { Connection.of(connection)?.complete() }
            },
            connection: { context, connection, state, event in
                guard let context, let connection, let state else { return }
                let daemon = Unmanaged<Daemon>.fromOpaque(context).takeUnretainedValue()
                switch event {
                case .CONNECTION_NOTIFY_STARTED: state.pointee = daemon.open(connection)
                case .CONNECTION_NOTIFY_CLOSED: state.pointee = daemon.close(state.pointee)
                }
            },
            refused: { connection, status in
                if let connection { Connection.of(connection)?.refuse(status: Int(status)) }
            })
        if threads > 1, threads <= Processors.count { seating = Seating() }
        guard let native = gosset_mhd_start(&options) else { return false }
        self.native = native
        sweeper = Sweeper { self.sweep() }
        _ = Unmanaged.passRetained(self)
        let acceptor = Acceptor(listener, limit: limits.connections, for: native)
        self.acceptor = acceptor
        acceptor.start()
        return true
    }

    // MARK: Connections

    private func open(_ native: OpaquePointer) -> UnsafeMutableRawPointer {
        let loop =
            EventLoop.current
            ?? loops.withLock { loops in
                let loop = EventLoop(stripe: loops.count % Recorder.stripes, seating: seating)
                loops.append(loop)
                return loop
            }
        loop.move()
        let connection = Connection(socket: gosset_mhd_socket(native), loop: loop, daemon: self)
        accepted.add(1, ordering: .relaxed)
        connections.withLock { $0[ObjectIdentifier(connection)] = connection }
        return Unmanaged.passRetained(connection).toOpaque()
    }

    /// Once it is off the list nobody else can reach its socket, which libmicrohttpd closes next.
    private func close(_ state: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
        guard let state else { return nil }
        let connection = Unmanaged<Connection>.fromOpaque(state).takeRetainedValue()
        connections.withLock { $0[ObjectIdentifier(connection)] = nil }
        acceptor?.didClose()
        return nil
    }

    /// Sets a connection aside until it is resumed; nil when the server is past waiting for anything.
    ///
    /// The count goes up before the flag is read, and `stop` sets the flag before it reads the count: one of the two sees the other.
    func suspend(_ connection: OpaquePointer, stripe: Int) -> SuspendedConnection? {
        suspended.add(1, ordering: .sequentiallyConsistent)
        guard !cutting.load(ordering: .sequentiallyConsistent) else {
            didResume()
            return nil
        }
        MHD_suspend_connection(connection)
        return SuspendedConnection(connection, stripe: stripe, of: self)
    }

    func didResume() {
        suspended.subtract(1, ordering: .sequentiallyConsistent)
    }

    func openStream() -> Bool {
        guard streams.add(1, ordering: .relaxed).newValue <= limits.streams else {
            didCloseStream()
            return false
        }
        return true
    }

    func didCloseStream() {
        streams.subtract(1, ordering: .relaxed)
    }

    // MARK: Measurements

    func record(stripe: Int, method: Method?, route: Int?, status: Int, nanoseconds: UInt64, received: Int, sent: Int) {
        recorder.record(stripe: stripe, route: route, status: status, nanoseconds: nanoseconds, received: received, sent: sent)
        guard status >= 400 || nanoseconds >= accessLog.slowNanoseconds else { return }
        let pattern = route.map { dispatcher.router.routes[$0].pattern }
        accessLog.write(Access(method: method, pattern: pattern, status: Status(status), seconds: Double(nanoseconds) / 1e9, bytes: sent))
    }

    func snapshot() -> Measurements.Snapshot {
        var snapshot = recorder.snapshot(of: dispatcher.router)
        snapshot.connectionsAccepted = accepted.load(ordering: .relaxed)
        snapshot.openStreams = streams.load(ordering: .relaxed)
        snapshot.asyncHandlersRunning = dispatcher.asyncHandlersRunning
        connections.withLock { connections in
            snapshot.openConnections = connections.count
            snapshot.requestsInFlight = connections.values.count { $0.activity.load(ordering: .relaxed) != .idle }
        }
        return snapshot
    }

    // MARK: Sweeping

    /// Cuts what is past its deadline, or left by its client; gives streams that are silent a heartbeat.
    ///
    /// libmicrohttpd looks at a socket when the kernel reports a change, and then misses an end that came together with the last bytes.
    func sweep() {
        let now = clock.now()
        connections.withLock { connections in
            let watched = connections.values.filter { $0.watch(now) }
            var sockets = watched.map { pollfd(fd: $0.socket, events: Int16(POLLIN), revents: 0) }
            guard poll(&sockets, nfds_t(sockets.count), 0) > 0 else { return }
            for (connection, socket) in zip(watched, sockets) where socket.revents != 0 { connection.cutIfLeft() }
        }
    }

    // MARK: Stopping

    var isDraining: Bool {
        draining.load(ordering: .relaxed)
    }

    var openConnections: Int {
        connections.withLock { $0.count }
    }

    /// Stops accepting; connections close after the answer they are at, streams end.
    /// - Returns: whether this was the first call.
    func drain() -> Bool {
        guard !draining.exchange(true, ordering: .sequentiallyConsistent) else { return false }
        acceptor?.stop()
        nudge(includingIdle: false)
        return true
    }

    /// Idle connections are closed for reading, which leaves requests that have already arrived to be answered.
    func nudge(includingIdle: Bool) {
        connections.withLock { connections in
            for connection in connections.values {
                let activity = connection.activity.load(ordering: .relaxed)
                if includingIdle, activity == .idle || activity == .receivingHead { shutdown(connection.socket, Int32(SHUT_RD)) }
                if case .stream(let pipe, _) = connection.work.withLock({ $0 }) { pipe.end() }
            }
        }
    }

    /// Breaks off what is left.
    ///
    /// Nothing is suspended any more when `isSuspended` turns false.
    func cut() {
        cutting.store(true, ordering: .sequentiallyConsistent)
        connections.withLock { connections in
            for connection in connections.values {
                shutdown(connection.socket, Int32(SHUT_RDWR))
                switch connection.work.withLock({ $0 }) {
                case .deferral(let deferral): deferral.complete(.failure(Responder.Dropped()))
                case .stream(let pipe, _): pipe.breakOff()
                case nil: break
                }
            }
        }
    }

    var isSuspended: Bool {
        suspended.load(ordering: .sequentiallyConsistent) > 0
    }

    /// Ends the event loops.
    ///
    /// Nothing may be suspended.
    func stop() {
        guard let native else { return }
        MHD_stop_daemon(native)
        self.native = nil
        sweeper = nil
        acceptor = nil
        listener = nil
        Unmanaged.passUnretained(self).release()
    }
}

extension Connection {
    fileprivate static func of(_ native: OpaquePointer) -> Connection? {
        gosset_mhd_context(native).map { Unmanaged<Connection>.fromOpaque($0).takeUnretainedValue() }
    }
}
