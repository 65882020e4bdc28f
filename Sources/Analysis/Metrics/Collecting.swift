import Experiments
import Statistics
import Warehouse

/// Asks the warehouse for the evidence of a plan.
struct Collecting {
    let plan: Plan
    let units: UnitTable
    let session: Session
    /// The control first.
    let variants: [String]
    let survey: Survey

    /// All of it; `progress` is told what is being asked.
    ///
    /// - Parameters:
    ///   - withBlocks: whether a method judges within blocks.
    ///   - withCourses: whether it is asked how differences went.
    func evidence(withBlocks: Bool, withCourses: Bool, _ progress: (String) -> Void) async throws(AnalysisError) -> Evidence {
        progress("computing the metrics")
        let samples = try await samples()
        let (carriers, blocks) = (try await carriers(), withBlocks ? try await self.blocks() : [:])
        let alternatives = try await alternatives()
        if withCourses { progress("computing how differences went") }
        let course = withCourses ? try await course() : nil
        return Evidence(samples: samples, carriers: carriers, alternatives: alternatives, blocks: blocks, course: course)
    }

    private var policy: Plan.Assignment.Policy { plan.assignment.policy }

    /// The places of metrics that are told by moments alone.
    private var places: [Int] {
        plan.metrics.indices.filter { Collecting.isByMoments(plan.metrics[$0]) && survey.faults[$0] == nil }
    }

    /// Whether a metric is told by moments alone.
    static func isByMoments(_ metric: Plan.Metric) -> Bool { ![.quantile, .count].contains(metric.kind) && metric.test != .ranks }

    private func samples() async throws(AnalysisError) -> [[[Double]]?] {
        let places = plan.metrics.indices.filter { j in
            let metric = plan.metrics[j]
            guard survey.faults[j] == nil else { return false }
            let count = variants.reduce(0) { $0 + survey.moments(j, $1).count }
            return metric.kind == .quantile || metric.test == .ranks || metric.kind == .mean && count <= Analysis.describedUnits
        }
        let found = try await ValuesQuery(units: units, session: session).values(of: places.map { survey.columns[$0] }, policy: policy)
        var samples = plan.metrics.map { _ in [[Double]]?.none }
        for (place, groups) in zip(places, found) { samples[place] = variants.map { groups[$0] ?? [] } }
        return samples
    }

    // MARK: A unit without which the result is another

    private func carriers() async throws(AnalysisError) -> [(influence: Influence, unit: String?)?] {
        var carriers: [(influence: Influence, unit: String?)?] = []
        for j in plan.metrics.indices { carriers.append(try await carrier(j)) }
        return carriers
    }

    private func carrier(_ j: Int) async throws(AnalysisError) -> (influence: Influence, unit: String?)? {
        guard plan.metrics[j].kind == .mean, let column = survey.columns[j].outcome.first else { return nil }
        let found = variants.compactMap { Influence(variant: $0, survey.moments(j, $0)) }
        guard let worst = found.max(by: { abs($0.mean - $0.meanWithout) < abs($1.mean - $1.meanWithout) }) else { return nil }
        guard plan.assignment.unit != nil else { return (worst, nil) }
        let table = try await session.query(
            "the unit that carries \(plan.metrics[j].name.text)",
            """
            SELECT \(units.dialect.asText("u_unit")) AS g_unit FROM \(table: units.name) WHERE \(units.isAssigned)
            AND \(units.variant(policy)) = \(value: worst.variant) AND \(column) = \(value: worst.value) ORDER BY g_unit LIMIT 1
            """)
        return (worst, try table.column(texts: "g_unit").first ?? nil)
    }

    // MARK: Units counted in another way

