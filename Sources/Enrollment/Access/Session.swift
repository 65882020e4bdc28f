package import Experiments

/// Somebody who signed in on the pages: under which access token, in which role, and until when.
package struct Session: Sendable, Hashable {
    /// For how long one is signed in.
    package static let seconds = 12 * 60 * 60

    /// The access token's name, which the audit log says.
    package let name: String
    /// What the token allows now, not when the session began.
    package let role: AccessRole
    /// When it ends by itself.
    package let expires: Timestamp
    /// Whether its cookie travels over HTTPS alone.
    package let isSecure: Bool
    /// What every form of the session sends along: another site cannot read it, so it cannot make a browser send it.
    package let formToken: String
    /// The hash of the access token that it began with.
    let tokenHash: [UInt8]

    /// Whether it lasts still: asked again and again by what lives as long as a page that is open.
    package func isValid(by tokens: AccessTokens, at now: Timestamp) -> Bool {
        // Another token of the same name is somebody else's.
        Session.lasts(until: expires, at: now) && tokens.valid(named: name).map { Sodium.equal($0.hash, tokenHash) } ?? false
    }

    /// Whether a session that ends then is one now: not, too, if it could only begin later, by a clock that was ahead.
    static func lasts(until expires: Timestamp, at now: Timestamp) -> Bool {
        let (left, skew) = (expires.milliseconds - now.milliseconds, Int64(5 * 60))
        return left > 0 && left <= (Int64(seconds) + skew) * 1000
    }

    /// Whether a form was made for this session; compared in constant time.
    package func accepts(formToken other: String) -> Bool {
        Sodium.equal(Array(formToken.utf8), Array(other.utf8))
    }
}

extension Session: CustomStringConvertible, CustomReflectable {
    /// Without the form's token, which belongs in no log.
    package var description: String { "\(name) (\(role.rawValue))" }

    package var customMirror: Mirror { Mirror(self, children: ["name": name, "role": role]) }
}
