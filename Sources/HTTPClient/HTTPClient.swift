internal import Dispatch
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
    ///   - patienceSeconds: how long a request may take once it has its turn.
    ///   - mostBytes: how large the body of an answer may be.
    package init(connections: Int = 16, patienceSeconds: Double = 30, mostBytes: Int = 64 << 20) {
        self.connections = max(1, connections)
        self.patienceSeconds = patienceSeconds
        self.mostBytes = mostBytes
    }

    /// Sends a request and returns what is answered, whatever its status.
    ///
    /// A task that is cancelled calls it off.
    package func send(_ call: HTTPCall) async throws(HTTPFailure) -> HTTPAnswer {
        let line = await line()
        defer { giveBack(line) }
        let reception = Reception(mostBytes: mostBytes)
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
