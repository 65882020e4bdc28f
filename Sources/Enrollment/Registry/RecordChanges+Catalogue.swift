import Experiments
import Foundation

/// What a layer or a holdout is called in the store.
enum ArrangementKind: String {
    case layer, holdout
}

extension RegistryRecords {
    /// The documents of one kind.
    func arrangements(_ kind: ArrangementKind) -> [ArrangementDocument] { arrangements.filter { $0.id.kind == kind.rawValue } }
}

extension RecordChanges {
    /// What has to be written so that one catalogue becomes the other, with what the audit log says about it.
    init(from before: Catalogue, to after: Catalogue, time: Timestamp, actor: String, action: String) throws {
        self.init()
        let experiments = try Difference(before.experiments, after.experiments) { $0.key.text }
        self.experiments = experiments.written.map { ExperimentDocument(key: $0.name, json: $0.json) }
        removedExperiments = experiments.removed
        audit += experiments.lines.map { AuditEntry(time: time, actor: actor, action: action, subject: $0, before: $1, after: $2) }
        let layers = try Difference(before.layers, after.layers) { $0.name.text }
        let holdouts = try Difference(before.holdouts, after.holdouts) { $0.name.text }
        for (kind, difference) in [(ArrangementKind.layer.rawValue, layers), (ArrangementKind.holdout.rawValue, holdouts)] {
            arrangements += difference.written.map { ArrangementDocument(id: .init(kind: kind, name: $0.name), json: $0.json) }
            removedArrangements += difference.removed.map { .init(kind: kind, name: $0) }
            audit += difference.lines.map { name, before, after in
                AuditEntry(time: time, actor: actor, action: action, subject: "\(kind)/\(name)", before: before, after: after)
            }
        }
    }
}

/// What is new, other than before, or gone, in two lists of things with names.
private struct Difference {
    var written: [(name: String, json: String)] = []
    var removed: [String] = []
    /// What the audit log says: names, and JSON without the secrets, with which people could tell the next variant.
    var lines: [(name: String, before: String?, after: String?)] = []

    init<Value: Encodable & Hashable & Sendable>(_ before: [Value], _ after: [Value], name: (Value) -> String) throws {
        let old = Dictionary(uniqueKeysWithValues: before.map { (name($0), $0) })
        for value in after where old[name(value)] != value {
            written.append((name(value), try Difference.document(value)))
            var former: String?
            if let old = old[name(value)] { former = try Difference.withoutSecret(old) }
            lines.append((name(value), former, try Difference.withoutSecret(value)))
        }
        let kept = Set(after.map(name))
        for value in before where !kept.contains(name(value)) {
            removed.append(name(value))
            lines.append((name(value), try Difference.withoutSecret(value), nil))
        }
    }

    private static func document(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    private static func withoutSecret(_ value: some Encodable) throws -> String {
        let members = try JSONSerialization.jsonObject(with: Data(document(value).utf8)) as? [String: Any]
        let shown = members?.filter { $0.key != "secret" } ?? [:]
        return String(
            decoding: try JSONSerialization.data(withJSONObject: shown, options: [.sortedKeys, .withoutEscapingSlashes]), as: UTF8.self)
    }
}
