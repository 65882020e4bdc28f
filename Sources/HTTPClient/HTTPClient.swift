internal import Dispatch
internal import Glibc
internal import Synchronization

/// Asks other servers, many at a time, over connections that are kept for the next request.
///
/// As ``HTTPConnection``, whose rules hold here as well, but for tasks: nobody's thread waits.
package final class HTTPClient: Sendable {
    /// A connection with a thread of its own for as long as it is asked something.
    ///
    /// `@unchecked Sendable`: the connection is used on its queue only.
    private final class Line: @unchecked Sendable {
        let connection: HTTPConnection
        let queue = DispatchQueue(label: "gosset.http-client")

        init(_ connection: HTTPConnection) { self.connection = connection }
    }

    private struct State {
        var idle: [Line] = []
        var lines = 0
        /// Those who wait for a line, the longest first.
        var waiting: [CheckedContinuation<Line, Never>] = []
    }

    private let connections: Int
    private let patienceSeconds: Double
    private let mostBytes: Int
    private let state = Mutex(State())

    /// - Parameters:
    ///   - connections: how many requests there may be at a time; others wait for their turn.
    ///   - patienceSeconds: how long a request may take once it has its turn, and how long nothing may come of a download.
    ///   - mostBytes: how large the body of an answer may be.
    package init(connections: Int = 16, patienceSeconds: Double = 30, mostBytes: Int = 64 << 20) {
        self.connections = max(1, connections)
        self.patienceSeconds = patienceSeconds
        self.mostBytes = mostBytes
    }

    /// Sends a request and returns what is answered, whatever its status.
    ///
    /// A task that is cancelled calls it off.
    package func send(_ call: HTTPCall) async throws(HTTPFailure) -> HTTPAnswer { try await send(call, Reception(mostBytes: mostBytes)) }

    /// Fetches a file of any size, which is not kept in memory, and returns what is answered but for the body, whatever the status.
    ///
    /// Redirections are followed. An answer that breaks off is a failure, and leaves a part of the file. A task that is cancelled calls it off.
    ///
    /// - Parameter path: of the file, which must not be there yet; only its owner may read it.
    package func download(_ address: String, to path: String) async throws(HTTPFailure) -> HTTPAnswer {
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw HTTPFailure(.unwritable) }
        defer { close(file) }
        return try await send(HTTPCall("GET", address), Reception(into: file))
    }

    private func send(_ call: HTTPCall, _ reception: Reception) async throws(HTTPFailure) -> HTTPAnswer {
        let line = await line()
        defer { giveBack(line) }
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Result<HTTPAnswer, HTTPFailure>, Never>) in
                line.queue.async {
                    continuation.resume(
                        returning: Result { () throws(HTTPFailure) in try line.connection.send(call, reception) })
                }
            }
        } onCancel: {
            reception.callOff()
        }
        return try result.get()
    }

    private func line() async -> Line {
        await withCheckedContinuation { continuation in
            let line: Line? = state.withLock { state in
                if let line = state.idle.popLast() { return line }
                if state.lines < connections {
                    state.lines += 1
                    return Line(HTTPConnection(patienceSeconds: patienceSeconds, mostBytes: mostBytes))
                }
                state.waiting.append(continuation)
                return nil
            }
            if let line { continuation.resume(returning: line) }
        }
    }

    private func giveBack(_ line: Line) {
        let next: CheckedContinuation<Line, Never>? = state.withLock { state in
            guard !state.waiting.isEmpty else {
                state.idle.append(line)
                return nil
            }
            return state.waiting.removeFirst()
        }
        next?.resume(returning: line)
    }
}
