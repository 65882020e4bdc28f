internal import Glibc

/// What is believed of one test's effect after looking at it.
package struct EffectPosterior: Sendable {
    /// A positive effect large enough to be told from none: by this test, or by all of the shop's tests together.
    package private(set) var positive = 0.0
    package private(set) var zero = 0.0
    package private(set) var negative = 0.0
    /// The expected lift.
    package private(set) var lift = 0.0
    /// For each kind, its share among effects that are not zero.
    package private(set) var kinds: [Double]

    /// That of a test which can tell no effect, of whatever size, from none.
    static func undecidable(_ belief: EffectBelief) -> EffectPosterior { EffectPosterior(undecidable: belief.kinds) }

    private init(undecidable kinds: [Double]) { (zero, self.kinds) = (1, kinds) }

    /// Sums over all kinds and sizes.
    package init(_ likelihood: TestLikelihood, _ belief: EffectBelief) {
        let sizes = EffectBelief.sizes
        let (information, score) = (likelihood.information, likelihood.score)
        var highest = max(0, likelihood.shapeless)
        for kind in information.indices {
            // The best likelihood of any size bounds all.
            if information[kind] > 0 { highest = max(highest, 0.5 * score[kind] * score[kind] / information[kind]) }
        }
        kinds = Array(repeating: 0, count: information.count)
        let shaped = 1 - belief.shapeless
        zero = exp(-highest) * belief.zero * shaped
        let shapeless = exp(likelihood.shapeless - highest) * belief.shapeless
        positive = shapeless * likelihood.shapelessPositive
        negative = shapeless * (1 - likelihood.shapelessPositive)
        for kind in information.indices {
            let resolution = likelihood.resolution(kind) * belief.resolution
            for (size, weight) in zip(sizes, belief.sizes) {
                let prior = weight * belief.kinds[kind] * shaped
                let loss = 0.5 * information[kind] * size * size + highest
                let up = prior * belief.positive * exp(score[kind] * size - loss)
                let down = prior * belief.negative * exp(-score[kind] * size - loss)
                // What cannot be told from nothing counts as nothing.
                if size < resolution {
                    zero += up + down
                } else {
                    positive += up
                    negative += down
                }
                kinds[kind] += up + down
                lift += (up - down) * size
            }
        }
        let total = positive + zero + negative
        positive /= total
        zero /= total
        negative /= total
        lift /= total
        let shared = kinds.reduce(0, +)
        if shared > 0 { for kind in kinds.indices { kinds[kind] /= shared } }
    }
}
