import Experiments
import Statistics
import Text

extension Evaluation {
    private static let draws = 999

    /// Judges the metric that decides by the assignment within blocks, where it is known and one looks once.
    func addBlocks(_ report: inout MetricReport, _ metric: Plan.Metric, _ j: Int) {
        guard !plan.method.isAlwaysValid, metric.name.text == plan.decision.metric else { return }
        for (place, comparison) in report.comparisons.enumerated() {
            guard let blocks = evidence.blocks[comparison.treatment] else { continue }
            let (a, b) = (survey.moments(j, comparison.treatment).moments.summary(0), survey.moments(j, variants[0]).moments.summary(0))
            do throws(StatisticsError) {
                report.comparisons[place].withinBlocks = try WithinBlocks(
                    BlockedDifference(blocks.compositions), of: a.count + b.count, welch: WelchTTest(a, b), level: plan.method.confidence,
                    randomization: blocks.values.flatMap(randomize))
            } catch {
                report.problems.append("\(comparison.treatment) is not judged within blocks: \(error)")
            }
        }
    }

    /// Of the metric that decides: whether a change of weights spoils what is said of it; nil where weights stayed as they were.
    ///
    /// Blocks alone do not tell: those that lost units are of many compositions, too.
    func weightCheck(_ metric: Plan.Metric, _ j: Int) -> Check? {
        guard mixesWeights, metric.name.text == plan.decision.metric else { return nil }
        let control = variants[0]
        let drifts = variants.dropFirst().compactMap { treatment -> (treatment: String, drift: WeightDrift)? in
            guard let blocks = evidence.blocks[treatment] else { return nil }
            let (a, b) = (survey.moments(j, treatment).moments.summary(0), survey.moments(j, control).moments.summary(0))
            return WeightDrift(blocks.compositions, a, b).map { (treatment, $0) }
        }
        guard !drifts.isEmpty else { return nil }
        let name = "change of weights"
        guard let (treatment, drift) = drifts.first(where: { $0.drift.isMoreThanChance }) else {
            return Check(
                name, .warning,
                "the weights changed while units came, and all units are counted together: that holds as long as what units do does not "
                    + "change with time, and nothing speaks against it so far")
        }
        return Check(
            name, .failed,
            "the weights changed while units came, and what units do changed as well: \(metric.name.text) of \(treatment) less \(control) is "
                + "\(Figures.significant(drift.pooled)) over all units but \(Figures.significant(drift.within)) within blocks, where shares do "
                + "not change, and chance does not explain that; go by the difference within blocks, or begin a new experiment")
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
