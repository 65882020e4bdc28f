import Analysis
import Enrollment
import Events
import Experiments
import Warehouse

extension LiveResults {
    /// What the data say as they are now.
    func results(
        _ dealer: Dealer, _ text: String, _ balance: Check, _ warehouse: any Warehouse,
        _ exposures: String
    ) async throws -> Results {
        let (experiment, tables) = (dealer.experiment, EventTables(warehouse))
        let live = try LivePlan(text, values: experiment.values)
        let excluded = registry.excluded(from: experiment)
        // The devices whose exposures are there, without those that count for nothing.
        let tally = dealer.tally(below: Ordinal(clamping: try await tables.position(of: exposures)), excluding: excluded)
        let weights = tally.lines.filter { $0.expected > 0 }.map {
            Plan.Weight(variant: $0.value, weight: $0.expected)
        }
        guard weights.count >= 2 else { throw AnalysisError.data("no device is in the experiment yet") }
        let size = try await self.size(live, experiment, excluded, tables)
        let found =
            live.isByPerson
            ? try await tables.arrivals(
                ofPersonsIn: experiment.key, active: live.active.map(live.event), excluding: excluded)
            : try await tables.arrivals(in: experiment.key, active: live.active.map(live.event), excluding: excluded)
        let arrivals = try ArrivalWatch(found, epochs: experiment.epochs, active: live.active)
        let arrival = await watch(arrivals.signal, "sample ratio over time", experiment.key)
        let hasEpochs = Set(experiment.epochs.filter { !$0.spans.isEmpty }.map(\.allocation)).count > 1
        let plan = try live.plan(
            of: experiment.key, weights: weights, excluding: excluded, hasEpochs: hasEpochs, isAlwaysValid: false)
        let always = try live.plan(
            of: experiment.key, weights: weights, excluding: excluded, hasEpochs: hasEpochs, isAlwaysValid: true)
        let reports = try await LiveResults.reports(
            plan,
            [
                .init(method: plan.method, checks: [balance, arrival, size.check]),
                .init(method: always.method, checks: [balance, arrival], withCourses: true),
            ], of: experiment, warehouse)
        var results = Results(plan: text)
        (results.fixedHorizon, results.alwaysValid) = (reports[0], reports[1])
        (results.size, results.arrivals) = (size, arrivals)
        let told = reports[1].told
        results.silentFacts = plan.facts.map(\.name.text).filter { told[$0] == false }
        for fact in results.silentFacts where live.event(of: fact) != fact { results.events[fact] = live.event(of: fact) }
        results.hasOtherFacts = told.values.contains(true)
        return results
    }

    private func size(
        _ live: LivePlan, _ experiment: Experiment, _ excluded: [Ordinal], _ tables: EventTables
    ) async throws(WarehouseError) -> PlannedSize {
        let now = Timestamp.now()
        let since = max(experiment.started ?? now, Timestamp(milliseconds: now.milliseconds - PlannedSize.week))
        let (units, recent): (Int, Int)
        if live.isByPerson {
            units = try await tables.arrivals(ofPersonsIn: experiment.key, excluding: excluded).reduce(0) { $0 + $1.units }
            recent = try await tables.exposures(ofPersonsIn: experiment.key, since: since, excluding: excluded)
        } else {
            // Not those that were dealt: whose data were deleted is not among those that are analysed.
            units = try await tables.arrivals(in: experiment.key, excluding: excluded).reduce(0) { $0 + $1.units }
            recent = try await tables.exposures(in: experiment.key, since: since, excluding: excluded)
        }
        return PlannedSize(
            planned: live.size, units: units, recent: recent, span: now.milliseconds - since.milliseconds,
            isRunning: experiment.state == .running)
    }

    /// Brings the sums over events up to date that the results are made from, so that what was read once is not read again.
    ///
    /// Without them the results are the same, and take longer: so what goes wrong is reported, and no more.
    func settle(_ experiment: Experiment, _ text: String, _ warehouse: any Warehouse) async {
        do {
            let weights = experiment.values.map { Plan.Weight(variant: $0, weight: 1) }
            let plan = try LivePlan(text, values: experiment.values).plan(
                of: experiment.key, weights: weights, excluding: registry.excluded(from: experiment), isAlwaysValid: false)
            guard warehouse.dialect == .duckDB else { return }
            try await warehouse.execute("BEGIN")
            do {
                let analysis = LiveResults.analysis(plan, of: experiment.key, warehouse)
                try await analysis.settle()
                try await analysis.session.dropTables()
                try await warehouse.execute("COMMIT")
            } catch {
                try? await warehouse.execute("ROLLBACK")
                throw error
            }
        } catch {
            // The plan's own faults are told with the results.
            if error is YAMLError { return }
            if case .plan? = error as? AnalysisError { return }
            if !Task.isCancelled {
                report("\(experiment.key): the sums over events could not be kept, so all events are read: \(error)")
            }
        }
    }

    private static func analysis(_ plan: Plan, of key: ExperimentKey, _ warehouse: any Warehouse) -> Analysis {
        // In hexadecimal, for DuckDB takes `a` and `A` for one, and a key may end as the names of the sums' own tables do.
        let name = EventTables.keptSums + key.text.utf8.map { String($0, radix: 16) }.joined()
        let settlement = Settlement(ofLiveEvents: name)
        return Analysis(plan, folder: "/nonexistent", session: Session(warehouse), prefersTables: true, settlement: settlement)
    }

    private static func reports(
        _ plan: Plan, _ looks: [Analysis.Look], of experiment: Experiment, _ warehouse: any Warehouse
    ) async throws(AnalysisError) -> [AnalysisReport] {
        let analysis = analysis(plan, of: experiment.key, warehouse)
        let result: Result<[AnalysisReport], AnalysisError>
        do throws(AnalysisError) {
            result = .success(try await analysis.report(looks, isWatched: true))
        } catch {
            result = .failure(error)
        }
        // What failed may have ended the transaction, and the tables with it.
        if case .success = result {
            try await analysis.session.dropTables()
        } else {
            try? await analysis.session.dropTables()
        }
        return try result.get()
    }
}
