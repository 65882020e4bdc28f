internal import Dispatch
internal import Glibc
internal import Synchronization

/// Reads on after a last answer, for a client that sends its whole body before it looks at what it is told.
///
/// A socket that is closed while something unread is in it is reset, and the reset takes the answer with it: such a client would see a broken
/// connection instead of 413 (RFC 9112 § 9.6). So what comes is thrown away until the client is done, within bounds.
enum LingeringClose {
    /// Connections that are read on at once; others are closed at once.
    private static let most = 16
    private static let mostBytes = 256 << 20
    private static let mostSeconds = 5

    private static let count = Atomic(0)
    private static let queue = DispatchQueue(label: "gosset.lingering", attributes: .concurrent)

    /// Reads on; the socket itself may be closed meanwhile.
    static func start(_ socket: Int32) {
        guard count.add(1, ordering: .relaxed).newValue <= most, case let copy = dup(socket), copy >= 0 else {
            count.subtract(1, ordering: .relaxed)
            return
        }
        shutdown(copy, Int32(SHUT_WR))
        queue.async {
            drain(copy)
            close(copy)
            count.subtract(1, ordering: .relaxed)
        }
    }

    private static func drain(_ socket: Int32) {
        var waiting = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        var room = [UInt8](repeating: 0, count: 1 << 16)
        let end = time(nil) + mostSeconds
        var bytes = 0
        while bytes < mostBytes, time(nil) <= end {
            guard poll(&waiting, 1, 1000) > 0 else { continue }
            let count = recv(socket, &room, room.count, 0)
            guard count > 0 else { return }
            bytes += count
        }
    }
}
