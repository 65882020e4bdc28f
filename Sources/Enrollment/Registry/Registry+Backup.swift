import Experiments

extension Registry {
    /// Copies the registry while it is in use, and returns when the copy is durable.
    ///
    /// First contacts go on: the copy is taken in small steps between their commits, and holds everything that was answered before it
    /// was asked for. One backup at a time. It is in the audit log, because the copy holds every secret of the registry.
    ///
    /// - Throws: ``BackupError`` when there is no backup, ``EnrollmentError`` when the registry itself cannot be written.
    package func backUp(actor: String) async throws -> BackupReport {
        let now = options.now()
        let name = "registry-\(now.description.replacing(":", with: "-")).db"
        try await perform { writer in
            try writer.beginBackup(name: name)
            let entry = AuditEntry(time: now, actor: actor, action: "back up", subject: name, before: nil, after: nil)
            try writer.memory.publish(try writer.store.change { _, _ in RecordChanges(audit: [entry]) })
        }
        while true {
            if let report = try await perform({ try $0.advanceBackup() }) { return report }
        }
    }
}
