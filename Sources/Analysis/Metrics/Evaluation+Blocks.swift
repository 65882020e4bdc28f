import Experiments
import Statistics
import Text

extension Evaluation {
    private static let draws = 999

    /// Judges the metric that decides by the assignment within blocks, where it is known and one looks once.
    ///
    /// - Parameter groups: the variants' moments.
    func addBlocks(_ report: inout MetricReport, _ metric: Plan.Metric, _ groups: [GroupMoments], _ j: Int) {
        guard !plan.method.isAlwaysValid, metric.name.text == plan.decision.metric else { return }
        let comparing = Comparing(metric: metric, method: plan.method)
        let adjustment = try? comparing.adjustment(of: groups)
        for (place, comparison) in report.comparisons.enumerated() {
            guard let blocks = evidence.blocks[comparison.treatment], let index = variants.firstIndex(of: comparison.treatment) else {
                continue
            }
            do throws(StatisticsError) {
                report.comparisons[place].withinBlocks = try WithinBlocks(
                    BlockedDifference(blocks.compositions), of: groups[index].count + groups[0].count,
                    beside: comparing.difference(of: index, in: groups, adjustment), test: comparison.test,
                    isAdjusted: blocks.isAdjusted, level: plan.method.confidence,
                    randomization: blocks.values.flatMap(randomize))
            } catch {
                let sides = [index, 0].map { Comparing.Side(group: report.groups[$0], moments: groups[$0]) }
                report.problems.append(
                    "\(comparison.treatment) is not judged within blocks: \(comparing.words(withinBlocks: error, of: sides))")
            }
        }
    }

    private func randomize(_ blocks: [PermutationTest.Block]) -> WithinBlocks.Randomization? {
        // The experiment's name as a seed: the same data give the same answer.
        let seed = plan.experiment.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        guard let draws = try? Resampling(count: Evaluation.draws, seed: seed),
            let test = try? PermutationTest(blocks: blocks, draws)
        else { return nil }
        return WithinBlocks.Randomization(test)
    }
}
