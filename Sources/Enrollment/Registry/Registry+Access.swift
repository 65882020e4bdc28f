import Experiments

/// Why a token was not given out or revoked.
package enum AccessChangeError: Error, Sendable, Hashable {
    case nameTaken(String)
    case unknownName(String)
    /// Nobody could give out tokens any more.
    case lastAdministrator(String)
    case invalidName(String)
}

extension AccessChangeError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .nameTaken(let name): "There is an access token '\(name)' already; revoke it first or choose another name."
        case .unknownName(let name): "There is no valid access token '\(name)'."
        case .lastAdministrator(let name): "'\(name)' is the last administrator's token; make another one before it is revoked."
        case .invalidName(let name): "The name '\(name.prefix(80))' is not allowed: use 1 to 64 of the characters A-Z a-z 0-9 . _ -"
        }
    }
}

extension Registry {
    /// Who may do what.
    package var accessTokens: AccessTokens { memory.accessTokens }

    /// Makes a token valid.
    ///
    /// To make the same one valid again under the same name changes nothing.
    ///
    /// - Parameter replacing: whether another token of this name ceases to be valid; otherwise it is in the way.
    package func grantAccess(
        to name: String, as role: AccessRole, token: AccessToken, replacing: Bool = false, actor: String
    ) async throws {
        guard (try? ExperimentKey(name)) != nil else { throw AccessChangeError.invalidName(name) }
        let hash = token.hash
        let now = options.now
        try await changeAccess(actor: actor, action: "grant access") { records in
            if let present = records.first(where: { $0.name == name }), present.revoked == nil {
                if present.hash == hash, present.role == role { return nil }
                guard replacing else { throw AccessChangeError.nameTaken(name) }
            }
            return AccessTokenRecord(name: name, role: role, hash: hash, created: now())
        }
    }

    /// Makes a token invalid, for ever, unless it is the last administrator's.
    package func revokeAccess(of name: String, actor: String) async throws {
        let now = options.now
        try await changeAccess(actor: actor, action: "revoke access") { records in
            guard var record = records.first(where: { $0.name == name }), record.revoked == nil else {
                throw AccessChangeError.unknownName(name)
            }
            if record.role == .admin, records.count(where: { $0.role == .admin && $0.revoked == nil }) == 1 {
                throw AccessChangeError.lastAdministrator(name)
            }
            record.revoked = now()
            return record
        }
    }

    private func changeAccess(
        actor: String, action: String, _ body: @escaping @Sendable ([AccessTokenRecord]) throws -> AccessTokenRecord?
    ) async throws {
        let now = options.now
        try await perform { writer in
            let records = try writer.store.change { records, _ in
                guard let record = try body(records.accessTokens) else { return RecordChanges() }
                let before = records.accessTokens.first { $0.name == record.name && $0.revoked == nil }
                let entry = AuditEntry(
                    time: now(), actor: actor, action: action, subject: record.name,
                    before: before?.auditText, after: record.revoked == nil ? record.auditText : nil)
                return RecordChanges(accessTokens: [record], audit: [entry])
            }
            try writer.memory.publish(records)
        }
    }
}

extension AccessTokenRecord {
    fileprivate var auditText: String { #"{"role":"\#(role.rawValue)"}"# }
}
