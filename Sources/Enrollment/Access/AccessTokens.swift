/// The tokens of one revision, ready to be asked who a bearer is.
package struct AccessTokens: Sendable {
    private let records: [AccessTokenRecord]

    package init(_ records: [AccessTokenRecord] = []) {
        self.records = records
    }

    /// The tokens that were ever made, revoked ones too.
    package var all: [AccessTokenRecord] { records }

    /// Whether anybody can get in at all.
    package var hasAdministrator: Bool { records.contains { $0.role == .admin && $0.revoked == nil } }

    /// Who presents this token, or nil.
    ///
    /// Every stored hash is compared in constant time, and none is left out after a match, so that the time of an answer tells nothing
    /// about which token was near.
    package func bearer(of secret: Span<UInt8>) -> AccessTokenRecord? {
        guard secret.count <= AccessToken.maximumLength else { return nil }
        let hash = AccessToken.hash(of: secret)
        var bearer: AccessTokenRecord?
        for record in records {
            let matches = Sodium.equal(hash, record.hash)
            if matches, record.revoked == nil { bearer = record }
        }
        return bearer
    }

    /// Who presents this token, or nil.
    package func bearer(of secret: String) -> AccessTokenRecord? { bearer(of: secret.utf8.span) }

    /// The valid token of a name, or nil.
    package func valid(named name: String) -> AccessTokenRecord? { records.first { $0.name == name && $0.revoked == nil } }
}
