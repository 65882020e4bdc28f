package import Analysis
package import Enrollment
import Events
package import Experiments
import Foundation
package import Notifications
import Synchronization
import Text
package import Warehouse

/// What is known of the experiments that have a plan, as of the data that arrived last.
///
/// Results are worked out when there is news in the warehouse, by whoever delivers it and on its connection, not when somebody asks; for at
/// most a tenth of the time, so that deliveries are not kept waiting. Verdicts are the always-valid analysis's, which may be looked at
/// at any time: see ``VerdictRule``.
package final class LiveResults: Sendable {
    /// The results of one experiment.
    package struct Results: Sendable {
        /// What was analysed.
        package let plan: String
        /// When the reports were made.
        package let computed: Timestamp
        /// For one look at the planned end; nil before there were data to analyse.
        package let fixedHorizon: AnalysisReport?
        /// For any look, with how differences went.
        package let alwaysValid: AnalysisReport?
        /// Why the reports are older than the data, or are not there.
        package let failure: String?
    }

    private struct State {
        var results: [ExperimentKey: Results] = [:]
        var verdicts: [ExperimentKey: VerdictRule] = [:]
        /// When results may be worked out next.
        var due = ContinuousClock.now
        /// The revision of the registry whose plans were analysed.
        var revision: UInt64?
    }

    private let registry: Registry
    private let courier: Courier?
    private let report: @Sendable (String) -> Void
    private let state = Mutex(State())

    /// - Parameters:
    ///   - courier: tells people of verdicts.
    ///   - report: is told of what went wrong, for the log.
    package init(registry: Registry, courier: Courier? = nil, report: @escaping @Sendable (String) -> Void = { _ in }) {
        self.registry = registry
        self.courier = courier
        self.report = report
    }

    /// What is known of an experiment; nil until its plan was looked at for the first time.
    package func results(of key: ExperimentKey) -> Results? { state.withLock { $0.results[key] } }

    /// What is thought of an experiment; nil until there was a verdict.
    package func verdict(of key: ExperimentKey) -> VerdictRule? { state.withLock { $0.verdicts[key] } }

    /// Takes in what is new in a warehouse; false if it is too early for that.
    package func refresh(_ warehouse: any Warehouse, exposed: Ordinal) async -> Bool {
        guard state.withLock({ ContinuousClock.now >= $0.due }) else { return false }
        let began = ContinuousClock.now
        for dealer in registry.snapshot.assigner.dealers {
            guard let text = dealer.experiment.plan, dealer.experiment.firstOrdinal != nil else { continue }
            await refresh(dealer, text, warehouse, exposed)
        }
        let now = ContinuousClock.now
        state.withLock { $0.due = now + max(.seconds(1), (now - began) * 9) }
        return true
    }

    private func refresh(_ dealer: Dealer, _ text: String, _ warehouse: any Warehouse, _ exposed: Ordinal) async {
        let experiment = dealer.experiment
        do {
            let live = try LivePlan(text, values: experiment.values)
            let weights = dealer.tally(below: exposed).lines.filter { $0.expected > 0 }
                .map { Plan.Weight(variant: $0.value, weight: $0.expected) }
            guard weights.count >= 2 else { throw AnalysisError.data("no device is in the experiment yet") }
            let excluded = registry.excluded(from: experiment)
            let plan = try live.plan(of: experiment.key, weights: weights, excluding: excluded, isAlwaysValid: false)
            let always = try live.plan(of: experiment.key, weights: weights, excluding: excluded, isAlwaysValid: true)
            let reports = try await LiveResults.reports(plan, [.init(method: plan.method), .init(method: always.method)], warehouse)
            let results = Results(
                plan: text, computed: Timestamp.now(), fixedHorizon: reports[0], alwaysValid: reports[1], failure: nil)
            state.withLock { $0.results[experiment.key] = results }
            await decide(experiment.key, reports[1].verdict)
        } catch {
            // What was found before stays, with when that was.
            state.withLock { state in
                let last = state.results[experiment.key]
                let isOfPlan = last?.plan == text
                state.results[experiment.key] = Results(
                    plan: text, computed: isOfPlan ? last?.computed ?? Timestamp.now() : Timestamp.now(),
                    fixedHorizon: isOfPlan ? last?.fixedHorizon : nil, alwaysValid: isOfPlan ? last?.alwaysValid : nil, failure: "\(error)")
            }
        }
    }

    private static func reports(
        _ plan: Plan, _ looks: [Analysis.Look], _ warehouse: any Warehouse
    ) async throws(AnalysisError) -> [AnalysisReport] {
        let session = Session(warehouse)
        let result: Result<[AnalysisReport], AnalysisError>
        do throws(AnalysisError) {
            let analysis = Analysis(plan, folder: "/nonexistent", session: session, prefersTables: true)
            result = .success(try await analysis.report(looks, withCourses: true))
        } catch {
            result = .failure(error)
        }
        try await session.dropTables()
        return try result.get()
    }

    // MARK: Verdicts

    private func decide(_ key: ExperimentKey, _ verdict: Verdict) async {
        do {
            var rule: VerdictRule
            if let known = state.withLock({ $0.verdicts[key] }) {
                rule = known
            } else {
                // What was decided before the server was started is in the audit log.
                let entries = try await registry.auditLog(AuditQuery(subject: key.text, limit: 1000))
                let stored = entries.first { $0.action == VerdictRule.action }?.after
                rule = stored.flatMap { VerdictRule(stored: $0) } ?? VerdictRule()
            }
            let before = rule.stored
            if rule.consider(verdict) {
                // First into the outbox, which takes the same news only once: a crash between the two repeats neither.
                await courier?.announce(rule.notice(key, verdict), topic: "verdict/\(key)", fingerprint: rule.stored)
                try await registry.note(actor: "gosset", action: VerdictRule.action, subject: key.text, before: before, after: rule.stored)
            }
            let decided = rule
            state.withLock { $0.verdicts[key] = decided }
        } catch {
            // Nothing was written down, so it is decided again with the next results.
            report("the verdict on \(key) could not be written down: \(error)")
        }
    }
}
