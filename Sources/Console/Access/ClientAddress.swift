import HTTPServer

/// The address that a request comes from, as far as it can be known.
enum ClientAddress {
    /// The connection's other end; or, where that is a proxy on this machine, whom the proxy says it speaks for.
    ///
    /// Only the last entry of `X-Forwarded-For` is the proxy's own; those before it are the client's to invent.
    static func of(_ request: borrowing Request) -> String {
        address(peer: request.remoteAddress, forwarded: request.headers("X-Forwarded-For"))
    }

    static func address(peer: String, forwarded: [String]) -> String {
        let isLocal = peer.hasPrefix("127.") || peer == "::1" || peer.hasPrefix("::ffff:127.")
        guard isLocal, let last = forwarded.last?.split(separator: ",").last else { return peer }
        let address = last.filter { $0 != " " }.prefix(64)
        return address.isEmpty ? peer : String(address)
    }
}
