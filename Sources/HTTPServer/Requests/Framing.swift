/// What a request's head says about whom it is for and how long its body is: gathered in one pass over its fields.
struct Framing {
    private var fields = 0
    private var hosts = 0
    private var length: (first: UnsafeBufferPointer<UInt8>?, count: Int) = (nil, 0)
    private var coding: (first: UnsafeBufferPointer<UInt8>?, count: Int) = (nil, 0)
    /// What is wrong with the first field that is none.
    private var flaw: String?

    mutating func visit(_ field: HeaderField) {
        fields += 1
        if !field.name.isToken {
            flaw = flaw ?? "A header has a name that no header can have."
        } else if !field.value.isFieldContent {
            flaw = flaw ?? "The header '\(String(decoding: field.name, as: UTF8.self))' has a control character in it."
        }
        switch field.name.count {
        case 4 where field.name.equalsIgnoringCase("host"): hosts += 1
        case 14 where field.name.equalsIgnoringCase("content-length"): length = (length.first ?? field.value, length.count + 1)
        case 17 where field.name.equalsIgnoringCase("transfer-encoding"): coding = (coding.first ?? field.value, coding.count + 1)
        default: break
        }
    }

    /// Checks it strictly: a server and a proxy that read it differently let one request hide inside another.
    /// - Parameters:
    ///   - headBytes: of the request's line and its fields together.
    ///   - needsHost: whether the version of HTTP is 1.1 or later (RFC 9112 § 3.2).
    /// - Returns: how long the body is to be.
    /// - Throws: `Problem` 414, 431, 400 or 501. The connection must then be closed, for nobody knows where the next request begins.
    func check(target: Target, headBytes: Int, needsHost: Bool, limits: Limits) throws(Problem) -> BodyLength {
        if target.count > limits.targetBytes { throw .targetTooLong(limits) }
        if headBytes > limits.headerBytes || fields > limits.headerFields { throw .headTooLarge(limits) }
        if let flaw { throw .badRequest(flaw) }
        guard target.isPlain else { throw .badRequest("The request target has a space or a control character in it.") }
        guard hosts == 1 || (hosts == 0 && !needsHost) else { throw .badRequest("A request has one Host header, this one has \(hosts).") }
        guard length.count + coding.count <= 1 else { throw .badRequest("The length of the body is given more than once.") }
        if let coding = coding.first {
            guard coding.equalsIgnoringCase("chunked") else {
                throw Problem(.notImplemented, "The only transfer coding understood is chunked.")
            }
            return .untold
        }
        guard let length = length.first else { return .told(0) }
        guard !length.isEmpty, length.allSatisfy({ $0 &- UInt8(ascii: "0") < 10 }) else {
            throw .badRequest("Content-Length is not a length.")
        }
        // More digits than an Int has room for are as good as its largest.
        return .told(Int(String(decoding: length, as: UTF8.self)) ?? .max)
    }
}

/// How long a body is, as far as a head tells.
enum BodyLength {
    case told(Int)
    /// It comes in chunks.
    case untold

    /// Whether it may be more than so many bytes.
    func mayExceed(_ bytes: Int) -> Bool {
        switch self {
        case .told(let count): count > bytes
        case .untold: true
        }
    }
}

extension Problem {
    static func bodyTooLarge(_ bytes: Int) -> Problem {
        Problem(.contentTooLarge, "The body may have \(bytes) bytes.")
    }

    static func targetTooLong(_ limits: Limits) -> Problem {
        Problem(.uriTooLong, "The request target may have \(limits.targetBytes) bytes.")
    }

    static func headTooLarge(_ limits: Limits) -> Problem {
        Problem(
            .requestHeaderFieldsTooLarge,
            "The request line and the headers may have \(limits.headerBytes) bytes together, in \(limits.headerFields) headers.")
    }
}
