package import Logging
internal import Scheduling

/// An HTTP server that is running.
///
///     let server = try Server.start(router, port: 8080)
///     …
///     await server.stop(grace: .seconds(10))
///
/// It runs until `stop` is called, whether or not anyone holds on to it.
package final class Server: Sendable {
    package let host: String
    /// The port it listens at; a free one was chosen if 0 was asked for.
    package let port: Int
    private let daemon: Daemon

    private init(host: String, port: Int, daemon: Daemon) {
        self.host = host
        self.port = port
        self.daemon = daemon
    }

    /// Starts serving.
    /// - Parameters:
    ///   - host: a name or an address of this machine, IPv4 or IPv6.
    ///   - port: 0 for any free one.
    ///   - threads: event loops; nil for one for each processor.
    ///   - measurements: where to ask for the server's counts.
    ///   - logger: where errors of handlers go.
    ///   - accessLog: where answered requests go; the default logs errors and slow ones to `logger`.
    ///   - clock: what limits of time and latencies are measured with.
    package static func start(
        _ router: Router, host: String = "127.0.0.1", port: Int = 0, threads: Int? = nil, limits: Limits = Limits(),
        measurements: Measurements = Measurements(), logger: Logger = Logger(label: "http"), accessLog: AccessLog? = nil,
        clock: MonotonicClock = .system
    ) throws(ServerError) -> Server {
        let listener = try Listener(host: host, port: port)
        let dispatcher = Dispatcher(router: router, limits: limits, logger: logger)
        let daemon = Daemon(
            listener, dispatcher: dispatcher, clock: clock, accessLog: accessLog ?? AccessLog { logger.log($0) })
        guard daemon.start(threads: max(threads ?? Processors.count, 1)) else {
            throw .system(call: "MHD_start_daemon", reason: "libmicrohttpd could not start")
        }
        measurements.attach { daemon.snapshot() }
        return Server(host: host, port: listener.port, daemon: daemon)
    }

    /// Ends what is past its time now, instead of within a quarter of a second: for tests.
    package func sweep() {
        daemon.sweep()
    }

    /// Stops: refuses new connections, answers what was accepted, ends streams, and cuts what is left after the grace.
    ///
    /// Only the first call does anything.
    package func stop(grace: Duration = .seconds(10)) async {
        guard daemon.drain() else { return }
        let start = ContinuousClock.now
        let end = start + grace
        while daemon.openConnections > 0, ContinuousClock.now < end, !Task.isCancelled {
            try? await Task.sleep(for: .milliseconds(2))
            // What clients sent before may still be on its way through the kernel; it is answered, and its connection closed after that.
            daemon.nudge(includingIdle: ContinuousClock.now - start > .milliseconds(100))
        }
        daemon.cut()
        while daemon.isSuspended {
            await Task.yield()
            daemon.cut()
        }
        daemon.stop()
    }
}
