package import Experiments

/// What is stored of a bearer token: everything but the token.
package struct AccessTokenRecord: Sendable, Hashable {
    /// Says in the audit log who acted.
    package let name: String
    package let role: AccessRole
    /// BLAKE2b-256 of the token.
    package let hash: [UInt8]
    package let created: Timestamp
    /// When it ceased to be valid.
    package var revoked: Timestamp?

    package init(name: String, role: AccessRole, hash: [UInt8], created: Timestamp, revoked: Timestamp? = nil) {
        self.name = name
        self.role = role
        self.hash = hash
        self.created = created
        self.revoked = revoked
    }
}

extension AccessTokenRecord: CustomStringConvertible, CustomReflectable {
    /// Without the hash, which belongs in no log.
    package var description: String { "\(name) (\(role.rawValue))" }

    package var customMirror: Mirror { Mirror(self, children: ["name": name, "role": role]) }
}
