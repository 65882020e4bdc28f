package import Analysis
package import Enrollment
package import Events
package import Experiments
import Foundation
package import Notifications
import Synchronization
import Text
package import Warehouse

/// What is known of the experiments that have a plan, as of the data that arrived last.
///
/// Results are worked out when there is news in the warehouse, not when somebody asks; on a connection of their own, and for a quarter of the
/// time, or more where they take longer than ten seconds. Verdicts are the always-valid analysis's, which may be looked at at any time: see
/// ``VerdictRule``. Alarms about the data are checks of that analysis, and are told by themselves: see ``AlarmRule``.
package final class LiveResults: Sendable {
    /// The results of one experiment.
    package struct Results: Sendable {
        /// What was analysed.
        package let plan: String
        /// When the reports were made.
        package let computed: Timestamp
        /// How long that took.
        package var duration: Duration = .zero
        /// For one look at the planned end; nil before there were data to analyse.
        package var fixedHorizon: AnalysisReport?
        /// For any look, with how differences went.
        package var alwaysValid: AnalysisReport?
        /// How far it is on the way to the planned size.
        package var size: PlannedSize?
        /// Whether units reach the analysis as they were dealt.
        package var arrivals: ArrivalWatch?
        /// Facts of the plan of which no unit told anything that counts.
        package var silentFacts: [String] = []
        /// The names of their events, where those are not their own.
        package var events: [String: String] = [:]
        /// Whether units told of other facts of the plan.
        package var hasOtherFacts = false
        /// Why the reports are older than the data, or are not there.
        package var failure: String?

        init(plan: String, computed: Timestamp = .now()) { (self.plan, self.computed) = (plan, computed) }
    }

    private struct State {
        var results: [ExperimentKey: Results] = [:]
        var verdicts: [ExperimentKey: Known] = [:]
        var alarms: [Alarm: AlarmRule] = [:]
        /// The news that an experiment's results were worked out from.
        var taken: [ExperimentKey: UInt64] = [:]
        /// Why no results at all can be worked out, and since when.
        var obstacle: Obstacle?
        /// When results may be worked out next.
        var due = ContinuousClock.now
    }

    /// What is thought of an experiment, and since when; nil as long as it has thought nothing else than at first.
    package struct StandingVerdict: Sendable {
        package let rule: VerdictRule
        package let since: Timestamp?
    }

    /// Why there is no news of any experiment, though the program runs.
    package struct Obstacle: Hashable, Sendable {
        package let reason: String
        package let since: Timestamp
    }

    /// What is thought by a plan, and what was by the one before.
    private struct Known {
        let plan: String
        /// Nil until there was a verdict.
        var standing: StandingVerdict?
        var earlier: VerdictHistory.Entry?
    }

    /// The log had it otherwise each time it was read: servers that contradict each other must not write without end.
    private struct Unsettled: Error, CustomStringConvertible {
        var description: String { "other servers, or another build of this one, write something else each time" }
    }

    /// How often news is considered anew, as the log has something else.
    private static let attempts = 8

    private struct Alarm: Hashable {
        let key: ExperimentKey
        let name: String
    }

    let registry: Registry
    private let announcer: Announcer
    let report: @Sendable (String) -> Void
    private let state = Mutex(State())

    /// - Parameters:
    ///   - courier: tells people of verdicts and alarms.
    ///   - report: is told of what went wrong, for the log.
    package init(registry: Registry, courier: Courier? = nil, report: @escaping @Sendable (String) -> Void = { _ in }) {
        self.registry = registry
        self.report = report
        announcer = Announcer(registry: registry, courier: courier)
    }

    /// What is known of an experiment; nil until its plan was looked at for the first time.
    package func results(of key: ExperimentKey) -> Results? { state.withLock { $0.results[key] } }

    /// Why no results can be worked out at present, or nil.
    package var obstacle: Obstacle? { state.withLock { $0.obstacle } }

    /// What is thought of an experiment by the plan that it has; nil until there was a verdict by it.
    package func verdict(of key: ExperimentKey) -> StandingVerdict? {
        guard let known = state.withLock({ $0.verdicts[key] }), known.plan == plan(of: key) else { return nil }
        return known.standing
    }

    /// What was decided last by an earlier plan of an experiment, if anything was: it says nothing about the plan that it has.
    package func earlierVerdict(of key: ExperimentKey) -> VerdictHistory.Entry? {
        guard let known = state.withLock({ $0.verdicts[key] }) else { return nil }
        guard known.plan != plan(of: key), let standing = known.standing, let since = standing.since else { return known.earlier }
        return VerdictHistory.Entry(rule: standing.rule, time: since)
    }

    /// Takes in what was decided before the server was started, so that it is known before the data are looked at again, and tells what of it
    /// was not told yet.
    package func recall() async {
        await settle()
        for experiment in registry.catalogue.experiments where verdict(of: experiment.key) == nil {
            guard let plan = experiment.plan, let log = try? await announcer.log(of: experiment.key) else { continue }
            let last = known(log, of: experiment.key, by: plan)
            // What is decided meanwhile is newer.
            state.withLock { state in
                if state.verdicts[experiment.key] == nil { state.verdicts[experiment.key] = last }
            }
        }
    }

    private func settle() async {
        do { try await announcer.settle() } catch { report("what is still to be told cannot be told yet: \(error)") }
    }

    /// What an audit log knows.
    private func known(_ log: Announcer.Log, of key: ExperimentKey, by plan: String) -> Known {
        let history = VerdictHistory(log.entries, plan: self.plan(of: key))
        let standing = history.last(by: plan).map { StandingVerdict(rule: $0.rule, since: $0.time) }
        return Known(plan: plan, standing: standing, earlier: history.last(butBy: plan))
    }

    private func plan(of key: ExperimentKey) -> String? { (try? registry.catalogue.experiment(key))?.plan }

    /// What is watched of all experiments, in the order of their keys.
    package var alarms: [(key: ExperimentKey, rule: AlarmRule)] {
        state.withLock { $0.alarms }.sorted { ($0.key.key.text, $0.key.name) < ($1.key.key.text, $1.key.name) }.map {
            ($0.key.key, $0.value)
        }
    }

    /// How long results are worked out at a time, unless those of one experiment alone take longer.
    private static let patience: Duration = .seconds(1)
    /// How many times as long as results were worked out to rest after it, and for how long at most: it takes long while devices arrive in
    /// numbers, for whose sake it rests meanwhile.
    private static let leisure = 3
    private static let longestRest: Duration = .seconds(30)

    /// Takes in what is new in a warehouse, experiment by experiment; false if something is still to be done, later.
    ///
    /// - Parameter warehouse: is connected to once more, and is not used itself.
    package func refresh(_ warehouse: any Warehouse, _ news: Deliverer.News) async -> Bool {
        guard state.withLock({ ContinuousClock.now >= $0.due }) else { return false }
        await settle()
        do {
            let reader = try await warehouse.another()
            state.withLock { $0.obstacle = nil }
            return await withTaskCancellationHandler {
                await catchUp(with: news, from: reader)
            } onCancel: {
                reader.cancel()
            }
        } catch {
            report("the results cannot be worked out: \(error)")
            state.withLock { $0.obstacle = Obstacle(reason: error.forClients, since: $0.obstacle?.since ?? .now()) }
            return false
        }
    }

    /// Experiment by experiment, those first that were looked at longest ago, as long as there is patience; whether all was taken in.
    private func catchUp(with news: Deliverer.News, from warehouse: any Warehouse) async -> Bool {
        let began = ContinuousClock.now
        let dealers = registry.snapshot.assigner.dealers.filter { $0.experiment.firstOrdinal != nil }
        func waiting() -> [Dealer] {
            let taken = state.withLock { $0.taken }
            return dealers.filter { taken[$0.experiment.key, default: 0] < news.number }
                .sorted { taken[$0.experiment.key, default: 0] < taken[$1.experiment.key, default: 0] }
        }
        while let dealer = waiting().first, ContinuousClock.now - began < LiveResults.patience,
            !Task.isCancelled
        {
            let key = dealer.experiment.key
            let balance = await watch(balance(dealer), "balance of blocks", key)
            var isDone = true
            if let text = dealer.experiment.plan {
                isDone = await workOut(dealer, text, balance, warehouse, news.exposures)
            }
            if isDone { state.withLock { $0.taken[key] = news.number } }
        }
        let now = ContinuousClock.now
        let rest = min((now - began) * LiveResults.leisure, LiveResults.longestRest)
        state.withLock { $0.due = now + max(.seconds(1), rest) }
        return waiting().isEmpty
    }

    /// The results of one experiment, and what is decided by them; false if they were overtaken, and are to be worked out anew.
    private func workOut(
        _ dealer: Dealer, _ text: String, _ balance: Check, _ warehouse: any Warehouse,
        _ exposures: String
    ) async -> Bool {
        let (experiment, began, asOf) = (dealer.experiment, ContinuousClock.now, Timestamp.now())
        do {
            await settle(experiment, text, warehouse)
            var results = try await warehouse.snapshot {
                try await self.results(dealer, text, balance, warehouse, exposures)
            }
            results.duration = ContinuousClock.now - began
            let computed = results
            state.withLock { $0.results[experiment.key] = computed }
            guard let verdict = computed.alwaysValid?.verdict else { return true }
            return await decide(experiment.key, verdict, by: text, asOf: asOf)
        } catch {
            // Nothing is wrong with the data: the server is being stopped, or the warehouse is connected to anew.
            if Task.isCancelled { return true }
            // What was found before stays, with when that was.
            state.withLock { state in
                var results = Results(plan: text)
                if let last = state.results[experiment.key], last.plan == text { results = last }
                results.failure = (error as? WarehouseError)?.forClients ?? "\(error)"
                state.results[experiment.key] = results
            }
            return true
        }
    }

    // MARK: Alarms

    private func balance(_ dealer: Dealer) -> AlarmRule.Signal {
        let statistics = registry.statistics(of: dealer)
        if let imbalance = statistics.imbalance { return .alarming(imbalance) }
        return .sound("the blocks dealt \(Numbers.devices(statistics.devices)) exactly as the weights say")
    }

    /// The check that a signal makes, once it is known whether it begins or ends an alarm.
    func watch(_ signal: AlarmRule.Signal, _ name: String, _ key: ExperimentKey) async -> Check {
        let alarm = Alarm(key: key, name: name)
        let known = state.withLock { $0.alarms[alarm] }
        do {
            // Another server may have told it meanwhile.
            if let known, !known.isNews(signal), !registry.isShared { return known.check(signal) }
            let rule = try await decide(alarm, signal)
            state.withLock { $0.alarms[alarm] = rule }
            return rule.check(signal)
        } catch {
            // Nothing was written down, so it is considered again with the next results.
            report("an alarm about \(key) could not be written down: \(error)")
            var rule = known ?? AlarmRule(name)
            _ = rule.consider(signal)
            return rule.check(signal)
        }
    }

    private func decide(_ alarm: Alarm, _ signal: AlarmRule.Signal) async throws -> AlarmRule {
        // What the log has once it is written, by whoever was first, is what is considered next.
        for _ in 0..<LiveResults.attempts {
            let log = try await announcer.log(of: alarm.key)
            let stored = log.entries(of: AlarmRule.action).lazy.compactMap { $0.after.flatMap { AlarmRule(alarm.name, stored: $0) } }
            var rule = stored.first ?? AlarmRule(alarm.name)
            let before = rule.stored
            guard rule.consider(signal) else { return rule }
            report("\(alarm.key): \(rule.isRaised ? "alarm" : "alarm over"): \(alarm.name): \(signal.text)")
            let news = Announcer.News(
                action: AlarmRule.action, topic: "alarm/\(alarm.name)/\(alarm.key)", before: before,
                after: rule.stored(by: announcer.identity), notice: rule.notice(alarm.key, signal))
            try await announcer.announce(news, of: alarm.key, after: log)
        }
        throw Unsettled()
    }

    // MARK: Verdicts

    /// - Parameter asOf: when the data began to be read.
    /// - Returns: false if another server decided meanwhile, who may have seen more: what was read before changes nothing that was decided since.
    private func decide(_ key: ExperimentKey, _ verdict: Verdict, by plan: String, asOf: Timestamp) async -> Bool {
        do {
            // What the log has once it is written, by whoever was first, is what is considered next.
            for _ in 0..<LiveResults.attempts {
                // What is said by a plan that was replaced meanwhile is asked by nobody any more.
                guard self.plan(of: key) == plan else { return true }
                let known = state.withLock { $0.verdicts[key] }
                // Another server may have decided since.
                if known?.plan == plan, known?.standing?.rule.isNews(verdict) == false, !registry.isShared { return true }
                let log = try await announcer.log(of: key)
                var decided = self.known(log, of: key, by: plan)
                var rule = decided.standing?.rule ?? VerdictRule(plan: plan)
                let before = rule.stored
                guard rule.consider(verdict) else {
                    decided.standing = StandingVerdict(rule: rule, since: decided.standing?.since)
                    let standing = decided
                    state.withLock { $0.verdicts[key] = standing }
                    return true
                }
                // By a clock that is ahead it was decided in the future, and may have been long ago.
                if let since = decided.standing?.since, asOf <= since, since <= .now() { return false }
                let news = Announcer.News(
                    action: VerdictRule.action, topic: "verdict/\(key)", before: before, after: rule.stored(by: announcer.identity),
                    notice: rule.notice(key, verdict))
                try await announcer.announce(news, of: key, after: log)
            }
            throw Unsettled()
        } catch {
            // Nothing was written down, so it is decided again with the next results.
            report("the verdict on \(key) could not be written down: \(error)")
            return true
        }
    }
}
