import HTTPServer
import Text

/// A part of a page that keeps itself current: a stream of server-sent events brings its HTML whenever there is another.
///
/// Page and stream both say which HTML they mean, so what a page has is not sent to it: neither when it was just loaded, nor when a stream
/// that broke off is opened anew. Both take it from one place, as it is when they ask.
struct LivePart {
    private let address: String
    /// Two moments have one version only if they are equal, but for one chance in 2⁶⁴; another process has other versions.
    let version: String
    private let make: () -> HTML

    /// - Parameters:
    ///   - address: where the stream is.
    ///   - moment: while it stays, so does the content.
    ///   - content: made when it is needed, after the moment was known: what changes between is sent later, and never missed.
    init(_ address: String, of moment: some Hashable, _ content: @autoclosure @escaping () -> HTML) {
        (self.address, make) = (address, content)
        version = String(UInt(bitPattern: moment.hashValue), radix: 36)
    }

    /// What changes.
    var content: HTML { make().keepingUnits }

    /// The content in a page.
    var html: HTML { "<div data-live=\"\(address)?\(LivePart.shown.name)=\(version)\">\(content)</div>" }

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
    ///   - part: the part as it is now; nil ends the stream.
    static func live(
        _ request: borrowing Request, capacity: Int = 64 << 10, every pause: Duration,
        _ part: @escaping @Sendable () throws -> LivePart?
    ) throws -> Response {
        let known = try request.header("Last-Event-ID") ?? request.query(LivePart.shown.name)
        return .events(capacity: capacity) { stream in
            var shown = known
            while stream.isOpen, let part = try part() {
                if part.version != shown { stream.send(data: part.content.source, id: part.version) }
                shown = part.version
                try await Task.sleep(for: pause)
            }
        }
    }
}
