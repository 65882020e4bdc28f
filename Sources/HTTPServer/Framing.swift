/// What a request's head says about the body that follows it.
enum Framing {
    /// Checks it strictly: a server and a proxy that read it differently let one request hide inside another.
    /// - Throws: `Problem` 414, 400, 413 or 501. The connection must then be closed, for nobody knows where the next request begins.
    static func check(_ head: RequestHead, targetBytes: Int, limits: Limits) throws(Problem) {
        if targetBytes > limits.targetBytes { throw Problem(.uriTooLong, "The request target may have \(limits.targetBytes) bytes.") }
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
