internal import Foundation
internal import Synchronization

/// Talks to a server over sockets, keeping connections alive; any number of tasks may use it.
package final class LiveClient: TestClient {
    private let host: String
    private let port: Int
    private let idle = Mutex<[LiveConnection]>([])

    package init(host: String = "127.0.0.1", port: Int) {
        self.host = host
        self.port = port
    }

    /// Sends on a thread of its own, which may block.
    ///
    /// The threads of tasks, which on Linux are those of the global dispatch queues too, are few, and the server's handlers need them.
    package func send(_ request: TestRequest) async throws -> TestResponse {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(with: Result { try self.sendBlocking(request) })
            }
        }
    }

    /// For threads of one's own.
    package func sendBlocking(_ request: TestRequest) throws -> TestResponse {
        let connection = try idle.withLock { LiveClient.open(among: &$0) } ?? LiveConnection(host: host, port: port)
        let response = try connection.send(request)
        if connection.isReusable { idle.withLock { $0.append(connection) } }
        return response
    }

    /// How many connections wait for the next request, and are open.
    package var openConnections: Int { idle.withLock { $0.count { $0.isOpen } } }

    /// The connection that was used last and may be used once more.
    ///
    /// A server closes what has been idle for too long, and a request that crosses its closing has no answer (RFC 9112, 9.3.1): so one that has
    /// rested is not used again, nor one that is closed already.
    private static func open(among idle: inout [LiveConnection]) -> LiveConnection? {
        while let connection = idle.popLast() {
            if connection.idleSeconds < longestRest, connection.isOpen { return connection }
        }
        return nil
    }

    /// Half of what servers wait for before they close, in seconds.
    private static let longestRest = 15.0

    /// Sends bytes as they are on a connection of their own, from a thread of one's own.
    /// - Parameter finishing: whether to say that no more will be sent, so that a server need not wait for the rest of a request.
    /// - Returns: all the server sends until it closes the connection, or falls silent for `patienceSeconds`.
    package func raw(_ bytes: [UInt8], finishing: Bool = false, patienceSeconds: Double = 2) throws -> [UInt8] {
        let connection = try LiveConnection(host: host, port: port, patienceSeconds: patienceSeconds)
        try? connection.write(bytes)
        if finishing { connection.finishWriting() }
        return connection.readToEnd()
    }
}
