package import Experiments
import Statistics
import Text
import Warehouse

/// Carries out a plan: one table of units, sufficient statistics from it, tests, checks and a verdict.
package struct Analysis: Sendable {
    /// The plan.
    package let plan: Plan
    /// The folder that the plan's files are named from.
    package let folder: String
    /// The warehouse.
    package let session: Session
    /// Whether a source that is a file and a table is read as a table.
    package let prefersTables: Bool
    /// Where sums over events are kept from one analysis to the next, if they are.
    package let settlement: Settlement?

    /// An analysis that has not run yet.
    package init(_ plan: Plan, folder: String, session: Session, prefersTables: Bool = false, settlement: Settlement? = nil) {
        (self.plan, self.folder, self.session) = (plan, folder, session)
        (self.prefersTables, self.settlement) = (prefersTables, settlement)
    }

    /// The most units of a metric for which its values are fetched only to say something of their distribution.
    static let describedUnits = 100_000

    /// The units of a variant before which a mean is not taken to be normal: some tens, whatever the values are.
    static let fewestUnits = 20

    /// Checks that the sources are there and have the columns that the plan speaks of.
    package func check() async throws(AnalysisError) {
        _ = try await builder
    }

    /// Brings the sums that are kept of events up to date; ``report(_:isWatched:progress:)`` uses them where they hold, and needs none.
    ///
    /// In a transaction of the caller's.
    package func settle() async throws(AnalysisError) { try await builder.settle() }

    private var builder: UnitTableBuilder {
        get async throws(AnalysisError) {
            try await UnitTableBuilder(plan, folder: folder, session: session, prefersTables: prefersTables, settlement: settlement)
        }
    }

    /// Runs the plan; `progress` is told what is being done.
    ///
    /// - Parameter withCourses: whether it is also asked how differences went day by day, for charts.
    package func run(withCourses: Bool = false, progress: @Sendable (String) -> Void = { _ in }) async throws(AnalysisError)
        -> AnalysisReport
    {
        try await report([Look(method: plan.method, withCourses: withCourses)], progress: progress)[0]
    }

    /// One way to look at the data, and what else is known of them.
    package struct Look: Sendable {
        /// How it is tested.
        package let method: Plan.Method
        /// Checks that somebody else made, which count as the analysis's own do.
        package let checks: [Check]
        /// Whether it is also asked how differences went day by day.
        package let withCourses: Bool

        package init(method: Plan.Method, checks: [Check] = [], withCourses: Bool = false) {
            (self.method, self.checks, self.withCourses) = (method, checks, withCourses)
        }
    }

    /// Runs the plan and reports by several methods, in their order: the data are read once for all of them.
    ///
    /// - Parameter isWatched: whether it is a running experiment's, of the server's own events, which are there once each. Its sample ratio is
    ///   watched by somebody with a test that may be looked at any time, as one of the checks of the looks: then that for one look is told, and
    ///   decides nothing.
    package func report(
        _ looks: [Look], isWatched: Bool = false, progress: @Sendable (String) -> Void = { _ in }
    ) async throws(AnalysisError) -> [AnalysisReport] {
        progress("looking at the sources")
        var builder = try await builder
        progress("reading the sources")
        func read() async throws(AnalysisError) -> (UnitTable, Survey) {
            let units = try await builder.make(isAskedOnce: plan.asksOnce && !looks.contains(where: \.withCourses))
            if !units.isView { progress("computing the metrics") }
            return (units, try await Survey(units, session))
        }
        var (units, survey): (UnitTable, Survey)
        do throws(AnalysisError) {
            (units, survey) = try await read()
        } catch {
            builder = try builder.lenient(after: error)
            (units, survey) = try await read()
        }
        let counts = survey.counts
        // Where rows cannot be read, that is why there are no units.
        let rejects = try await builder.rejects()
        let variants = try order(counts)
        var unitChecks = UnitChecks(units: units, counts: counts, variants: variants, rejects: rejects, isStrict: builder.isStrict)
        unitChecks.isWatched = isWatched
        (unitChecks.unfinished, unitChecks.gaps) = (builder.unfinishedFiles, builder.gaps)
        if let links = builder.links { unitChecks.persons = try await PersonCounts(units, links, namesakes: builder.namesakes, session) }
        let checks = unitChecks.checks()
        if counts.variants.values.reduce(0, +) <= Analysis.describedUnits { units = try await builder.keep(units) }
        let collecting = Collecting(plan: plan, units: units, session: session, variants: variants, survey: survey)
        let evidence = try await collecting.evidence(
            withBlocks: looks.contains { !$0.method.isAlwaysValid }, withCourses: looks.contains(where: \.withCourses), progress)
        let statements = await session.statements
        return looks.map { look in
            let plan = plan.tested(by: look.method)
            let evaluation = Evaluation(plan: plan, variants: variants, survey: survey, evidence: evidence)
            var metrics = evaluation.metrics()
            adjust(&metrics.reports)
            let checks = checks + metrics.checks + look.checks
            let guardrails = GuardrailReport.all(plan, metrics.reports, treatments: variants.dropFirst())
            let verdict = Deciding(plan: plan, metrics: metrics.reports, guardrails: guardrails, checks: checks, counts: counts).verdict()
            return AnalysisReport(
                experiment: plan.experiment, question: plan.question, primaryMetric: plan.decision.metric,
                units: variants.map { ($0, counts.variants[$0] ?? 0) },
                told: counts.told, checks: checks, metrics: metrics.reports, guardrails: guardrails, verdict: verdict,
                courses: look.withCourses ? evaluation.courses : [], statements: statements, dialect: session.dialect)
        }
    }

    /// The control first, then the others as the plan's weights or their names order them.
    private func order(_ units: UnitCounts) throws(AnalysisError) -> [String] {
        let (control, counts) = (plan.assignment.control.text, units.variants)
        guard counts[control] != nil else {
            let meant = Spelling.nearest(to: control, among: counts.keys)
            let others = "there are \(counts.keys.sorted().joined(separator: ", "))"
            let lost = leftOut(units)
            let all =
                if counts.isEmpty { lost ?? "there are no units" } else { lost.map { "\(others); \($0)" } ?? others }
            throw .plan(
                plan.assignment.control.place,
                "no unit is in the control '\(control)'; \(meant.map { "did you mean '\($0)'?" } ?? all)", suggestion: meant)
        }
        guard counts.count <= 100 else {
            throw .plan(
                plan.assignment.variant.place,
                "the column '\(plan.assignment.variant.text)' has \(counts.count) values: too many to be variants")
        }
        let planned = plan.assignment.weights.map(\.variant).filter { counts[$0] != nil && $0 != control }
        return [control] + planned + counts.keys.filter { $0 != control && !planned.contains($0) }.sorted()
    }

    /// That units are in two variants and therefore in none, and what can be done; nil where there are no such units.
    private func leftOut(_ units: UnitCounts) -> String? {
        let (count, isAll) = (units.contradicted, units.variants.isEmpty)
        guard count > 0, plan.assignment.policy == .exclude else { return nil }
        let isPersons = plan.assignment.persons != nil
        let (one, many) = isPersons ? ("person", "persons") : ("unit", "units")
        let who = count == 1 ? "\(isAll ? "the only" : "1") \(one) is" : "\(isAll ? "all " : "")\(Figures.count(count)) \(many) are"
        let way = isPersons ? "crossed over: exclude" : "in two variants: exclude"
        let help = isPersons ? "'intention to treat' or 'first touch'" : "'first' or 'last'"
        return "\(who) in two variants and left out (\(way)); \(help) would count \(count == 1 ? "it" : "them")"
    }

    /// Adjusts the p-values of all comparisons that something is claimed of; guardrails are about intervals.
    private func adjust(_ metrics: inout [MetricReport]) {
        let guarding = Set(plan.guardrails.map(\.metric.text)).subtracting([plan.decision.metric])
        var places: [(Int, Int)] = []
        for (m, metric) in metrics.enumerated() where !guarding.contains(metric.name) {
            places += metric.comparisons.indices.map { (m, $0) }
        }
        let method = Adjustment(rawValue: plan.method.correction) ?? .holm
        guard let adjusted = try? method.adjust(places.map { metrics[$0.0].comparisons[$0.1].pValue }) else { return }
        for (place, p) in zip(places, adjusted) { metrics[place.0].comparisons[place.1].adjustedPValue = p }
    }
}

extension Plan {
    /// Whether one statement over the units tells all that the plan asks, but for the values of a few units.
    fileprivate var asksOnce: Bool {
        metrics.allSatisfy { metric in
            assignment.block == nil && metric.population == nil && metric.kind != .quantile && metric.test != .ranks
                && !(metric.cap?.isRelative ?? false)
        }
    }
}
