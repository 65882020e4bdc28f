internal import Dispatch
internal import Synchronization

/// Answers tests about one shop, which it holds in memory.
///
/// `@unchecked Sendable`: what is not constant is behind the mutexes.
package final class EffectChecker: @unchecked Sendable {
    package let rule: DecisionRule
    /// What was read.
    package let report: Report
    private let index: CustomerIndex
    private let table: SignalTable
    private let directions: EffectDirections
    private let scratches: ScratchPool
    private let ledger = Mutex(TestLedger())
    private let belief: Mutex<EffectBelief>
    private let isLearning = Atomic(false)

    /// What the files held.
    package struct Report: Sendable {
        package let customers: Int
        package let salesRows: Int
        package let badUsers: BadRows
        package let badSales: BadRows
    }

    /// Reads a shop and fits its forecast.
    package convenience init(_ reader: ShopReader, rule: DecisionRule = .likelier) throws(ShopDataError) {
        let read = try reader.read()
        var fit = try ForecastFit(read.customers)
        let forecast = try fit.run { share throws(ShopDataError) in
            reader.progress.reach(ShopReader.readingShare + (1 - ShopReader.readingShare) * share)
            if reader.progress.isCancelled { throw .cancelled }
        }
        self.init(read, forecast, rule: rule)
        reader.progress.reach(1)
    }

    init(_ read: ShopReader.Result, _ forecast: Forecast, rule: DecisionRule) {
        self.rule = rule
        report = Report(
            customers: read.customers.count, salesRows: read.salesRows, badUsers: read.badUsers, badSales: read.badSales)
        index = read.customers.index
        table = SignalTable(forecast, read.customers)
        directions = EffectDirections(forecast, read.customers)
        scratches = ScratchPool(customers: read.customers.count)
        belief = Mutex(EffectBelief(kinds: directions.count))
    }

    /// Answers a test, and takes it up to learn from.
    ///
    /// What is learnt is learnt in the background, now and then; it does not keep this answer waiting.
    package func check(_ test: EffectTest) throws(EffectTestError) -> EffectFinding {
        let (membership, summary) = try look(at: test)
        learn(summary)
        return finding(membership, summary)
    }

    /// Only whether there is an effect, and why.
    package func hasEffect(_ test: EffectTest) throws(EffectTestError) -> (Bool, reason: String) {
        let finding = try check(test)
        return (finding.hasEffect, finding.reason)
    }

    /// Answers many tests, all of them after having learnt from all.
    package func check(all tests: [EffectTest]) -> [Result<EffectFinding, EffectTestError>] {
        let seen = tests.map { test in
            Result { () throws(EffectTestError) in try look(at: test) }
        }
        ledger.withLock { ledger in
            for case .success(let (_, summary)) in seen { ledger.add(summary) }
        }
        relearn()
        return seen.map { $0.map { finding($0.0, $0.1) } }
    }

    /// What is believed at present.
    package var currentBelief: EffectBelief { belief.withLock { $0 } }

    private func look(at test: EffectTest) throws(EffectTestError) -> (Membership, TestSummary) {
        for (group, ids) in zip(EffectTest.keys, [test.a1, test.a2, test.b]) where ids.isEmpty { throw .emptyGroup(group) }
        let membership = try scratches.with { scratch throws(EffectTestError) in try scratch.membership(test, index, table) }
        return (membership, TestSummary(membership, shop: table.covariance))
    }

    private func finding(_ membership: Membership, _ summary: TestSummary) -> EffectFinding {
        var belief = currentBelief
        // A level is to be kept test by test: there the common level of other tests, whose error all would share, is left out.
        if case .significance = rule { belief.level = nil }
        let likelihood = TestLikelihood(summary, directions, belief)
        return EffectFinding(membership, summary, likelihood, belief, rule: rule, table: table, directions: directions)
    }

    private func learn(_ summary: TestSummary) {
        let isDue = ledger.withLock { ledger in
            ledger.add(summary)
            return ledger.isDue
        }
        guard isDue, isLearning.compareExchange(expected: false, desired: true, ordering: .acquiringAndReleasing).exchanged else { return }
        DispatchQueue.global(qos: .utility).async {
            self.relearn()
            self.isLearning.store(false, ordering: .releasing)
        }
    }

    private func relearn() {
        let tests = ledger.withLock { $0.take() }
        let learnt = BeliefFit.belief(from: tests, directions)
        belief.withLock { $0 = learnt }
    }
}
