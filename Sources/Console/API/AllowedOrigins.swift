import HTTPServer

/// The web pages that may ask for their visitors' variants from the browser (CORS): none unless configured.
package struct AllowedOrigins: Sendable {
    private let origins: Set<String>
    private let isAny: Bool

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
}
