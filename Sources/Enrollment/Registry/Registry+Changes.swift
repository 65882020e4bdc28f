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
                let before = try RegistrySnapshot(records).catalogue
                var after = before
                value = try body(&after, context)
                return try RecordChanges(from: before, to: after, time: context.now, actor: actor, action: action)
            }
            writer.memory.publish(try RegistrySnapshot(records))
            guard let value else { throw StoreError(.rejected, "The store did not make the change") }
            return value
        }
    }

    /// Writes something into the audit log that changes no experiment.
    package func note(actor: String, action: String, subject: String, before: String? = nil, after: String? = nil) async throws {
        let entry = AuditEntry(time: options.now(), actor: actor, action: action, subject: subject, before: before, after: after)
        try await perform { writer in
            writer.memory.publish(try RegistrySnapshot(try writer.store.change { _, _ in RecordChanges(audit: [entry]) }))
        }
    }

    /// The entries of the audit log, newest first.
    package func auditLog(_ query: AuditQuery = AuditQuery()) async throws -> [AuditEntry] {
        try await perform { try $0.store.auditLog(query) }
    }
}

extension RecordChanges {
    /// What has to be written so that one catalogue becomes the other.
    fileprivate init(from before: Catalogue, to after: Catalogue, time: Timestamp, actor: String, action: String) throws {
        self.init()
        let old = Dictionary(uniqueKeysWithValues: before.experiments.map { ($0.key, $0) })
        for experiment in after.experiments where old[experiment.key] != experiment {
            experiments.append(ExperimentDocument(key: experiment.key.text, json: try JSON.document(experiment)))
            audit.append(
                AuditEntry(
                    time: time, actor: actor, action: action, subject: experiment.key.text,
                    before: try old[experiment.key].map(JSON.withoutSecret), after: try JSON.withoutSecret(experiment)))
        }
        let kept = Set(after.experiments.map(\.key))
        for experiment in before.experiments where !kept.contains(experiment.key) {
            removedExperiments.append(experiment.key.text)
            audit.append(
                AuditEntry(
                    time: time, actor: actor, action: action, subject: experiment.key.text, before: try JSON.withoutSecret(experiment)))
        }
    }
}

private enum JSON {
    static func document(_ experiment: Experiment) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(experiment), as: UTF8.self)
    }

    /// For the audit log, which people read: with the secret they could tell the next variant.
    static func withoutSecret(_ experiment: Experiment) throws -> String {
        let members = try JSONSerialization.jsonObject(with: Data(document(experiment).utf8)) as? [String: Any]
        let shown = members?.filter { $0.key != "secret" } ?? [:]
        return String(
            decoding: try JSONSerialization.data(withJSONObject: shown, options: [.sortedKeys, .withoutEscapingSlashes]), as: UTF8.self)
    }
}
