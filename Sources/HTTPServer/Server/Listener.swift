internal import Glibc

/// Why a server could not start.
package enum ServerError: Error, Equatable, CustomStringConvertible {
    case portTaken(host: String, port: Int)
    /// The port is one that only a privileged process may have.
    case portForbidden(port: Int)
    case invalidAddress(host: String, reason: String)
    /// The address is not one of this machine's.
    case foreignAddress(host: String)
    case system(call: String, reason: String)

    package var description: String {
        switch self {
        case .portTaken(let host, let port): "port \(port) of \(host) is taken by another program"
        case .portForbidden(let port): "port \(port) needs privileges; choose one above 1023"
        case .invalidAddress(let host, let reason): "'\(host)' is not an address: \(reason)"
        case .foreignAddress(let host): "\(host) is not an address of this machine"
        case .system(let call, let reason): "\(call) failed: \(reason)"
        }
    }
}

/// A listening socket, closed in `deinit`.
final class Listener: Sendable {
    let socket: Int32
    let port: Int

    /// - Parameters:
    ///   - host: a name or an address of this machine, IPv4 or IPv6; `::` means all of both kinds.
    ///   - port: 0 for any free one.
    init(host: String, port: Int) throws(ServerError) {
        guard let number = UInt16(exactly: port) else { throw .invalidAddress(host: host, reason: "a port lies between 0 and 65535") }
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_PASSIVE
        var found: UnsafeMutablePointer<addrinfo>?
        let failure = getaddrinfo(host, String(number), &hints, &found)
        guard failure == 0, let found else { throw .invalidAddress(host: host, reason: String(cString: gai_strerror(failure))) }
        defer { freeaddrinfo(found) }

        let socket = Glibc.socket(found.pointee.ai_family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard socket >= 0 else { throw .last("socket") }
        do throws(ServerError) {
            var (on, off) = (Int32(1), Int32(0))
            let size = socklen_t(MemoryLayout<Int32>.size)
            setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, size)
            if found.pointee.ai_family == AF_INET6 { setsockopt(socket, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &off, size) }
            guard bind(socket, found.pointee.ai_addr, found.pointee.ai_addrlen) == 0 else {
                switch errno {
                case EADDRINUSE: throw ServerError.portTaken(host: host, port: port)
                case EACCES: throw ServerError.portForbidden(port: port)
                case EADDRNOTAVAIL: throw ServerError.foreignAddress(host: host)
                default: throw ServerError.last("bind")
                }
            }
            guard listen(socket, SOMAXCONN) == 0 else {
                throw errno == EADDRINUSE ? ServerError.portTaken(host: host, port: port) : .last("listen")
            }
            self.port = try Listener.port(of: socket)
        } catch {
            close(socket)
            throw error
        }
        self.socket = socket
    }

    deinit {
        Glibc.close(socket)
    }

    private static func port(of socket: Int32) throws(ServerError) -> Int {
        var address = sockaddr_storage()
        var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let failure = withUnsafeMutablePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(socket, $0, &size) }
        }
        guard failure == 0 else { throw .last("getsockname") }
        // The port is at the same place in both kinds of address.
        return withUnsafeBytes(of: address) { Int(UInt16(bigEndian: $0.load(fromByteOffset: 2, as: UInt16.self))) }
    }
}

extension ServerError {
    fileprivate static func last(_ call: String) -> ServerError {
        .system(call: call, reason: String(cString: strerror(errno)))
    }
}
