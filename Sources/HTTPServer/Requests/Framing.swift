/// What a request's head says about whom it is for and how long its body is: gathered in one pass over its fields.
struct Framing {
    /// What libmicrohttpd needs for the fields beside their text: see `Limits.headWeight`.
    private var records = 0
    private var host: (first: UnsafeBufferPointer<UInt8>?, count: Int) = (nil, 0)
    private var length: (first: UnsafeBufferPointer<UInt8>?, count: Int) = (nil, 0)
    private var coding: (first: UnsafeBufferPointer<UInt8>?, count: Int) = (nil, 0)
    /// Whether the body is not what it says but an encoding of it, such as gzip.
    private(set) var isEncoded = false
    /// What is wrong with the first field that is none.
    private var flaw: String?

    private static let recordBytes = 64

    mutating func visit(_ field: HeaderField) {
        records += Framing.recordBytes
        if !field.name.isToken {
            flaw = flaw ?? "A header has a name that no header can have."
        } else if !field.value.isFieldContent {
            flaw = flaw ?? "The header '\(String(decoding: field.name, as: UTF8.self))' has a control character in it."
        }
        switch field.name.count {
        case 6 where field.name.equalsIgnoringCase("cookie"):
            let cookies = field.value.count { $0 == UInt8(ascii: ";") } + 1
            records += field.value.count + cookies * Framing.recordBytes
        case 4 where field.name.equalsIgnoringCase("host"): host = (host.first ?? field.value, host.count + 1)
        case 14 where field.name.equalsIgnoringCase("content-length"): length = (length.first ?? field.value, length.count + 1)
        case 16 where field.name.equalsIgnoringCase("content-encoding"): isEncoded = isEncoded || !field.value.isIdentity
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
        if headBytes + records > limits.headWeight { throw .headTooLarge(limits) }
        if let flaw { throw .badRequest(flaw) }
        guard target.isPlain else { throw .badRequest("The request target has a space or a control character in it.") }
        guard host.count == 1 || (host.count == 0 && !needsHost) else {
            throw .badRequest("A request has one Host header, this one has \(host.count).")
        }
        if let host = host.first, !host.withoutTrailingSpace.isHost {
            throw .badRequest("The header Host is no name or address of a host, nor one with a port, such as gosset.example:8080.")
        }
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
        Problem(.contentTooLarge, "The body may have at most \(bytes) bytes.")
    }

    static func targetTooLong(_ limits: Limits) -> Problem {
        Problem(.uriTooLong, "The request target may have at most \(limits.targetBytes) bytes.")
    }

    static func headTooLarge(_ limits: Limits) -> Problem {
        Problem(
            .requestHeaderFieldsTooLarge,
            "The request line and the headers may have at most \(limits.headWeight) bytes together, where each header and each cookie counts for 64 bytes more and cookies count twice."
        )
    }

    /// - Parameter head: of a request whose body is encoded.
    static func bodyEncoded(_ head: RequestHead) -> Problem {
        let coding = head.fields.first { $0.name.equalsIgnoringCase("content-encoding") && !$0.value.isIdentity }?.value
        let name = coding.map { String(decoding: $0.withoutTrailingSpace.prefix(40), as: UTF8.self) } ?? "another one"
        return Problem(
            .unsupportedMediaType,
            "The only Content-Encoding of a body that is understood is identity, not '\(name)': send the body as it is, uncompressed.",
            headers: ["Accept-Encoding": "identity"])
    }
}
