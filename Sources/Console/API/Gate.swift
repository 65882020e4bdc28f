import Enrollment
import HTTPServer

/// Lets in who bears a token of sufficient role: 401 without a valid one, 403 with too little.
struct Gate: Sendable {
    let registry: Registry
    let role: AccessRole

    /// The name of the bearer.
    func admit(_ request: borrowing Request) throws -> String {
        let tokens = registry.accessTokens
        let bearer: AccessTokenRecord? = try request.withHeader("Authorization") { value in
            guard let value, Gate.isBearer(value) else { return nil }
            return tokens.bearer(of: value.extracting(droppingFirst: Gate.scheme.utf8CodeUnitCount))
        }
        guard let bearer else {
            throw Problem(
                .unauthorized, "This route wants a valid access token: Authorization: Bearer gosset_…",
                headers: ["WWW-Authenticate": "Bearer realm=\"gosset\""])
        }
        guard bearer.role >= role else {
            throw Problem(
                .forbidden, "The token '\(bearer.name)' is for the role \(bearer.role.rawValue); this route wants \(role.rawValue).")
        }
        return bearer.name
    }

    private static let scheme: StaticString = "bearer "

    /// Whether the header's value begins with the scheme, in any case (RFC 6750, section 2.1).
    private static func isBearer(_ value: Span<UInt8>) -> Bool {
        guard value.count > scheme.utf8CodeUnitCount else { return false }
        for index in 0..<scheme.utf8CodeUnitCount where value[index] | 0x20 != scheme.utf8Start[index] { return false }
        return true
    }
}
