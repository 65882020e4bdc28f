import Enrollment
import Experiments
import Notifications

/// Writes what changed about an experiment into the audit log, and has people told of it, once.
struct Announcer: Sendable {
    /// A change about an experiment: a verdict, or an alarm that begins or ends.
    struct News {
        /// What the audit log calls it.
        let action: String
        let topic: String
        let before: String
        let after: String
        let notice: Notice
    }

    /// What an experiment's audit log tells of its plans, verdicts and alarms, the newest first.
    struct Log {
        let entries: [AuditEntry]

        func entries(of action: String) -> [AuditEntry] { entries.filter { $0.action == action } }
    }

    private static let actions = [ExperimentChange.planAction, VerdictRule.action, AlarmRule.action]

    let registry: Registry
    let courier: Courier?

    /// Who writes, so that each of several servers knows its own entries; nil where nobody is told.
    var identity: String? { courier?.identity }

    /// What the log tells of an experiment, however much else happened since; and what of that is still held back is told.
    func log(of key: ExperimentKey) async throws -> Log {
        let log = Log(entries: try await registry.auditLog(of: key.text, actions: Announcer.actions))
        try await settle(key.text, by: log)
        return log
    }

    /// Tells what a server that ended, or could not reach the registry, has held back, where the log has it.
    func settle() async throws {
        for subject in Set(try await courier?.held().map(\.subject) ?? []).sorted() {
            try await settle(subject, by: Log(entries: try await registry.auditLog(of: subject, actions: Announcer.actions)))
        }
    }

    /// Lets go what is held back about an experiment and was written down, and drops what another server was first to write.
    private func settle(_ subject: String, by log: Log) async throws {
        guard let courier else { return }
        for held in try await courier.held() where held.subject == subject {
            let written = Array(log.entries(of: held.action).reversed())
            // What is not written yet may be on its way.
            guard held.number <= written.count else { continue }
            try await courier.settle(held, isTold: written[held.number - 1].after == held.fingerprint)
        }
    }

    /// Writes news down, unless another server was first, and holds its message back until the log is read again.
    ///
    /// Held back in the outbox first, neither a crash nor a full disk loses it: what the outbox refuses is not written down as told.
    func announce(_ news: News, of key: ExperimentKey, after log: Log) async throws {
        let entries = log.entries(of: news.action)
        try await courier?.hold(
            news.notice,
            Outbox.Held(topic: news.topic, number: entries.count + 1, action: news.action, subject: key.text, fingerprint: news.after))
        try await registry.note(
            actor: "gosset", action: news.action, subject: key.text, before: news.before, after: news.after, following: entries.first?.id)
    }
}
