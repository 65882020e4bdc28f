import Experiments
import Statistics

extension Evaluation {
    /// The most units for which the assignment is dealt again: so many values are drawn from at every look.
    private static let randomizedUnits = 50_000
    private static let draws = 999

    /// Judges the metric that decides by the assignment within blocks, where it is known and one looks once.
    func addBlocks(_ report: inout MetricReport, _ metric: Plan.Metric, _ j: Int) async throws(AnalysisError) {
        guard plan.assignment.block != nil, !plan.method.isAlwaysValid, metric.name.text == plan.decision.metric,
            [.mean, .conversion].contains(metric.kind), metric.test != .ranks
        else { return }
        let query = BlocksQuery(units: units, session: session, metric: survey.columns[j], policy: plan.assignment.policy)
        let control = survey.moments(j, variants[0])
        for (place, comparison) in report.comparisons.enumerated() {
            let treatment = survey.moments(j, comparison.treatment)
            guard treatment.count > 1, control.count > 1 else { continue }
            let (a, b) = (treatment.moments.summary(0), control.moments.summary(0))
            let compositions = try await query.compositions(
                comparison.treatment, against: comparison.control, center: survey.centers[j].first ?? 0, difference: a.mean - b.mean)
            let total = a.count + b.count
            var randomization: WithinBlocks.Randomization?
            if total <= Evaluation.randomizedUnits {
                randomization = randomize(try await query.values(comparison.treatment, against: comparison.control))
            }
            do throws(StatisticsError) {
                report.comparisons[place].withinBlocks = try WithinBlocks(
                    BlockedDifference(compositions), of: total, welch: WelchTTest(a, b), level: plan.method.confidence,
                    randomization: randomization)
            } catch {
                report.problems.append("\(comparison.treatment) is not judged within blocks: \(error)")
            }
        }
    }

    private func randomize(_ blocks: [PermutationTest.Block]) -> WithinBlocks.Randomization? {
        // The experiment's name as a seed: the same data give the same answer.
        let seed = plan.experiment.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        guard let draws = try? Resampling(count: Evaluation.draws, seed: seed),
            let test = try? PermutationTest(blocks: blocks, draws)
        else { return nil }
        return WithinBlocks.Randomization(pValue: test.pValue, assignments: test.assignments)
    }
}
