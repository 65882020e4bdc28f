package import Enrollment
package import Experiments
import HTTPServer

/// Who is looking: the sessions of those who signed in, kept by their browsers alone.
package struct Sessions: Sendable {
    private static let name = "gosset_session"
    /// Browsers take this name from HTTPS alone, and from nobody but the host itself (RFC 6265bis, section 4.1.3.2).
    private static let secureName = "__Host-gosset_session"

    let registry: Registry
    let now: @Sendable () -> Timestamp
    private let seal: SessionSeal

    package init(registry: Registry, now: @escaping @Sendable () -> Timestamp) {
        self.registry = registry
        self.now = now
        seal = registry.sessionSeal
    }

    /// Who sent the request, if somebody who is signed in did.
    func session(_ request: borrowing Request) -> Session? {
        let (tokens, now) = (registry.accessTokens, now())
        func open(_ texts: [String], isSecure: Bool) -> Session? {
            texts.lazy.compactMap { seal.open($0, tokens: tokens, now: now) }.first { $0.isSecure == isSecure }
        }
        return open(request.cookies(Sessions.secureName), isSecure: true) ?? open(request.cookies(Sessions.name), isSecure: false)
    }

    /// The cookie of whoever has just shown a token.
    func begin(_ record: AccessTokenRecord, isSecure: Bool) -> Cookie {
        let expires = Timestamp(milliseconds: now().milliseconds + Int64(Session.seconds) * 1000)
        return Cookie(
            name: isSecure ? Sessions.secureName : Sessions.name, value: seal.begin(record, until: expires, isSecure: isSecure),
            maxAge: Session.seconds, isSecure: isSecure)
    }

    /// The cookie that ends a session.
    func end(_ session: Session) -> Cookie {
        Cookie(name: session.isSecure ? Sessions.secureName : Sessions.name, value: "", maxAge: 0, isSecure: session.isSecure)
    }
}
