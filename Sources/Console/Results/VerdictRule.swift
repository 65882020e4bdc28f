package import Analysis
package import Experiments
import Foundation
package import Notifications
import Text

/// When the verdict on an experiment changes: a value, told each new analysis.
///
/// - It begins with *keep running*.
/// - The always-valid analysis says *ship* or *do not ship* at any time with its error rate kept, so the first time it does counts, and
///   stays although later data may waver.
/// - *Invalid*, because a check of the data failed, replaces everything for as long as it lasts; then the analysis decides anew.
/// - It is about one plan: another plan asks something else, and has a rule of its own.
package struct VerdictRule: Sendable, Hashable {
    /// What the audit log calls a change.
    package static let action = "verdict"

    /// What is thought now.
    package private(set) var decision = Verdict.Decision.keepRunning
    /// The variant to ship, where one is.
    package private(set) var variant: String?
    /// The plan that it is about, by the digest of its text; nil in what was stored before verdicts said so.
    package internal(set) var plan: String?

    /// A rule that has seen no analysis yet.
    package init(plan: String? = nil) { self.plan = plan.map { PlanSight($0).text } }

    /// A rule as it was stored; nil if the text is none.
    package init?(stored: String) {
        struct Stored: Decodable {
            let decision: String
            let variant: String?
            let plan: String?
        }
        guard let stored = try? JSONDecoder().decode(Stored.self, from: Data(stored.utf8)),
            let decision = Verdict.Decision(rawValue: stored.decision)
        else { return nil }
        (self.decision, variant, plan) = (decision, stored.variant, stored.plan)
    }

    /// As the audit log keeps it: a JSON object.
    package var stored: String { stored(by: nil) }

    /// The same with the server that writes it.
    package func stored(by server: String?) -> String {
        let members: [(String, JSONValue)] = [
            ("decision", .string(decision.rawValue)), ("variant", variant.map { .string($0) } ?? .null),
        ]
        let more = [("plan", plan), ("server", server)].compactMap { name, text in text.map { (name, JSONValue.string($0)) } }
        return JSONValue.object(members + more).description
    }

    /// What is thought, in words: `ship ‘b’`.
    var words: String { decision.rawValue + (variant.map { " ‘\($0)’" } ?? "") }

    /// Takes in what an analysis says; true if the verdict changed.
    package mutating func consider(_ verdict: Verdict) -> Bool {
        let before = self
        switch (decision, verdict.decision) {
        case (.ship, .keepRunning), (.ship, .doNotShip), (.ship, .ship), (.doNotShip, .keepRunning), (.doNotShip, .ship): break
        default: (decision, variant) = (verdict.decision, verdict.variant)
        }
        return self != before
    }

    /// Whether an analysis would change the verdict.
    func isNews(_ verdict: Verdict) -> Bool {
        var rule = self
        return rule.consider(verdict)
    }

    /// What people are told of a change.
    package func notice(_ key: ExperimentKey, _ verdict: Verdict) -> Notice {
        let title = "\(key): \(decision.rawValue)" + (variant.map { " '\($0)'" } ?? "")
        return Notice(title: title, paragraphs: [verdict.text, verdict.changes].filter { !$0.isEmpty })
    }
}
