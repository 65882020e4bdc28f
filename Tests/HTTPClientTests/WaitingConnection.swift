import Dispatch
import HTTPClient

/// A connection on a thread that may wait: waiting on the tasks' own threads would keep the server in this process from answering.
///
/// `@unchecked Sendable`: the connection is used on its queue only.
final class WaitingConnection: @unchecked Sendable {
    private let connection: HTTPConnection
    private let queue = DispatchQueue(label: "waiting connection")

    init(patienceSeconds: Double = 30, mostBytes: Int = 64 << 20) {
        connection = HTTPConnection(patienceSeconds: patienceSeconds, mostBytes: mostBytes)
    }

    func send(_ call: HTTPCall) async throws -> HTTPAnswer {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try self.connection.send(call) }) }
        }
    }
}
