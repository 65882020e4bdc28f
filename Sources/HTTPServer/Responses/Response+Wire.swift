internal import Glibc

extension Response {
    /// The response as it goes over the wire on a connection that is closed after it, without libmicrohttpd: it answers only requests it
    /// could read, and only where their heads left it memory.
    /// - Parameter hasBody: whether the body is sent; a HEAD request only gets its length.
    /// - Precondition: it is no stream.
    func wire(hasBody: Bool = true) -> [UInt8] {
        guard case .bytes(let body) = body else { preconditionFailure("a stream has no length") }
        var head = "HTTP/1.1 \(status.code) \(status.reason)\r\nDate: \(Response.date())\r\nConnection: close\r\n"
        head += "Content-Length: \(body.count)\r\n"
        for field in headers.fields { head += "\(field.name): \(field.value)\r\n" }
        return Array((head + "\r\n").utf8) + (hasBody ? body : [])
    }

    /// The present time as HTTP writes it (RFC 9110 § 5.6.7), such as `Sun, 06 Nov 1994 08:49:37 GMT`.
    private static func date() -> String {
        var seconds = time(nil)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 32) { text in
            let count = strftime(text.baseAddress, text.count, "%a, %d %b %Y %H:%M:%S GMT", &parts)
            return String(decoding: UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(text)[..<count]), as: UTF8.self)
        }
    }
}
