/// A cookie that a response sets: for this server alone, out of reach of scripts, and never sent along by another site's forms.
package struct Cookie: Sendable {
    /// Visible ASCII without separators, and so the value.
    package let name: String
    package let value: String
    /// Seconds until the browser forgets it; 0 has it forgotten at once.
    package let maxAge: Int
    /// Whether it is sent over HTTPS alone, which names beginning with `__Host-` want.
    package let isSecure: Bool

    package init(name: String, value: String, maxAge: Int, isSecure: Bool) {
        self.name = name
        self.value = value
        self.maxAge = maxAge
        self.isSecure = isSecure
    }

    /// The header's value (RFC 6265, section 4.1).
    package var header: String {
        "\(name)=\(value); Path=/; Max-Age=\(maxAge); HttpOnly; SameSite=Lax" + (isSecure ? "; Secure" : "")
    }
}

extension Response {
    /// Sets a cookie, beside those that are set already.
    package mutating func set(_ cookie: Cookie) { headers.append(cookie.header, for: "Set-Cookie") }
}
