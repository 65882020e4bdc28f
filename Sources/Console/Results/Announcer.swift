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

    let registry: Registry
    let courier: Courier?

    /// What the log tells of an experiment, however much else happened since.
    ///
    /// What was to be told when the server ended is told now, if it came to be written down.
    func log(of key: ExperimentKey) async throws -> Log {
        let told = [ExperimentChange.planAction, VerdictRule.action, AlarmRule.action]
        return Log(entries: try await registry.auditLog(of: key.text).filter { told.contains($0.action) })
    }

    /// Whether a message about a topic is held back, as it is not known whether what it tells was written down.
    func isHolding(_ topic: String) async -> Bool { await courier?.isHolding(topic) ?? false }

    /// Lets go what is held back about a topic, or drops it where the log has it otherwise: what a server left that ended between the two.
    func settle(_ topic: String, _ action: String, by log: Log) async throws {
        guard let courier else { return }
        let written = Array(log.entries(of: action).reversed())
        for held in try await courier.held(topic) {
            let isWritten = held.number <= written.count && written[held.number - 1].after == held.fingerprint
            try await courier.settle(topic, held.number, isTold: isWritten)
        }
    }

    /// False if another server was first, which has told its own then.
    ///
    /// The message is held back in the outbox first, so that neither a crash nor a full disk loses it, and is let go when the log has the
    /// news, which it takes from one server only. What the outbox refuses is not written down as told.
    func announce(_ news: News, of key: ExperimentKey, after log: Log) async throws -> Bool {
        let count = log.entries(of: news.action).count
        try await courier?.hold(news.notice, topic: news.topic, number: count + 1, fingerprint: news.after)
        let isFirst = try await registry.note(
            actor: "gosset", action: news.action, subject: key.text, before: news.before, after: news.after, following: count)
        try await courier?.settle(news.topic, count + 1, isTold: isFirst)
        return isFirst
    }
}
