internal import CMicroHTTPD
internal import Dispatch
internal import Glibc
internal import Synchronization

/// Accepts connections, and deals them out among the event loops.
///
/// libmicrohttpd's event loops would accept by themselves, but then whichever wakes first takes all that wait: of 64 connections that arrive
/// together one loop of two may come to serve most, and be the slowest part of the server. Here they are dealt by turns.
///
/// `@unchecked Sendable`: the native handle may be given connections from any thread, until `stop` has returned.
final class Acceptor: @unchecked Sendable {
    private let socket: Int32
    private let native: OpaquePointer
    /// Connections that may still be opened: those beyond wait in the kernel for their turn.
    private let places: DispatchSemaphore
    private let isStopping = Atomic(false)
    private let ended = DispatchSemaphore(value: 0)

    /// Accepts until `stop`.
    /// - Parameters:
    ///   - limit: connections that may be open at once.
    ///   - native: a daemon of libmicrohttpd without a socket of its own.
    init(_ listener: Listener, limit: Int, for native: OpaquePointer) {
        (socket, self.native) = (listener.socket, native)
        places = DispatchSemaphore(value: limit)
    }

    func start() {
        DispatchQueue(label: "HTTPServer.Acceptor").async {
            self.accept()
            self.ended.signal()
        }
    }

    /// A connection was closed, so that another may be opened.
    func didClose() {
        places.signal()
    }

    /// Accepts no more; when it returns, no connection is on its way to the event loops.
    ///
    /// The kernel refuses new connections from here on. The socket itself stays open.
    func stop() {
        isStopping.store(true, ordering: .sequentiallyConsistent)
        shutdown(socket, Int32(SHUT_RD))
        places.signal()
        ended.wait()
    }

    private func accept() {
        while true {
            places.wait()
            guard !isStopping.load(ordering: .sequentiallyConsistent) else { return }
            let isDealt = gosset_mhd_accept(native, socket)
            // Out of descriptors or memory: the connection stays in the kernel's queue, and asking at once again would only burn time.
            if isDealt < 0, [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(-isDealt) { usleep(20_000) }
            if isDealt <= 0 { places.signal() }
        }
    }
}
