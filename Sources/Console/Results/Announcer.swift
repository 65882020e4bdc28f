import Enrollment
import Experiments
import Notifications

/// Writes what changed about an experiment into the audit log, and has people told of it, once.
struct Announcer: Sendable {
    let registry: Registry
    let courier: Courier?

    /// The last of an experiment's entries of an action that can be read; what was decided before the server was started.
    func last<Value>(_ action: String, of key: ExperimentKey, _ read: (String, Timestamp) -> Value?) async throws -> Value? {
        for entry in try await log(of: key) where entry.action == action {
            if let value = entry.after.flatMap({ read($0, entry.time) }) { return value }
        }
        return nil
    }

    /// What the log tells of an experiment's plans, verdicts and alarms, the newest first, however much else happened since.
    func log(of key: ExperimentKey) async throws -> [AuditEntry] {
        var (found, query) = ([AuditEntry](), AuditQuery(subject: key.text, limit: 1000))
        while true {
            let page = try await registry.auditLog(query)
            found += page.filter { [ExperimentChange.planAction, VerdictRule.action, AlarmRule.action].contains($0.action) }
            guard page.count == query.limit, let last = page.last?.id else { return found }
            query.before = last
        }
    }

    func announce(
        _ notice: Notice, topic: String, _ action: String, of key: ExperimentKey, before: String, after: String
    ) async throws {
        // First into the outbox, which takes the same news only once: a crash between the two repeats neither. What the outbox refuses is not
        // written down as told.
        try await courier?.announce(notice, topic: "\(topic)/\(key)", fingerprint: after)
        try await registry.note(actor: "gosset", action: action, subject: key.text, before: before, after: after)
    }
}
