/// Bytes that never change while the program runs, such as a script: browsers fetch them once.
package struct Asset: Sendable {
    private let full: PreparedResponse
    private let notModified: PreparedResponse
    private let tag: String

    /// - Parameters:
    ///   - name: its extension decides the content type.
    ///   - isVersioned: whether other bytes will be at another path: browsers then need not ask whether theirs are still the same.
    /// - Returns: nil when memory is out.
    package init?(name: String, bytes: [UInt8], isVersioned: Bool = false) {
        tag = "\"\(String(Asset.hash(bytes), radix: 16))\""
        // RFC 8246.
        let caching = isVersioned ? "public, max-age=31536000, immutable" : "no-cache"
        let headers: Headers = [
            "Content-Type": Asset.contentType(of: name), "ETag": tag, "Cache-Control": caching, "X-Content-Type-Options": "nosniff",
        ]
        guard let full = PreparedResponse(Response(headers: headers, body: bytes)),
            let notModified = PreparedResponse(Response(.notModified, headers: ["ETag": tag, "Cache-Control": caching]))
        else { return nil }
        self.full = full
        self.notModified = notModified
    }

    /// The asset, or 304 when the client has it already.
    package func reply(to request: borrowing Request) -> Reply {
        let known = request.headers("If-None-Match").flatMap { $0.split(separator: ",") }.map { value in
            let trimmed = value.drop { $0 == " " }.prefix { $0 != " " }
            return trimmed.hasPrefix("W/") ? trimmed.dropFirst(2) : trimmed
        }
        return .prepared(known.contains { $0 == "*" || $0 == tag } ? notModified : full)
    }

    /// FNV-1a, 64 bits: enough to tell one build's bytes from another's.
    package static func hash(_ bytes: some Sequence<UInt8>) -> UInt64 {
        bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }

    private static func contentType(of name: String) -> String {
        switch name.split(separator: ".").last?.lowercased() {
        case "html": "text/html; charset=utf-8"
        case "css": "text/css; charset=utf-8"
        case "js", "mjs": "text/javascript; charset=utf-8"
        case "json", "map": "application/json"
        case "svg": "image/svg+xml"
        case "png": "image/png"
        case "ico": "image/x-icon"
        case "woff2": "font/woff2"
        case "txt": "text/plain; charset=utf-8"
        default: "application/octet-stream"
        }
    }
}

extension Router {
    /// Serves an asset at a path.
    package mutating func asset(_ path: String, _ asset: Asset) {
        on(.get, path, inline: { asset.reply(to: $0) })
    }
}
