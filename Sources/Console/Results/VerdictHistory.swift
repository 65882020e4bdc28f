package import Enrollment
package import Experiments
import Foundation

/// What was decided about an experiment, and by which plan, as its audit log has it.
package struct VerdictHistory: Sendable {
    /// One change of the verdict.
    package struct Entry: Sendable, Hashable {
        /// What was thought from then on.
        package let rule: VerdictRule
        /// Since when.
        package let time: Timestamp
    }

    /// The changes, the newest first.
    package let entries: [Entry]

    /// Reads a log, the newest entry first, as it is stored.
    ///
    /// Verdicts that were stored before they said what plan they are about are about the one that was in force then: the log tells each change
    /// of it.
    /// - Parameter plan: the plan that is in force now.
    package init(_ log: [AuditEntry], plan: String?) {
        var (inForce, entries) = (plan, [Entry]())
        for entry in log {
            if entry.action == ExperimentChange.planAction {
                inForce = VerdictHistory.plan(entry.before)
            } else if entry.action == VerdictRule.action, var rule = entry.after.flatMap(VerdictRule.init(stored:)) {
                if rule.plan == nil { rule.plan = VerdictRule(plan: inForce).plan }
                entries.append(Entry(rule: rule, time: entry.time))
            }
        }
        self.entries = entries
    }

    /// The last that was decided by a plan.
    package func last(by plan: String) -> Entry? {
        let digest = VerdictRule(plan: plan).plan
        return entries.first { $0.rule.plan == digest }
    }

    /// The last that was decided by another plan than this one.
    package func last(butBy plan: String) -> Entry? {
        let digest = VerdictRule(plan: plan).plan
        return entries.first { $0.rule.plan != digest }
    }

    private static func plan(_ document: String?) -> String? {
        struct Document: Decodable { let plan: String? }
        return document.flatMap { try? JSONDecoder().decode(Document.self, from: Data($0.utf8)) }?.plan
    }
}
