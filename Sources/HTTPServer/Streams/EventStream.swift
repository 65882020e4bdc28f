/// Server-sent events to one client (HTML Living Standard § 9.2).
package struct EventStream: Sendable {
    let pipe: BodyPipe

    /// Whether the client still listens.
    package var isOpen: Bool {
        pipe.isOpen
    }

    /// Sends an event without waiting.
    ///
    /// A client so slow that its buffer is full is cut off: it reconnects and starts from the present, instead of lagging for ever.
    /// - Parameter data: any text; its lines arrive as they are.
    /// - Returns: whether the client still listens.
    @discardableResult
    package func send(event: String? = nil, data: String, id: String? = nil) -> Bool {
        var text = ""
        if let event { text += "event: \(EventStream.singleLine(event))\n" }
        if let id { text += "id: \(EventStream.singleLine(id))\n" }
        for line in data.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) { text += "data: \(line)\n" }
        text += "\n"
        if pipe.offer(text.utf8) { return true }
        pipe.breakOff()
        return false
    }

    package func close() {
        pipe.end()
    }

    private static func singleLine(_ text: String) -> String {
        String(text.filter { !$0.isNewline && $0 != "\0" })
    }
}

extension Response {
    /// A stream of server-sent events, which ends when `produce` returns.
    ///
    /// `produce` runs in a task that is cancelled when the client goes away; that is noticed within a second.
    /// - Parameters:
    ///   - heartbeatSeconds: after so long without an event a comment is sent, which keeps proxies from closing the connection.
    ///   - capacity: bytes that may wait for a slow client.
    package static func events(
        heartbeatSeconds: Int = 15, capacity: Int = 64 << 10, _ produce: @escaping @Sendable (EventStream) async throws -> Void
    ) -> Response {
        var response = Response(headers: ["Content-Type": "text/event-stream", "Cache-Control": "no-store"])
        response.body = .stream(
            BodyStream(capacity: capacity, heartbeat: (heartbeatSeconds, Array(":\n\n".utf8))) { try await produce(EventStream(pipe: $0)) }
        )
        return response
    }
}
