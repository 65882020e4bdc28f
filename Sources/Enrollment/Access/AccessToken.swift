import CSodium

/// A bearer token in the clear: shown once, then known only to its bearer.
package struct AccessToken: Sendable {
    /// The shortest token that an operator may choose.
    package static let minimumLength = 24

    /// The longest; longer input is refused before it is hashed.
    package static let maximumLength = 512

    /// The token itself.
    ///
    /// Show it to whom it belongs and keep it nowhere.
    package let secret: String

    /// Takes a token of the operator's choice.
    package init(_ secret: String) throws(AccessTokenError) {
        let length = secret.utf8.count
        guard length >= Self.minimumLength else { throw .tooShort(length: length) }
        guard length <= Self.maximumLength else { throw .tooLong(length: length) }
        guard secret.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { throw .notVisibleASCII }
        self.secret = secret
    }

    private init(unchecked secret: String) { self.secret = secret }

    /// Makes a token of 256 random bits: `gosset_` and 43 characters of URL-safe base 64.
    package static func random() -> AccessToken {
        Sodium.start()
        var bytes = [UInt8](repeating: 0, count: 32)
        randombytes_buf(&bytes, bytes.count)
        return AccessToken(unchecked: "gosset_" + Sodium.base64URL(bytes))
    }

    /// What is stored instead of the token.
    ///
    /// BLAKE2b-256, not a slow password hash: a token has the entropy that passwords lack, and it is verified on every request.
    package var hash: [UInt8] { Self.hash(of: secret.utf8.span) }

    static func hash(of secret: Span<UInt8>) -> [UInt8] {
        Sodium.start()
        var hash = [UInt8](repeating: 0, count: 32)
        secret.withUnsafeBufferPointer { secret in
            // Fails only for lengths that are out of its range; 32 is in it.
            _ = crypto_generichash(&hash, hash.count, secret.baseAddress, UInt64(secret.count), nil, 0)
        }
        return hash
    }
}

extension AccessToken: CustomStringConvertible, CustomReflectable {
    /// Never the token itself.
    package var description: String { "AccessToken(hidden)" }

    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// Why a token of the operator's choice is refused.
package enum AccessTokenError: Error, Sendable, Hashable {
    case tooShort(length: Int)
    case tooLong(length: Int)
    case notVisibleASCII
}

extension AccessTokenError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .tooShort(let length):
            "The access token has \(length) characters; at least \(AccessToken.minimumLength) are required."
        case .tooLong(let length):
            "The access token has \(length) characters; at most \(AccessToken.maximumLength) are accepted."
        case .notVisibleASCII:
            "The access token must consist of visible ASCII characters without spaces."
        }
    }
}
