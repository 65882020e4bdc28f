internal import Glibc
internal import HTTPServer

/// One HTTP/1.1 connection on a blocking socket.
///
/// Only one thread may use it at a time.
///
/// `@unchecked Sendable`: it has no synchronisation of its own; `LiveClient` lends a connection to one caller at a time, and tests that
/// make their own keep it on one thread.
package final class LiveConnection: @unchecked Sendable {
    package enum Failure: Error, Equatable {
        case cannotConnect(String)
        /// The server closed the connection, or was silent too long, before the response was complete.
        case noResponse(received: String)
        case notHTTP(String)
    }

    private let socket: Int32
    private var buffer: [UInt8] = []
    private var consumed = 0
    /// Whether another request may be sent.
    package private(set) var isReusable = true
    private var lastRead = ContinuousClock.now

    /// - Parameter patienceSeconds: how long a read or write may take.
    package init(host: String = "127.0.0.1", port: Int, patienceSeconds: Double = 30) throws {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, String(port), &hints, &found) == 0, let found else { throw Failure.cannotConnect("no address \(host)") }
        defer { freeaddrinfo(found) }
        let socket = Glibc.socket(found.pointee.ai_family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard socket >= 0 else { throw Failure.cannotConnect(String(cString: strerror(errno))) }
        var patience = timeval(tv_sec: Int(patienceSeconds), tv_usec: Int(patienceSeconds.truncatingRemainder(dividingBy: 1) * 1e6))
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var on: Int32 = 1
        setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        guard connect(socket, found.pointee.ai_addr, found.pointee.ai_addrlen) == 0 else {
            let reason = String(cString: strerror(errno))
            close(socket)
            throw Failure.cannotConnect(reason)
        }
        self.socket = socket
    }

    deinit {
        close(socket)
    }

    package func send(_ request: TestRequest) throws -> TestResponse {
        var head = "\(request.method) \(request.target) HTTP/1.1\r\nHost: test\r\n"
        for (name, value) in request.headers { head += "\(name): \(value)\r\n" }
        if !request.body.isEmpty { head += "Content-Length: \(request.body.count)\r\n" }
        return try roundTrip(Array((head + "\r\n").utf8) + request.body, isHead: request.method == "HEAD")
    }

    /// Sends a request that is already in bytes.
    package func roundTrip(_ bytes: [UInt8], isHead: Bool = false) throws -> TestResponse {
        // A server that refuses a body may answer and close before it is sent: the answer still counts.
        do { try write(bytes) } catch { isReusable = false }
        return try readResponse(isHead: isHead)
    }

    /// How long nothing has been read.
    var idleSeconds: Double { (ContinuousClock.now - lastRead) / .seconds(1) }

    /// Whether the server has neither closed the connection nor sent what nobody asked for.
    var isOpen: Bool {
        var byte: UInt8 = 0
        return recv(socket, &byte, 1, Int32(MSG_PEEK | MSG_DONTWAIT)) < 0
            && (errno == EAGAIN || errno == EWOULDBLOCK)
    }

    // MARK: Writing

    package func write(_ bytes: [UInt8]) throws {
        try bytes.withUnsafeBytes { bytes in
            var sent = 0
            while sent < bytes.count {
                let count = Glibc.send(socket, bytes.baseAddress.map { $0 + sent }, bytes.count - sent, Int32(MSG_NOSIGNAL))
                guard count > 0 else { throw Failure.noResponse(received: "") }
                sent += count
            }
        }
    }

    /// Says that no more will be sent.
    package func finishWriting() {
        shutdown(socket, Int32(SHUT_WR))
    }

    // MARK: Reading

    package func readResponse(isHead: Bool = false) throws -> TestResponse {
        var status = 0
        var headers: Headers = [:]
        repeat {
            let line = try readLine()
            let parts = line.split(separator: " ", maxSplits: 2)
            guard parts.count >= 2, parts[0].hasPrefix("HTTP/1."), let code = Int(parts[1]) else { throw Failure.notHTTP(line) }
            status = code
            headers = [:]
            while case let field = try readLine(), !field.isEmpty {
                guard let colon = field.firstIndex(of: ":") else { throw Failure.notHTTP(field) }
                headers.append(String(field[field.index(after: colon)...].drop { $0 == " " }), for: String(field[..<colon]))
            }
        } while status == 100
        if headers["Connection"]?.lowercased() == "close" { isReusable = false }
        let body = try isHead || status == 204 || status == 304 ? [] : readBody(headers)
        return TestResponse(status: status, headers: headers, body: body)
    }

    private func readBody(_ headers: Headers) throws -> [UInt8] {
        if let length = headers["Content-Length"].flatMap({ Int($0) }) { return try read(length) }
        guard headers["Transfer-Encoding"]?.lowercased() == "chunked" else {
            isReusable = false
            return readToEnd()
        }
        var body: [UInt8] = []
        while let chunk = try readChunk() { body += chunk }
        return body
    }

    /// The next chunk of a chunked body, nil after the last: for reading a stream as it comes.
    package func readChunk() throws -> [UInt8]? {
        guard let size = Int(try readLine().prefix { $0 != ";" }, radix: 16) else { throw Failure.notHTTP("chunk size") }
        let chunk = try read(size)
        _ = try readLine()
        return size == 0 ? nil : chunk
    }

    package func readLine() throws -> String {
        while true {
            if let end = buffer[consumed...].firstIndex(of: UInt8(ascii: "\n")) {
                let line = buffer[consumed..<end]
                consumed = end + 1
                return String(decoding: line.last == UInt8(ascii: "\r") ? line.dropLast() : line, as: UTF8.self)
            }
            try fill()
        }
    }

    package func read(_ count: Int) throws -> [UInt8] {
        while buffer.count - consumed < count { try fill() }
        defer { consumed += count }
        return Array(buffer[consumed..<consumed + count])
    }

    /// All the server sends until it closes the connection or falls silent.
    package func readToEnd() -> [UInt8] {
        while (try? fill()) != nil {}
        defer { consumed = buffer.count }
        return Array(buffer[consumed...])
    }

    private func fill() throws {
        if consumed == buffer.count {
            buffer.removeAll(keepingCapacity: true)
            consumed = 0
        }
        let count = withUnsafeTemporaryAllocation(byteCount: 64 << 10, alignment: 1) { room in
            let count = recv(socket, room.baseAddress, room.count, 0)
            if count > 0 { buffer.append(contentsOf: room[..<count]) }
            lastRead = .now
            return count
        }
        guard count > 0 else {
            isReusable = false
            throw Failure.noResponse(received: String(decoding: buffer[consumed...], as: UTF8.self))
        }
    }
}
