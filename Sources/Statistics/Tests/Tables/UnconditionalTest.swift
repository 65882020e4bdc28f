internal import Glibc

/// Exact tests of two proportions that hold only the two numbers of trials fixed: Barnard's and Boschloo's.
///
/// The p-value is the largest, over all common probabilities, of the chance of a table at least as extreme as the observed one.
/// G. A. Barnard, "Significance tests for 2 × 2 tables", Biometrika 34 (1947), doi:10.1093/biomet/34.1-2.123;
/// R. D. Boschloo, "Raised conditional level of significance for the 2 × 2 table", Statistica Neerlandica 24 (1970), doi:10.1111/j.1467-9574.1970.tb00104.x.
public struct UnconditionalTest: DirectionalTest {
    /// What makes a table extreme.
    public enum Ordering: String, Sendable, CaseIterable {
        /// Barnard's test by the z statistic with pooled variance.
        case pooled = "barnard"
        /// Barnard's test by the z statistic with separate variances.
        case unpooled = "barnard-unpooled"
        /// Boschloo's test, by Fisher's one-sided p-value; uniformly more powerful than Fisher's test.
        case fisher = "boschloo"
    }

    /// The first proportion.
    public let first: Proportion
    /// The second proportion.
    public let second: Proportion
    /// What makes a table extreme.
    public let ordering: Ordering

    /// Compares two proportions.
    ///
    /// A p-value takes O(n²) time for n trials.
    public init(_ first: Proportion, _ second: Proportion, ordering: Ordering = .fisher) {
        (self.first, self.second, self.ordering) = (first, second, ordering)
    }

    /// The test's name, for a report.
    public var name: String { ordering == .fisher ? "Boschloo's exact test" : "Barnard's exact test" }

    /// The z statistic, or Fisher's p-value for the likelier side.
    public var statistic: Double {
        ordering == .fisher ? min(fisher(.less), fisher(.greater)) : z(first.successes, second.successes)
    }

    /// The probability, under the null hypothesis, of a statistic at least this extreme.
    public func pValue(_ alternative: Alternative) -> Double {
        switch (ordering, alternative) {
        case (.fisher, .twoSided):
            return min(1, 2 * min(pValue(.less), pValue(.greater)))
        case (.fisher, _):
            let limit = fisher(alternative) * (1 + 1e-13)
            return supremum(FisherGrid(first.trials, second.trials, alternative).values.map { $0.map { $0 <= limit } })
        case (_, _):
            let observed = z(first.successes, second.successes)
            let slack = 1e-12 * max(1, abs(observed))
            return supremum(
                (0...first.trials).map { x in
                    (0...second.trials).map { y in
                        let value = z(x, y)
                        switch alternative {
                        case .twoSided: return abs(value) >= abs(observed) - slack
                        case .less: return value <= observed + slack
                        case .greater: return value >= observed - slack
                        }
                    }
                })
        }
    }

    private func fisher(_ alternative: Alternative) -> Double {
        let law = Hypergeometric(
            validatedPopulation: first.trials + second.trials, marked: first.successes + second.successes, draws: first.trials)
        return alternative == .less ? law.cdf(first.successes) : law.survival(first.successes - 1)
    }

    private func z(_ x: Int, _ y: Int) -> Double {
        let (n, m) = (Double(first.trials), Double(second.trials))
        let (p, q) = (Double(x) / n, Double(y) / m)
        if p == q { return 0 }
        let pooled = Double(x + y) / (n + m)
        let variance = ordering == .pooled ? pooled * (1 - pooled) * (1 / n + 1 / m) : p * (1 - p) / n + q * (1 - q) / m
        return (p - q) / variance.squareRoot()
    }

    /// The largest probability of the region over the common success probability: a grid finer than the polynomial's waves, then golden sections.
    private func supremum(_ region: [[Bool]]) -> Double {
        let runs = region.map(Self.runs)
        // A sixth of the width of the narrower law: between two points the function cannot hide half a per cent.
        let points = 64 + Int(16 * Double(max(first.trials, second.trials)).squareRoot())
        // Even in the arcsine scale, on which binomial laws have one width everywhere.
        let at = { (u: Double) in sin(u) * sin(u) }
        let step = 0.5 * Double.pi / Double(points)
        let values = (0...points).map { probability(of: runs, at: at(Double($0) * step)) }
        var best = values.max() ?? 0
        for i in values.indices
        where values[i] > 0.99 * best && i > 0 && i < points && values[i] >= values[i - 1] && values[i] >= values[i + 1] {
            best = max(best, goldenMaximum(Double(i - 1) * step, Double(i + 1) * step) { probability(of: runs, at: at($0)) })
        }
        return min(1, best)
    }

