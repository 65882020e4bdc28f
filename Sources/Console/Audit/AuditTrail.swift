import Enrollment
import HTTPServer

/// A page of the audit log: entries, the newest first, and whether there are older ones.
struct AuditTrail: Sendable {
    static let length = 50

    let entries: [AuditEntry]
    /// The entry before which the next page begins; nil on the last.
    let next: Int64?

    /// What `?before=` of a request asks for.
    init(_ registry: Registry, _ request: borrowing Request, subject: String?) async throws {
        let before = try request.query("before", as: Int64.self)
        let entries = try await registry.auditLog(AuditQuery(subject: subject, before: before, limit: AuditTrail.length + 1))
        self.entries = Array(entries.prefix(AuditTrail.length))
        next = entries.count > AuditTrail.length ? self.entries.last?.id : nil
    }
}
