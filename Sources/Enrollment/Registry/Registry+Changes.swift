package import Experiments
import Foundation

/// What a change may need to know besides the catalogue.
package struct ChangeContext: Sendable, Hashable {
    /// The first ordinal that the change will be in force for.
    package let nextOrdinal: Ordinal
    /// When the change is made.
    package let now: Timestamp
    /// How many changes there were before: 0 in a registry that was just made.
    package let revision: UInt64
}

extension Registry {
    /// Changes experiments: durable, in force and in the audit log when this returns.
    ///
    /// The body is given the latest catalogue, which no server can change meanwhile, and may refuse by throwing; then nothing has happened.
    /// It may run more than once, or on a server that fails afterwards, so it should do nothing but change the catalogue.
    package func change<Value: Sendable>(
        actor: String, action: String, _ body: @escaping @Sendable (inout Catalogue, ChangeContext) throws -> Value
    ) async throws -> Value {
        let now = options.now
        return try await perform { writer in
            var value: Value?
            let records = try writer.store.change { records, nextOrdinal in
                let context = ChangeContext(nextOrdinal: nextOrdinal, now: now(), revision: records.revision)
                let before = try records.catalogue()
                var after = before
                value = try body(&after, context)
                return try RecordChanges(from: before, to: after, time: context.now, actor: actor, action: action)
            }
            try writer.memory.publish(records)
            guard let value else { throw StoreError(.rejected, "The store did not make the change") }
            return value
        }
    }

    /// Writes something into the audit log that changes no experiment.
    package func note(actor: String, action: String, subject: String, before: String? = nil, after: String? = nil) async throws {
        let entry = AuditEntry(time: options.now(), actor: actor, action: action, subject: subject, before: before, after: after)
        try await perform { writer in
            try writer.memory.publish(try writer.store.change { _, _ in RecordChanges(audit: [entry]) })
        }
    }

    /// Writes into the audit log what is the next of its kind about a subject, unless another server was first: then false.
    ///
    /// - Parameter last: the number of the latest entry of the action about the subject, as far as is known; nil if there is none.
    @discardableResult package func note(
        actor: String, action: String, subject: String, before: String?, after: String?, following last: Int64?
    ) async throws -> Bool {
        let entry = AuditEntry(time: options.now(), actor: actor, action: action, subject: subject, before: before, after: after)
        return try await perform { writer in
            var isFirst = false
            // Within the change nobody else writes, so that what is the last is the one before this.
            let records = try writer.store.change { _, _ in
                let latest = try writer.store.auditLog(AuditQuery(subject: subject, actions: [action], limit: 1)).first
                isFirst = latest?.id == last
                return RecordChanges(audit: isFirst ? [entry] : [])
            }
            try writer.memory.publish(records)
            return isFirst
        }
    }

    /// The entries of the audit log, newest first.
    package func auditLog(_ query: AuditQuery = AuditQuery()) async throws -> [AuditEntry] {
        try await perform { try $0.store.auditLog(query) }
    }

    /// All entries of the audit log about a subject that are of some actions, newest first, however many.
    package func auditLog(of subject: String, actions: [String]) async throws -> [AuditEntry] {
        var (found, query) = ([AuditEntry](), AuditQuery(subject: subject, actions: actions, limit: 1000))
        while true {
            let page = try await auditLog(query)
            found += page
            guard page.count == query.limit, let last = page.last?.id else { return found }
            query.before = last
        }
    }
}
