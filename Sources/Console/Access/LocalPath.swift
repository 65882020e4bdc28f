/// A path of this server, to which a browser may be sent: never another site, whatever a link says.
struct LocalPath: Hashable, Sendable {
    /// Path and query, percent-encoded.
    let text: String

    /// Where people go who said nothing else.
    static let home = LocalPath(unchecked: "/experiments")

    /// Browsers take `//host` and `/\host` for another site, and leave control characters out.
    init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.first == UInt8(ascii: "/"), bytes.count <= 2048, bytes.dropFirst().first != UInt8(ascii: "/"),
            bytes.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\\") })
        else { return nil }
        self.text = text
    }

    private init(unchecked text: String) { self.text = text }
}
