import HTTPServer

/// The web pages that may ask for their visitors' variants from the browser (CORS): none unless configured.
package struct AllowedOrigins: Sendable {
    private let origins: Set<String>
    private let isAny: Bool

    /// Whether a text is an origin as browsers write one, so that it can match: a scheme, a host and a port unless it is the usual one.
    package static func isOrigin(_ text: String) -> Bool {
        text == "*" || text.wholeMatch(of: /https?:\/\/[a-z0-9.\-]+(:[0-9]{1,5})?|https?:\/\/\[[0-9a-f:.]+\](:[0-9]{1,5})?/) != nil
    }

    /// Origins such as `https://shop.example`, or `*` for any.
    package init(_ origins: [String] = []) {
        self.origins = Set(origins)
        isAny = origins.contains("*")
    }

    var isEmpty: Bool { origins.isEmpty }

    /// Says so in the headers of an answer, if the origin is among the allowed.
    func allow(_ origin: String, in headers: inout Headers) {
        guard isAny || origins.contains(origin) else { return }
        headers["Access-Control-Allow-Origin"] = isAny ? "*" : origin
        if !isAny { headers["Vary"] = "Origin" }
    }

    /// The answer to a browser that asks whether it may ask.
    func preflight(_ request: borrowing Request, method: Method, headers: String) throws -> Reply {
        var response = Response.empty()
        if let origin = try request.header("Origin") {
            allow(origin, in: &response.headers)
            response.headers["Access-Control-Allow-Methods"] = method.rawValue
            response.headers["Access-Control-Allow-Headers"] = headers
            response.headers["Access-Control-Max-Age"] = "86400"
        }
        return .response(response)
    }
}
