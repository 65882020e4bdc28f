internal import Glibc

/// Two-sided p-values of discrete unimodal laws: the probability of all outcomes that are no likelier than the one observed.
struct ExactTails<Law: DiscreteDistribution> {
    private let law: Law
    /// The last outcome of the lower tail and the first of the upper one; `nil` where every outcome belongs.
    private let ends: (lower: Int, upper: Int)?

    /// Finds both tails in O(log n) masses.
    init(_ law: Law, _ observed: Int) {
        self.law = law
        let support = law.support
        // How much likelier than the observed outcome another may be and still count as no likelier: rounding, as in R's `fisher.test`.
        let limit = law.logMass(observed) + log1p(1e-7)
        let mode = Self.mode(of: law)
        let negligible = { (k: Int) in !support.contains(k) || law.logMass(k) <= limit }
        if observed == mode || law.logMass(mode) <= limit {
            ends = nil
        } else if observed < mode {
            ends = (observed, Self.first(from: mode, by: 1, negligible))
        } else {
            ends = (Self.first(from: mode, by: -1, negligible), observed)
        }
    }

    var pValue: Double {
        guard let ends else { return 1 }
        return min(1, law.cdf(ends.lower) + law.survival(ends.upper - 1))
    }

    var logPValue: Double {
        guard let ends else { return 0 }
        let (a, b) = (law.logCDF(ends.lower), law.logSurvival(ends.upper - 1))
        let most = max(a, b)
        return most == -.infinity ? most : min(0, most + log1p(exp(min(a, b) - most)))
    }

    private static func mode(of law: Law) -> Int {
        let support = law.support
        var mode = min(max(Int(law.mean ?? 0), support.lowerBound), support.upperBound)
        while mode < support.upperBound, law.logMass(mode + 1) > law.logMass(mode) { mode += 1 }
        while mode > support.lowerBound, law.logMass(mode - 1) > law.logMass(mode) { mode -= 1 }
        return mode
    }

    /// The place nearest to `start` on one side from which on a condition holds: steps that double, then bisection.
    private static func first(from start: Int, by direction: Int, _ holds: (Int) -> Bool) -> Int {
        var (near, stride) = (0, 1)
        while !holds(start + direction * (near + stride)) {
            near += stride
            stride *= 2
        }
        var far = near + stride
        while far - near > 1 {
            let middle = near + (far - near) / 2
            if holds(start + direction * middle) { far = middle } else { near = middle }
        }
        return start + direction * far
    }
}