    private func goldenMaximum(_ from: Double, _ to: Double, _ f: (Double) -> Double) -> Double {
        let ratio = 0.618_033_988_749_894_8
        var (a, d) = (from, to)
        var (b, c) = (d - ratio * (d - a), a + ratio * (d - a))
        var (fb, fc) = (f(b), f(c))
        for _ in 0..<30 {
            if fb > fc {
                (d, c, fc) = (c, b, fb)
                b = d - ratio * (d - a)
                fb = f(b)
            } else {
                (a, b, fb) = (b, c, fc)
                c = a + ratio * (d - a)
                fc = f(c)
            }
        }
        return max(fb, fc)
    }

    /// The probability that both counts fall into the region.
    private func probability(of runs: [[Range<Int>]], at p: Double) -> Double {
        let outer = Self.masses(first.trials, p)
        let inner = Self.masses(second.trials, p)
        // The masses before each place and from it on, each added up from its own end, so that neither tail is a difference.
        var before = [Double](repeating: 0, count: inner.count + 1)
        var from = before
        for k in inner.indices { before[k + 1] = before[k] + inner[k] }
        for k in inner.indices.reversed() { from[k] = from[k + 1] + inner[k] }
        var sum = 0.0
        for (x, row) in runs.enumerated() where outer[x] > 0 {
            for run in row {
                let chance: Double
                if run.lowerBound == 0 {
                    chance = before[run.upperBound]
                } else if run.upperBound == inner.count {
                    chance = from[run.lowerBound]
                } else {
                    chance = inner[run].reduce(0, +)
                }
                sum += outer[x] * chance
            }
        }
        return sum
    }

    private static func runs(_ row: [Bool]) -> [Range<Int>] {
        var (found, start): ([Range<Int>], Int?) = ([], nil)
        for (i, isIn) in (row + [false]).enumerated() {
            if isIn, start == nil { start = i }
            if !isIn, let from = start {
                found.append(from..<i)
                start = nil
            }
        }
        return found
    }

    /// All masses of a binomial law, outward from its mode.
    private static func masses(_ trials: Int, _ p: Double) -> [Double] {
        var masses = [Double](repeating: 0, count: trials + 1)
        if p <= 0 || p >= 1 {
            masses[p <= 0 ? 0 : trials] = 1
            return masses
        }
        let mode = min(trials, Int(Double(trials + 1) * p))
        masses[mode] = Binomial(validatedTrials: trials, probability: p).mass(mode)
        let odds = p / (1 - p)
        for k in stride(from: mode, to: trials, by: 1) { masses[k + 1] = masses[k] * (Double(trials - k) / Double(k + 1)) * odds }
        for k in stride(from: mode, to: 0, by: -1) { masses[k - 1] = masses[k] * (Double(k) / Double(trials - k + 1)) / odds }
        return masses
    }
}

/// Fisher's one-sided p-values of every table with two given row totals.
private struct FisherGrid {
    /// By successes in the first row, then in the second.
    var values: [[Double]]

    init(_ n: Int, _ m: Int, _ alternative: Alternative) {
        values = Array(repeating: Array(repeating: 0, count: m + 1), count: n + 1)
        for successes in 0...(n + m) {
            let law = Hypergeometric(validatedPopulation: n + m, marked: successes, draws: n)
            let support = law.support
            var masses = [Double](repeating: 0, count: support.count)
            // Outward from the mode by the ratio of neighbouring masses.
            let mode = min(max((n + 1) * (successes + 1) / (n + m + 2), support.lowerBound), support.upperBound)
            masses[mode - support.lowerBound] = law.mass(mode)
            let up = { (k: Int) in Double((successes - k) * (n - k)) / Double((k + 1) * (m - successes + k + 1)) }
            for k in stride(from: mode, to: support.upperBound, by: 1) {
                masses[k + 1 - support.lowerBound] = masses[k - support.lowerBound] * up(k)
            }
            for k in stride(from: mode, to: support.lowerBound, by: -1) {
                masses[k - 1 - support.lowerBound] = masses[k - support.lowerBound] / up(k - 1)
            }
            var tail = 0.0
            for k in alternative == .less ? Array(support) : support.reversed() {
                tail += masses[k - support.lowerBound]
                values[k][successes - k] = min(1, tail)
            }
        }
    }
}
