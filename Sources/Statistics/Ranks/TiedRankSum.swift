internal import Glibc

/// The exact distribution of the Mann-Whitney statistic given the ties: every way of dealing out the values is equally likely.
///
/// Values that are equal form a class; classes are taken in one after the other. B. Streitberg and J. Röhmel, "Exact distributions for
/// permutation and rank tests", Statistical Software Newsletter 12 (1986).
struct TiedRankSum {
    /// P(2 U = k).
    private let masses: [Double]

    /// The sizes of the classes, in ascending order of their values; `first` is how many values the first sample has.
    ///
    /// Takes O(n² m N) time for samples of n and m values and N of both.
    init(classes: [Int], first: Int) {
        let total = classes.reduce(0, +)
        let second = total - first
        let width = 2 * first * second + 1
        // Entry i·width + k: the chance to have dealt i of the values so far to the first sample, with 2 U = k against those of the second.
        var table = [Double](repeating: 0, count: (first + 1) * width)
        table[0] = 1
        var dealt = 0
        for size in classes {
            var next = [Double](repeating: 0, count: table.count)
            for i in max(0, dealt - second)...min(first, dealt) {
                // The hypergeometric chances of j of this class going to the first sample.
                let left = total - dealt
                for j in max(0, size - (left - (first - i)))...max(0, min(size, first - i)) {
                    let chance = exp(
                        Self.logChoose(size, j) + Self.logChoose(left - size, first - i - j) - Self.logChoose(left, first - i))
                    // Each of them beats the second's values dealt before, and ties with those of its own class.
                    let gain = j * (2 * (dealt - i) + (size - j))
                    for k in 0..<(width - gain) { next[(i + j) * width + k + gain] += chance * table[i * width + k] }
                }
            }
            (table, dealt) = (next, dealt + size)
        }
        masses = Array(table[(first * width)...])
    }

    /// P(U ≤ u).
    func cdf(_ u: Double) -> Double { min(1, masses[...min(masses.count - 1, Int((2 * u).rounded()))].reduce(0, +)) }
    /// P(U ≥ u).
    func upper(_ u: Double) -> Double { min(1, masses[min(masses.count - 1, Int((2 * u).rounded()))...].reduce(0, +)) }

    private static func logChoose(_ n: Int, _ k: Int) -> Double {
        k < 0 || k > n ? -.infinity : lgamma(Double(n + 1)) - lgamma(Double(k + 1)) - lgamma(Double(n - k + 1))
    }
}
