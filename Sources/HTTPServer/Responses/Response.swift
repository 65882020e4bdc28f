internal import Foundation
package import Text

/// What a handler answers.
package struct Response: Sendable {
    package var status: Status
    package var headers: Headers
    package var body: Body

    package enum Body: Sendable {
        case bytes([UInt8])
        /// Written while it is sent; see `Response.stream` and `Response.events`.
        case stream(BodyStream)
    }

    package init(_ status: Status = .ok, headers: Headers = [:], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = .bytes(body)
    }

    package static func text(_ text: String, status: Status = .ok) -> Response {
        Response(status, headers: ["Content-Type": "text/plain; charset=utf-8"], body: Array(text.utf8))
    }

    /// JSON that is already encoded.
    package static func json(bytes: [UInt8], status: Status = .ok) -> Response {
        Response(status, headers: ["Content-Type": "application/json"], body: bytes)
    }

    package static func json(_ value: JSONValue, status: Status = .ok) -> Response {
        .json(bytes: Array(value.description.utf8), status: status)
    }

    /// Keys are sorted, so that equal values make equal bytes; dates are ISO 8601.
    package static func json(encoding value: some Encodable, status: Status = .ok) throws -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        return .json(bytes: Array(try encoder.encode(value)), status: status)
    }

    /// A page, with the headers that keep foreign script out of it.
    package static func html(_ html: HTML, status: Status = .ok, policy: PagePolicy = .strict) -> Response {
        var response = Response(status, headers: ["Content-Type": "text/html; charset=utf-8"], body: Array(html.source.utf8))
        policy.apply(to: &response.headers)
        return response
    }

    /// Sends the client elsewhere; after a form was posted, 303 makes it a GET.
    package static func redirect(to location: String, status: Status = .seeOther) -> Response {
        Response(status, headers: ["Location": location])
    }

    package static func empty(_ status: Status = .noContent) -> Response {
        Response(status)
    }
}
