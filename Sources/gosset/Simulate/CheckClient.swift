import Foundation
import Glibc

/// Asks a server about tests, one after the other over one connection.
///
/// As little HTTP as that takes: latencies should be the server's, not a client library's.
final class CheckClient {
    /// Why the server could not be asked, or what it answered instead.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private let url: String
    private let host: String
    private let port: String
    private var socket: Int32 = -1

    /// - Parameter url: `http://host:port`.
    init(_ url: String) throws(UsageError) {
        self.url = url
        let parts = url.dropFirst("http://".count).split(separator: "/", omittingEmptySubsequences: true)
        guard url.hasPrefix("http://"), parts.count == 1, let authority = parts.first else {
            throw UsageError("--url must be http://HOST:PORT, not '\(url)'")
        }
        let colon = authority.lastIndex(of: ":")
        host = String(authority[..<(colon ?? authority.endIndex)])
        port = colon.map { String(authority[authority.index(after: $0)...]) } ?? "80"
    }

    deinit { if socket >= 0 { close(socket) } }

    /// What the server says of a test.
    func hasEffect(_ test: [UInt8]) throws(Failure) -> Bool {
        if socket < 0 { socket = try connected() }
        let head =
            "POST /check_test HTTP/1.1\r\nHost: \(host):\(port)\r\nContent-Type: application/json\r\nContent-Length: \(test.count)\r\n\r\n"
        try send(Array(head.utf8) + test)
        let (status, body) = try receive()
        guard status == 200 else { throw Failure(description: "\(url) answered \(status): \(body.prefix(300))") }
        if body.contains("\"has_effect\":1") { return true }
        guard body.contains("\"has_effect\":0") else {
            throw Failure(description: "\(url) answered what was not expected: \(body.prefix(300))")
        }
        return false
    }

    private func connected() throws(Failure) -> Int32 {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, port, &hints, &list) == 0 else { throw Failure(description: "\(url): there is no such host") }
        defer { freeaddrinfo(list) }
        var next = list
        while let address = next?.pointee {
            let socket = Glibc.socket(address.ai_family, address.ai_socktype, address.ai_protocol)
            if socket >= 0, connect(socket, address.ai_addr, address.ai_addrlen) == 0 {
                var one: Int32 = 1
                setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
                return socket
            }
            if socket >= 0 { close(socket) }
            next = address.ai_next
        }
        throw Failure(description: "\(url): \(String(cString: strerror(errno)))")
    }

    private func send(_ bytes: [UInt8]) throws(Failure) {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(socket, $0.baseAddress.map { $0 + done }, $0.count - done, Int32(MSG_NOSIGNAL))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Failure(description: "\(url): \(String(cString: strerror(errno)))") }
            done += count
        }
    }

    /// One answer: its status and body.
    private func receive() throws(Failure) -> (status: Int, body: String) {
        var bytes: [UInt8] = []
        var room = [UInt8](repeating: 0, count: 1 << 14)
        while true {
            let text = String(decoding: bytes, as: UTF8.self)
            if let end = text.range(of: "\r\n\r\n") {
                let lines = text[..<end.lowerBound].split(separator: "\r\n")
                let status = lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
                let length =
                    lines.first { $0.lowercased().hasPrefix("content-length:") }?.split(separator: " ").last.flatMap { Int($0) } ?? 0
                let body = text[end.upperBound...]
                if body.utf8.count >= length { return (status, String(body)) }
            }
            let count = recv(socket, &room, room.count, 0)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Failure(description: "\(url): the server closed the connection") }
            bytes += room[..<count]
        }
    }
}
