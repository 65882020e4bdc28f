/// The headers that say what a page may do.
package struct PagePolicy: Sendable {
    package var contentSecurityPolicy: String
    package var referrer: String

    package init(contentSecurityPolicy: String, referrer: String = "same-origin") {
        self.contentSecurityPolicy = contentSecurityPolicy
        self.referrer = referrer
    }

    /// Everything from our own origin, no inline script or style, no frames around the page, forms only to ourselves.
    package static let strict = PagePolicy(
        contentSecurityPolicy: "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )

    func apply(to headers: inout Headers) {
        headers["Content-Security-Policy"] = contentSecurityPolicy
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = referrer
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
    }
}