    private func alternatives() async throws(AnalysisError) -> [Evidence.Alternative] {
        let places = places
        var found: [Evidence.Alternative] = []
        guard !places.isEmpty else { return [] }
        if survey.counts.contradicted > 0 {
            let query = MomentsQuery(units: units, metrics: places.map { survey.columns[$0] }, session: session)
            for (other, name) in policies {
                let answer = try await query.answer("all metrics, \(name)", around: places.map { survey.centers[$0] }, policy: other)
                found.append(.init(name: name, places: places, moments: answer.moments))
            }
        }
        let limited = places.filter { plan.metrics[$0].population != nil }
        guard !limited.isEmpty else { return found }
        let everyone = limited.map { place in
            var columns = MetricColumns(plan.metrics[place].among(nil), of: units, cap: survey.columns[place].cap)
            columns.base = survey.columns[place].base
            return columns
        }
        let wide = MomentsQuery(units: units, metrics: everyone, session: session)
        let answer = try await wide.answer("metrics among all units", around: try await wide.centers(policy).centers, policy: policy)
        found.append(.init(name: "among all units", places: limited, moments: answer.moments))
        return found
    }

    /// The other ways to count who is in several variants.
    private var policies: [(Plan.Assignment.Policy, String)] {
        if let crossover = plan.assignment.persons?.crossover {
            return crossover == .exclude ? [(.first, "crossed over: intention to treat")] : [(.exclude, "crossed over: exclude")]
        }
        let others = (units.knowsOrder ? Plan.Assignment.Policy.allCases : [.exclude]).filter { $0 != policy }
        return others.map { ($0, "in two variants: \($0)") }
    }

    // MARK: Blocks

    /// The most units for which the assignment is dealt again: so many values are drawn from at every look.
    private static let randomizedUnits = 50_000

    /// Of the metric that decides, where blocks are known and it is a mean.
    private func blocks() async throws(AnalysisError) -> [String: Evidence.Blocks] {
        guard plan.assignment.block != nil, let j = plan.metrics.firstIndex(where: { $0.name.text == plan.decision.metric }),
            [.mean, .conversion].contains(plan.metrics[j].kind), plan.metrics[j].test != .ranks
        else { return [:] }
        let groups = variants.map { survey.moments(j, $0) }
        let (control, comparing) = (groups[0], Comparing(metric: plan.metrics[j], method: plan.method))
        let adjustment = try? comparing.adjustment(of: groups)
        var blocks: [String: Evidence.Blocks] = [:]
        for (index, variant) in variants.enumerated().dropFirst() {
            let treatment = groups[index]
            guard treatment.count > 1, control.count > 1 else { continue }
            // What is told beside it has them taken out too.
            let slopes = comparing.slopes(of: index, in: groups, adjustment)
            let query = BlocksQuery(
                units: units, session: session, metric: survey.columns[j], policy: policy, slopes: slopes,
                centers: Array(survey.centers[j].dropFirst(survey.columns[j].outcome.count)))
            let difference = treatment.moments.summary(0).mean - control.moments.summary(0).mean
            let compositions = try await query.compositions(
                variant, against: variants[0], center: survey.centers[j].first ?? 0, difference: difference)
            let isSmall = treatment.count + control.count <= Collecting.randomizedUnits
            let values = isSmall ? try await query.values(variant, against: variants[0]) : nil
            blocks[variant] = Evidence.Blocks(compositions: compositions, isAdjusted: !slopes.isEmpty, values: values)
        }
        return blocks
    }

    // MARK: Time

    /// At how many times a course is shown.
    private static let steps = 40

    /// Metrics that are means, conversions or ratios, by the time of exposure: all, or as many as there is room for.
    private func course() async throws(AnalysisError) -> Evidence.CourseMoments? {
        let places = Breadth.fitting(places, of: plan, room: Breadth.courses) { _ in variants.count - 1 }
        guard let times = survey.counts.times, !places.isEmpty, times.upperBound > times.lowerBound else { return nil }
        let query = MomentsQuery(units: units, metrics: places.map { survey.columns[$0] }, session: session)
        // Whole days where there are enough of them.
        let days = (times.upperBound - times.lowerBound) / 86400
        let step = days >= 5 ? (days / Double(Collecting.steps)).rounded(.up) * 86400 : (times.upperBound - times.lowerBound) / 20
        let bucket = units.dialect.asText("floor((u_time - \(value: times.lowerBound)) / \(value: step))")
        let answer = try await query.answer(
            "metrics by time of exposure", around: places.map { survey.centers[$0] }, policy: policy, by: [bucket])
        return Evidence.CourseMoments(places: places, times: times, step: step, moments: answer.moments)
    }
}
