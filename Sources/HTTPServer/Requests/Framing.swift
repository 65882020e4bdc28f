/// What a request's head says about whom it is for and how long its body is.
enum Framing {
    /// Checks it strictly: a server and a proxy that read it differently let one request hide inside another.
    /// - Parameter needsHost: whether the version of HTTP is 1.1 or later (RFC 9112 § 3.2).
    /// - Throws: `Problem` 414, 400, 413 or 501. The connection must then be closed, for nobody knows where the next request begins.
    static func check(_ head: RequestHead, target: Target, needsHost: Bool, limits: Limits) throws(Problem) {
        let hosts = head.field("Host").count
        guard hosts == 1 || (hosts == 0 && !needsHost) else { throw .badRequest("A request has one Host header, this one has \(hosts).") }
        guard target.isPlain else { throw .badRequest("The request target has a space or a control character in it.") }
        if target.count > limits.targetBytes { throw Problem(.uriTooLong, "The request target may have \(limits.targetBytes) bytes.") }
        let length = head.field("Content-Length")
        let coding = head.field("Transfer-Encoding")
        guard length.count + coding.count <= 1 else { throw .badRequest("The length of the body is given more than once.") }
        if let coding = coding.first {
            guard String(decoding: coding, as: UTF8.self).equalsIgnoringCase("chunked") else {
                throw Problem(.notImplemented, "The only transfer coding understood is chunked.")
            }
            return
        }
        guard let length = length.first else { return }
        guard !length.isEmpty, length.allSatisfy({ $0 &- UInt8(ascii: "0") < 10 }) else {
            throw .badRequest("Content-Length is not a length.")
        }
        // More digits than an Int has room for are too large as well.
        guard let count = Int(String(decoding: length, as: UTF8.self)), count <= limits.bodyBytes else { throw .bodyTooLarge(limits) }
    }
}

extension Problem {
    static func bodyTooLarge(_ limits: Limits) -> Problem {
        Problem(.contentTooLarge, "The body may have \(limits.bodyBytes) bytes.")
    }
}
