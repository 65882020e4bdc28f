import Text

/// What a client asks.
///
/// It cannot be copied and handlers only borrow it, so it cannot outlive the call: on the event loop its headers are still inside
/// libmicrohttpd. Take out of it what you need later.
package struct Request: ~Copyable {
    package let method: Method
    /// The body as received, complete.
    package let body: [UInt8]
    let head: RequestHead
    let parameters: PathParameters

    init(method: Method, head: RequestHead, parameters: PathParameters, body: [UInt8]) {
        self.method = method
        self.head = head
        self.parameters = parameters
        self.body = body
    }

    /// The path as sent: still percent-encoded, without the query.
    package var path: String {
        String(decoding: head.path, as: UTF8.self)
    }

    /// The client's address, in numbers.
    package var remoteAddress: String {
        head.remoteAddress
    }

    /// A number below `stripes` that is the same for all requests of an event loop.
    ///
    /// What event loops write to is better kept apart for each stripe, so that they do not fight over it.
    package var stripe: Int {
        head.stripe
    }

    package static let stripes = Recorder.stripes
}

// MARK: - Path and query

extension Request {
    /// The part of the path that the route's pattern calls `{name}`, percent-decoded.
    /// - Throws: `Problem` 400 for a malformed escape, a zero byte or text that is not UTF-8.
    /// - Precondition: the pattern has such a part.
    package func parameter(_ name: String) throws(Problem) -> String {
        guard let range = parameters.range(of: name) else { preconditionFailure("the route's pattern has no {\(name)}") }
        do throws(PercentEncoding.Flaw) {
            return try PercentEncoding.decode(head.path[range])
        } catch {
            throw .badRequest("'\(name)' in the path \(error).")
        }
    }

    /// The query as sent; nil if there is none.
    package var queryText: String? {
        head.query.isEmpty ? nil : String(decoding: head.query, as: UTF8.self)
    }

    /// All of the query.
    /// - Throws: `Problem` 400 for a malformed escape, a zero byte or text that is not UTF-8.
    package func query() throws(Problem) -> Form {
        try Form(head.query)
    }

    /// Refuses a query that has other parameters than these: a misspelt one would be left out of the answer without a word.
    /// - Throws: `Problem` 400 that names the parameter, and the one that was meant.
    package func expectQuery(only names: [String]) throws(Problem) {
        if head.query.isEmpty { return }
        guard let other = try query().fields.first(where: { !names.contains($0.name) })?.name else { return }
        let hint =
            names.isEmpty
            ? "This route has none."
            : Spelling.nearest(to: other, among: names).map { "Did you mean '\($0)'?" } ?? "There are: \(names.joined(separator: ", "))."
        let shown = other.utf8.count <= 40 ? other : other.prefix(40) + "…"
        throw .badRequest("There is no query parameter '\(shown)'. \(hint)")
    }

    /// A query parameter; nil when it is not given.
    /// - Throws: `Problem` 400 when the query is malformed or the parameter is given more than once.
    package func query(_ name: String) throws(Problem) -> String? {
        try query().value(name)
    }

    /// A query parameter, read as a `Value`; nil when it is not given.
    /// - Throws: `Problem` 400 when the query is malformed, the parameter is given more than once, or it does not read as a `Value`.
    package func query<Value: LosslessStringConvertible>(_ name: String, as type: Value.Type) throws(Problem) -> Value? {
        try query().value(name, as: type)
    }
}

// MARK: - Headers

extension Request {
    /// A header that may be given once; nil when it is not given.
    ///
    /// Bytes that are not UTF-8 are replaced.
    /// - Throws: `Problem` 400 when it is given more than once.
    package func header(_ name: StaticString) throws(Problem) -> String? {
        try soleField(name).map { String(decoding: $0, as: UTF8.self) }
    }

    /// All values of a header, in the order given.
    package func headers(_ name: StaticString) -> [String] {
        let wanted = name.description
        return head.fields.filter { String(decoding: $0.name, as: UTF8.self).equalsIgnoringCase(wanted) }
            .map { String(decoding: $0.value.withoutTrailingSpace, as: UTF8.self) }
    }

    /// Lends a header's bytes where they lie, without a String: for the hot path.
    ///
    /// Nil when the header is not given.
    /// - Throws: `Problem` 400 when the header is given more than once, and what `body` throws.
    @inlinable
    package func withHeader<Result>(_ name: StaticString, _ body: (Span<UInt8>?) throws -> Result) throws -> Result {
        guard let bytes = try soleField(name) else { return try body(nil) }
        return try body(bytes.span)
    }

    /// The bytes live as long as the request, which callers borrow.
    @usableFromInline
    func soleField(_ name: StaticString) throws(Problem) -> UnsafeBufferPointer<UInt8>? {
        let (first, count) = head.field(name)
        guard count <= 1 else { throw .badRequest("The header '\(name)' is given \(count) times.") }
        return first
    }
}
