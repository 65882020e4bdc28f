internal import Glibc

/// Two-sided p-values of discrete unimodal laws.
enum ExactTails {
    /// How much likelier than the observed outcome another may be and still count as no likelier: rounding, as in R's `fisher.test`.
    private static let tolerance = 1e-7

    /// The probability of all outcomes that are no likelier than `observed`.
    ///
    /// Takes O(log n) masses and two tails.
    static func twoSided<Law: DiscreteDistribution>(_ law: Law, _ observed: Int) -> Double {
        let support = law.support
        guard support.contains(observed) else { return 0 }
        let limit = law.logMass(observed) + log1p(tolerance)
        let mode = modeOf(law)
        if observed == mode || law.logMass(mode) <= limit { return 1 }
        if observed < mode {
            let other = least(in: (mode + 1)...(max(mode + 1, support.upperBound))) { $0 > support.upperBound || law.logMass($0) <= limit }
            return min(1, law.cdf(observed) + law.survival(other - 1))
        }
        let other = greatest(in: min(mode - 1, support.lowerBound - 1)...(mode - 1)) { $0 < support.lowerBound || law.logMass($0) <= limit }
        return min(1, law.survival(observed - 1) + law.cdf(other))
    }

    private static func modeOf<Law: DiscreteDistribution>(_ law: Law) -> Int {
        let support = law.support
        var mode = min(max(Int(law.mean ?? 0), support.lowerBound), support.upperBound)
        while mode < support.upperBound, law.logMass(mode + 1) > law.logMass(mode) { mode += 1 }
        while mode > support.lowerBound, law.logMass(mode - 1) > law.logMass(mode) { mode -= 1 }
        return mode
    }

    /// The least value of a range for which a condition holds that, once true, stays true; one beyond the range if none.
    private static func least(in range: ClosedRange<Int>, where holds: (Int) -> Bool) -> Int {
        var (low, high) = (range.lowerBound, range.upperBound + 1)
        while low < high {
            let middle = low + (high - low) / 2
            if holds(middle) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    private static func greatest(in range: ClosedRange<Int>, where holds: (Int) -> Bool) -> Int {
        -least(in: -range.upperBound ... -range.lowerBound) { holds(-$0) }
    }
}
