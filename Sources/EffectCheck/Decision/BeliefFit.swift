internal import Glibc

/// Learns what effects a shop's tests have from the tests themselves: empirical Bayes.
///
/// The result depends only on which tests were seen, not on their order. Signs, kinds and sizes are taken to be independent of each other, which a
/// few tests can teach; a free distribution over all of them would mistake noise for small positive effects. The method is
/// expectation-maximisation with the default as prior (A. Dempster, N. Laird, D. Rubin, 1977, doi:10.1111/j.2517-6161.1977.tb01600.x),
/// leaning towards zero as M. Stephens, "False discovery rates: a new deal" (2017, doi:10.1093/biostatistics/kxw041), does.
package struct BeliefFit {
    /// The default counts as so many tests; and so many more are taken to have shown nothing.
    private static let defaultTests = 20.0
    private static let towardsZero = 5.0
    private static let iterations = 60
    /// With fewer tests than this their groups A say nothing certain about each other.
    private static let leastForLevel = 20

    static func belief(from tests: [TestSummary], _ directions: EffectDirections) -> EffectBelief {
        var belief = EffectBelief(kinds: directions.count)
        belief.tests = tests.count
        guard !tests.isEmpty else { return belief }
        if tests.count >= leastForLevel { learnLevel(tests, &belief) }
        learn(tests.map { TestLikelihood($0, directions, belief) }, directions.count, &belief)
        return belief
    }

    /// What tests teach of effects whose likelihoods are known.
    package static func belief(from tests: [TestLikelihood], kinds: Int) -> EffectBelief {
        var belief = EffectBelief(kinds: kinds)
        belief.tests = tests.count
        if !tests.isEmpty { learn(tests, kinds, &belief) }
        return belief
    }

    private static func learn(_ tests: [TestLikelihood], _ kinds: Int, _ belief: inout EffectBelief) {
        maximise(tests, kinds, &belief)
        belief.resolution = resolution(belief)
        // Once more, where lifts count that did not before.
        if belief.resolution < 1 { maximise(tests, kinds, &belief) }
    }

    private static func maximise(_ tests: [TestLikelihood], _ kinds: Int, _ belief: inout EffectBelief) {
        let ratios = tests.map { Ratios($0, resolution: belief.resolution) }
        for _ in 0..<iterations { improve(&belief, ratios, kinds) }
        belief.evidence = ratios.reduce(0) { $0 + min(mostOfOneTest, log($1.total(belief, kinds)) + $1.highest) }
    }

    /// The least lift that counts, in standard errors of a test: what tests tell from none together.
    ///
    /// A lift raises the variance of what `n` of them show by its square, whose standard error is √(2/n), and twice that is told from nothing.
    /// Only as far as it is beyond doubt that the shop has effects at all: where it has none, whatever counts is a false alarm.
    private static func resolution(_ belief: EffectBelief) -> Double {
        let together = min(1, pow(8 / Double(belief.tests), 0.25))
        let certainty = min(1, max(0, (belief.evidence - doubt) / doubt))
        return pow(together, certainty)
    }

    /// What chance and small faults of the model alone make of the evidence.
    private static let doubt = 8.0
    /// What one test adds to it at most: a single great effect does not show that there are small ones.
    private static let mostOfOneTest = 2.0

    /// Where the groups A lie, and how much of that the two groups of a test share.
    ///
    /// Their noises are independent, so the mean product of their distances from the common level is the variance of the tests' own
    /// levels. One standard error is added, because to think it too small would be to trust the common level too much.
    private static func learnLevel(_ tests: [TestSummary], _ belief: inout EffectBelief) {
        let count = Double(tests.count)
        var (level, variance) = ([Double](), [Double]())
        for signal in 0..<Signal.count {
            let mean = tests.reduce(0) { $0 + $1.a[signal] } / count
            let products = tests.map { ($0.a1[signal] - mean) * ($0.a2[signal] - mean) }
            let product = products.reduce(0, +) / count
            let spread = products.reduce(0) { $0 + ($1 - product) * ($1 - product) } / count
            let own = tests.reduce(0) { $0 + $1.varianceOfA[signal * Signal.count + signal] } / count
            level.append(mean)
            variance.append(max(product + (spread / count).squareRoot(), 1e-3 * own + 1e-15))
        }
        belief.level = level
        belief.levelVariance = variance
    }

    /// The likelihood ratios of a test for every kind and size, on a common scale.
    private struct Ratios {
        var up: [Float] = []
        var down: [Float] = []
        var zero: Float
        var shapeless: Float
        /// The logarithm of the scale: of the best that any effect makes of the test, relative to none.
        let highest: Double
        /// Of each kind, the first size that counts.
        var resolved: [Int] = []

        init(_ likelihood: TestLikelihood, resolution: Double) {
            let (information, score) = (likelihood.information, likelihood.score)
            var highest = max(0, likelihood.shapeless)
            for kind in information.indices where information[kind] > 0 {
                highest = max(highest, 0.5 * score[kind] * score[kind] / information[kind])
            }
            for kind in information.indices {
                let least = likelihood.resolution(kind) * resolution
                resolved.append(EffectBelief.sizes.firstIndex { $0 >= least } ?? EffectBelief.sizes.count)
                for size in EffectBelief.sizes {
                    let loss = 0.5 * information[kind] * size * size + highest
                    up.append(Float(exp(score[kind] * size - loss)))
                    down.append(Float(exp(-score[kind] * size - loss)))
                }
            }
            self.highest = highest
            zero = Float(exp(-highest))
            shapeless = Float(exp(likelihood.shapeless - highest))
        }

        /// How likely the test is under a belief.
        func total(_ belief: EffectBelief, _ kinds: Int) -> Double {
            let (sizes, shaped) = (belief.sizes.count, 1 - belief.shapeless)
            var total = Double(zero) * belief.zero * shaped + Double(shapeless) * belief.shapeless
            for each in 0..<(kinds * sizes) {
                let weight = belief.kinds[each / sizes] * belief.sizes[each % sizes] * shaped
                total += weight * (belief.positive * Double(up[each]) + belief.negative * Double(down[each]))
            }
            return total
        }
    }

    /// One step of expectation-maximisation.
    private static func improve(_ belief: inout EffectBelief, _ tests: [Ratios], _ kinds: Int) {
        let sizes = EffectBelief.sizes.count
        let shaped = 1 - belief.shapeless
        var (positive, zero, negative, shapeless) = (0.0, 0.0, 0.0, 0.0)
        var kindSums = [Double](repeating: 0, count: kinds)
        var sizeSums = [Double](repeating: 0, count: sizes)
        let weights = (0..<(kinds * sizes)).map { Float(belief.kinds[$0 / sizes] * belief.sizes[$0 % sizes] * shaped) }
        let (up, down) = (Float(belief.positive), Float(belief.negative))
        var ups = [Float](repeating: 0, count: weights.count)
        var downs = ups
        for test in tests {
            var total = test.zero * Float(belief.zero * shaped) + test.shapeless * Float(belief.shapeless)
            for each in weights.indices {
                ups[each] = test.up[each] * weights[each] * up
                downs[each] = test.down[each] * weights[each] * down
                total += ups[each] + downs[each]
            }
            guard total > 0, total.isFinite else { continue }
            let scale = 1 / Double(total)
            zero += Double(test.zero) * belief.zero * shaped * scale
            shapeless += Double(test.shapeless) * belief.shapeless * scale
            for kind in 0..<kinds {
                for size in 0..<sizes {
                    let (above, below) = (Double(ups[kind * sizes + size]) * scale, Double(downs[kind * sizes + size]) * scale)
                    // What counts as none says nothing of the effects there are: else it would be taken for small ones, of which ever
                    // more would count as none.
                    if size < test.resolved[kind] {
                        zero += above + below
                        continue
                    }
                    kindSums[kind] += above + below
                    sizeSums[size] += above + below
                    positive += above
                    negative += below
                }
            }
        }
        update(&belief, positive, zero, negative, shapeless, kindSums, sizeSums, tests.count)
    }

    private static func update(
        _ belief: inout EffectBelief, _ positive: Double, _ zero: Double, _ negative: Double, _ shapeless: Double, _ kinds: [Double],
        _ sizes: [Double], _ tests: Int
    ) {
        let signs = EffectBelief.defaultSigns
        let all = (
            positive + defaultTests * signs.positive, zero + defaultTests * signs.zero + towardsZero,
            negative + defaultTests * signs.negative
        )
        let sum = all.0 + all.1 + all.2
        (belief.positive, belief.zero, belief.negative) = (all.0 / sum, all.1 / sum, all.2 / sum)
        belief.kinds = shares(kinds)
        // Neighbouring sizes are much alike.
        belief.sizes = shares(
            sizes.indices.map { each in
                0.5 * sizes[each] + 0.25 * (each > 0 ? sizes[each - 1] : 0) + 0.25 * (each + 1 < sizes.count ? sizes[each + 1] : 0)
            })
        belief.shapeless = (shapeless + defaultTests * 0.02) / (Double(tests) + defaultTests)
    }

    private static func shares(_ sums: [Double]) -> [Double] {
        let raised = sums.map { $0 + defaultTests / Double(sums.count) }
        let total = raised.reduce(0, +)
        return raised.map { $0 / total }
    }
}
