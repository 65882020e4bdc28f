package import Enrollment
import Foundation

/// What an entry of the audit log says, in words: what was done, and what was other before.
///
/// What it does not know by name it tells member by member, so nothing that is in the log is hidden.
package struct AuditWords {
    private let action: String
    private let subject: String
    private let before: [String: Any]
    private let after: [String: Any]

    /// Reads what is before and after.
    package init(_ entry: AuditEntry) {
        (action, subject) = (entry.action, entry.subject)
        (before, after) = (AuditWords.members(entry.before), AuditWords.members(entry.after))
    }

    /// One or two sentences.
    package var text: String {
        switch action {
        case "create" where after["epochs"] == nil: "Made it" + (differences.isEmpty ? "." : ": \(differences.joined(separator: "; ")).")
        case "release": "Released the holdout: its devices get the winners of experiments that are finished, now or later."
        case "create", "create example", "begin":
            (ordinal.map { "Created it, and started it at device number \($0 + 1)" } ?? "Created the draft") + ": \(shares(after) ?? "…")."
        case "edit": "Edited the draft" + (edited.isEmpty ? "." : ": \(edited.joined(separator: ", ")).")
        case "start": "Started it" + (ordinal.map { " at device number \($0 + 1)" } ?? "") + ": \(shares(after) ?? "…")."
        case "pause": "Paused it: nobody new gets in."
        case "resume": "Resumed it: new devices get in again."
        case "change variants": "Changed the weights from \(shares(before) ?? "…") to \(shares(after) ?? "…")."
        case "finish":
            "Finished it" + ((after["winner"] as? String).map { " with the winner ‘\($0)’." } ?? " without a winner.")
        case ExperimentChange.planAction:
            switch (before["plan"] as? String, after["plan"] as? String) {
            case (nil, _?): "Wrote a plan."
            case (_?, nil): "Took the plan away."
            default: "Changed the plan."
            }
        case "delete" where before["epochs"] == nil: "Took it out: nobody was in it."
        case "delete": "Threw the draft away."
        case "force value":
            "Gave the device of a tester (\(unit(forcedLast))) the value ‘\(forcedLast?["value"] as? String ?? "…")’; it counts for nothing."
        case "release value": "Gave the device of a tester (\(unit(released))) what it is dealt again."
        case "forget" where subject.hasPrefix("person"):
            "Forgot this person, and which devices were theirs. What the devices were dealt stays counted, under names that nobody knows."
        case "forget": "Forgot this device. What it was dealt stays counted, under a name that nobody knows."
        case "back up": "Made a backup."
        case "grant access": "Got access as \(after["role"] as? String ?? "…")" + (before.isEmpty ? "." : ", with another token.")
        case "revoke access": "Lost access; it was \(before["role"] as? String ?? "…")."
        case "verdict":
            "The verdict became “\(verdict(after) ?? "…")”" + (verdict(before).map { "; it was “\($0)”." } ?? ".")
                + ((after["plan"] as? String).map { " It is about the plan \(PlanSight(text: $0).name)." } ?? "")
        default: AuditWords.capitalized(action) + (differences.isEmpty ? "." : ": \(differences.joined(separator: "; ")).")
        }
    }

    /// By what verdicts name the plan that is in force from then on, in words; nil where no plan was written.
    package var planName: String? {
        guard action == ExperimentChange.planAction, let plan = after["plan"] as? String else { return nil }
        return "Verdicts name this plan \(PlanSight(plan).name)."
    }

    /// The parts of a draft that are other than before.
    private var edited: [String] {
        let parts = [
            ("summary", "hypothesis"), ("epochs", "variants"), ("layer", "layer"), ("holdout", "holdout"), ("targeting", "conditions"),
            ("plan", "plan"),
        ]
        return parts.filter { (before[$0.0] as? NSObject) != (after[$0.0] as? NSObject) }.map(\.1)
    }

    private func shares(_ document: [String: Any]) -> String? {
        guard let epoch = (document["epochs"] as? [[String: Any]])?.last, let variants = epoch["allocation"] as? [[String: Any]] else {
            return nil
        }
        let weights = variants.map { ($0["weight"] as? NSNumber)?.doubleValue ?? 0 }
        let sum = weights.reduce(0, +)
        guard sum > 0 else { return nil }
        return zip(variants, weights).map { "‘\($0["value"] as? String ?? "")’ \(Numbers.percent(100 * $1 / sum))" }.joined(separator: ", ")
    }

    private var ordinal: UInt64? { (after["firstOrdinal"] as? NSNumber)?.uint64Value }

    private func verdict(_ document: [String: Any]) -> String? {
        (document["decision"] as? String).map { $0 + ((document["variant"] as? String).map { " ‘\($0)’" } ?? "") }
    }

    private var forcedLast: [String: Any]? { forced(after).last { $0["value"] is String } }

    /// Whose value was forced before, and is not any more.
    private var released: [String: Any]? {
        let still = Set(forced(after).filter { $0["value"] is String }.compactMap { $0["unit"] as? String })
        return forced(before).first { $0["value"] is String && !still.contains($0["unit"] as? String ?? "") }
    }

    private func forced(_ document: [String: Any]) -> [[String: Any]] { document["forcedUnits"] as? [[String: Any]] ?? [] }

    /// The first digits of the hash by which the log knows a device.
    private func unit(_ entry: [String: Any]?) -> String { (entry?["unit"] as? String).map { $0.prefix(8) + "…" } ?? "…" }

    /// The members that are other than before.
    private var differences: [String] {
        Set(before.keys).union(after.keys).sorted().compactMap { key in
            // Compared whole: what is cut off may be what is other.
            guard (before[key] as? NSObject) != (after[key] as? NSObject) else { return nil }
            let (old, new) = (AuditWords.short(before[key]), AuditWords.short(after[key]))
            return old.map { old in new.map { "\(key) \(old) → \($0)" } ?? "no \(key) any more (\(old))" } ?? new.map { "\(key) \($0)" }
        }
    }

    private static func members(_ text: String?) -> [String: Any] {
        text.map { AuditDocument($0).members } ?? [:]
    }

    /// A value as JSON, not longer than a line.
    private static func short(_ value: Any?) -> String? {
        guard let value, !(value is NSNull) else { return nil }
        let options: JSONSerialization.WritingOptions = [.fragmentsAllowed, .sortedKeys, .withoutEscapingSlashes]
        guard let data = try? JSONSerialization.data(withJSONObject: value, options: options) else { return nil }
        let text = String(decoding: data, as: UTF8.self)
        return text.count > 120 ? text.prefix(120) + "…" : text
    }

    private static func capitalized(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }

    /// JSON with a line for each member.
    static func pretty(_ text: String?) -> String {
        guard let text = text.map({ AuditDocument($0).text }) else { return "–" }
        guard let value = try? JSONSerialization.jsonObject(with: Data(text.utf8), options: [.fragmentsAllowed]),
            let data = try? JSONSerialization.data(
                withJSONObject: value, options: [.fragmentsAllowed, .prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
        else { return text }
        return String(decoding: data, as: UTF8.self)
    }
}
