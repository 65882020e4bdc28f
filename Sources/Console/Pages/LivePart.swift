import HTTPServer
import Text

/// A part of a page that keeps itself current: a stream of server-sent events brings its HTML whenever there is another.
///
/// Page and stream both say which HTML they mean, so what a page has is not sent to it: neither when it was just loaded, nor when a stream
/// that broke off is opened anew.
struct LivePart {
    let address: String
    let version: String
    let content: HTML

    /// - Parameters:
    ///   - address: where the stream is.
    ///   - moment: while it stays, so does the content.
    init(_ address: String, of moment: some Hashable, _ content: HTML) {
        (self.address, self.content) = (address, content)
        version = LivePart.version(of: moment)
    }

    var html: HTML { "<div data-live=\"\(address)?\(LivePart.shown.name)=\(version)\">\(content)</div>" }

    /// Two moments have one version only if they are equal, but for one chance in 2⁶⁴; another process has other versions.
    static func version(of moment: some Hashable) -> String { String(UInt(bitPattern: moment.hashValue), radix: 36) }

    /// What a stream is told of what the page has.
    static let shown = Operation.Parameter(
        name: "shown", place: .query, isRequired: false,
        description: "The version that the page has, which is not sent; the header `Last-Event-ID` says it when a stream is opened anew.",
        schema: ["type": "string"], example: "1a2b3c")
}

extension Response {
    /// The stream of a ``LivePart``.
    ///
    /// - Parameters:
    ///   - capacity: bytes that may wait for a slow client; the part is sent whole.
    ///   - pause: how long after a look the next is taken.
    ///   - next: the part's version now, and its HTML; nil ends the stream.
    static func live(
        _ request: borrowing Request, capacity: Int = 64 << 10, every pause: Duration,
        _ next: @escaping @Sendable () throws -> (version: String, html: () -> HTML)?
    ) throws -> Response {
        let known = try request.header("Last-Event-ID") ?? request.query(LivePart.shown.name)
        return .events(capacity: capacity) { stream in
            var shown = known
            while stream.isOpen, let (version, html) = try next() {
                if version != shown { stream.send(data: html().source, id: version) }
                shown = version
                try await Task.sleep(for: pause)
            }
        }
    }
}
