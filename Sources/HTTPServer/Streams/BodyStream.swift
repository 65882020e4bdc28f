/// A body that is written while it is sent.
package struct BodyStream: Sendable {
    /// Bytes that may wait for a slow client.
    let capacity: Int
    /// What keeps an idle stream alive, and after how many seconds.
    let heartbeat: (seconds: Int, bytes: [UInt8])?
    let produce: @Sendable (BodyPipe) async throws -> Void
}

/// Where a stream's producer writes to.
package struct BodyWriter: Sendable {
    let pipe: BodyPipe

    /// Sends bytes; waits, without blocking a thread, while the client is behind.
    /// - Throws: `StreamClosed` when the client is gone.
    package func write(_ bytes: some Collection<UInt8>) async throws {
        try await pipe.write(bytes)
    }

    package func write(_ text: String) async throws {
        try await pipe.write(text.utf8)
    }
}

extension Response {
    /// A body that is produced while it is sent.
    ///
    /// The producer's task is cancelled when the client goes away. If it throws, the connection is broken off, so that the client can
    /// tell the body is not complete.
    package static func stream(
        contentType: String, capacity: Int = 64 << 10, _ produce: @escaping @Sendable (BodyWriter) async throws -> Void
    ) -> Response {
        var response = Response(headers: ["Content-Type": contentType])
        response.body = .stream(BodyStream(capacity: capacity, heartbeat: nil) { try await produce(BodyWriter(pipe: $0)) })
        return response
    }
}
