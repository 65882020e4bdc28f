/// The event loop's end of a stream: libmicrohttpd asks it for bytes.
///
/// Only the event loop of its connection uses it.
final class StreamReader {
    private let pipe: BodyPipe
    private let native: OpaquePointer
    private unowned let connection: Connection
    private let daemon: Daemon

    init(_ pipe: BodyPipe, native: OpaquePointer, connection: Connection, daemon: Daemon) {
        self.pipe = pipe
        self.native = native
        self.connection = connection
        self.daemon = daemon
    }

    /// - Returns: how many bytes, 0 when the connection was suspended, -1 at the end (`MHD_CONTENT_READER_END_OF_STREAM`), -2 to break the
    ///   connection off (`MHD_CONTENT_READER_END_WITH_ERROR`).
    func read(into room: UnsafeMutableRawBufferPointer) -> Int {
        connection.loop.move()
        let chunk = pipe.read(into: room) {
            guard let suspended = daemon.suspend(native, stripe: connection.stripe) else { return nil }
            return { suspended.resume() }
        }
        switch chunk {
        case .bytes(let count):
            connection.didSend(count)
            return count
        case .waiting: return 0
        case .end: return -1
        case .broken: return -2
        }
    }

    func abandon() {
        pipe.abandon()
        daemon.didCloseStream()
    }
}
