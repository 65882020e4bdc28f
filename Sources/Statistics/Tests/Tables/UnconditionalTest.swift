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

    /// How many trials a group may have: every table is gone through, for thousands of common probabilities.
    public static let trialLimit = 50_000

    /// Compares two proportions of at most ``trialLimit`` trials each.
    ///
    /// A p-value takes O(n) memory and O(n √n) time for n trials.
    public init(_ first: Proportion, _ second: Proportion, ordering: Ordering = .fisher) throws(StatisticsError) {
        for (argument, proportion) in [("first", first), ("second", second)] where proportion.trials > Self.trialLimit {
            throw .tooMany(argument: argument, count: proportion.trials, limit: Self.trialLimit)
        }
        (self.first, self.second, self.ordering) = (first, second, ordering)
    }

    /// The test's name, for a report.
    public var name: String { ordering == .fisher ? "Boschloo's exact test" : "Barnard's exact test" }

    /// The z statistic, infinite between nothing and everything by separate variances; or Fisher's p-value for the likelier side.
    public var statistic: Double {
        let (x, y) = (first.successes, second.successes)
        return ordering == .fisher ? min(fisher(x, y, .less), fisher(x, y, .greater)) : z(x, y)
    }

    /// The probability, under the null hypothesis, of a statistic at least this extreme.
    public func pValue(_ alternative: Alternative) -> Double {
        switch (ordering, alternative) {
        case (.fisher, .twoSided):
            return min(1, 2 * min(pValue(.less), pValue(.greater)))
        case (.fisher, _):
            // Rounding must not tell tables apart that tie.
            let limit = fisher(first.successes, second.successes, alternative) * (1 + 1e-10)
            let isExtreme = { (x: Int, y: Int) in fisher(x, y, alternative) <= limit }
            return supremum(tables(less: alternative == .less ? isExtreme : nil, greater: alternative == .greater ? isExtreme : nil))
        case (_, _):
            let observed = z(first.successes, second.successes)
            // Nothing but itself ties with an infinite statistic.
            let slack = observed.isFinite ? 1e-12 * max(1, abs(observed)) : 0
            let (low, high) =
                alternative == .twoSided ? (-abs(observed) + slack, abs(observed) - slack) : (observed + slack, observed - slack)
            if alternative == .twoSided, low >= high { return 1 }
            return supremum(
                tables(
                    less: alternative == .greater ? nil : { z($0, $1) <= low }, greater: alternative == .less ? nil : { z($0, $1) >= high })
            )
        }
    }

    private func fisher(_ x: Int, _ y: Int, _ alternative: Alternative) -> Double {
        let law = Hypergeometric(validatedPopulation: first.trials + second.trials, marked: x + y, draws: first.trials)
        return alternative == .less ? law.cdf(x) : law.survival(x - 1)
    }

    private func z(_ x: Int, _ y: Int) -> Double {
        let (n, m) = (Double(first.trials), Double(second.trials))
        let (p, q) = (Double(x) / n, Double(y) / m)
        if p == q { return 0 }
        let pooled = Double(x + y) / (n + m)
        let variance = ordering == .pooled ? pooled * (1 - pooled) * (1 / n + 1 / m) : p * (1 - p) / n + q * (1 - q) / m
        return (p - q) / variance.squareRoot()
    }

    /// The tables that a statistic finds extreme; all three statistics rise with the first's successes and fall with the second's.
    private func tables(less: ((Int, Int) -> Bool)?, greater: ((Int, Int) -> Bool)?) -> ExtremeTables {
        ExtremeTables(first.trials, second.trials, less: less, greater: greater)
    }

    /// The largest probability of the tables over the common success probability: a grid finer than the polynomial's waves, then golden sections.
    private func supremum(_ tables: ExtremeTables) -> Double {
        // A sixth of the width of the narrower law: between two points the function cannot hide half a per cent.
        let points = 64 + Int(16 * Double(max(first.trials, second.trials)).squareRoot())
        // Even in the arcsine scale, on which binomial laws have one width everywhere.
        let at = { (u: Double) in sin(u) * sin(u) }
        let step = 0.5 * Double.pi / Double(points)
        let values = (0...points).map { tables.probability(at: at(Double($0) * step)) }
        var best = values.max() ?? 0
        let peaks = (1..<points).filter { i in
            values[i] > 0.99 * best && values[i] >= values[i - 1] && values[i] >= values[i + 1]
        }
        // Of thousands of trials the waves are many and all but alike, so the highest are enough.
        for i in peaks.sorted(by: { values[$0] > values[$1] }).prefix(40) {
            best = max(best, goldenMaximum(Double(i - 1) * step, Double(i + 1) * step) { tables.probability(at: at($0)) })
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
}

/// The tables at least as extreme as one: a staircase in either corner.
private struct ExtremeTables {
    private let trials: (first: Int, second: Int)
    /// By the first's successes: so many of the second's counts, from none on, belong to the corner where the first is greater.
    private var few: [Int]
    /// By the first's successes: from this count of the second's on they belong to the corner where the first is less.
    private var many: [Int]

    /// Walks along the edges of both corners, O(n + m) tables each.
    ///
    /// The condition `less` holds ever more as the second's count rises and the first's falls, `greater` the other way round.
    init(_ n: Int, _ m: Int, less: ((Int, Int) -> Bool)?, greater: ((Int, Int) -> Bool)?) {
        trials = (n, m)
        (few, many) = (Array(repeating: 0, count: n + 1), Array(repeating: m + 1, count: n + 1))
        if let greater {
            var count = 0
            for x in 0...n {
                while count <= m, greater(x, count) { count += 1 }
                few[x] = count
            }
        }
        if let less {
            var start = 0
            for x in 0...n {
                while start <= m, !less(x, start) { start += 1 }
                many[x] = start
            }
        }
    }

    /// The chance of one of them where both groups have one probability.
    func probability(at p: Double) -> Double {
        let outer = BinomialMasses(trials.first, p)
        let inner = BinomialMasses(trials.second, p)
        // The masses before each place and from it on, each added up from its own end, so that neither tail is a difference.
        var before = [Double](repeating: 0, count: inner.masses.count + 1)
        var from = before
        for k in inner.masses.indices { before[k + 1] = before[k] + inner.masses[k] }
        for k in inner.masses.indices.reversed() { from[k] = from[k + 1] + inner.masses[k] }
        var sum = 0.0
        for (place, mass) in outer.masses.enumerated() {
            let x = outer.lowest + place
            let low = min(max(few[x] - inner.lowest, 0), inner.masses.count)
            let high = min(max(many[x] - inner.lowest, 0), inner.masses.count)
            sum += mass * (before[low] + from[high])
        }
        return sum
    }
}

/// The masses of a binomial law that a double can hold, outward from its mode.
private struct BinomialMasses {
    /// The count of the first of them.
    let lowest: Int
    let masses: [Double]

    init(_ trials: Int, _ p: Double) {
        guard p > 0, p < 1 else {
            (lowest, masses) = (p <= 0 ? 0 : trials, [1])
            return
        }
        let mode = min(trials, Int(Double(trials + 1) * p))
        let most = Binomial(validatedTrials: trials, probability: p).mass(mode)
        let (odds, least) = (p / (1 - p), Double.leastNormalMagnitude)
        var (below, above) = ([Double](), [most])
        var (mass, k) = (most, mode)
        while k > 0, mass > least {
            mass *= Double(k) / Double(trials - k + 1) / odds
            k -= 1
            below.append(mass)
        }
        lowest = k
        (mass, k) = (most, mode)
        while k < trials, mass > least {
            mass *= Double(trials - k) / Double(k + 1) * odds
            k += 1
            above.append(mass)
        }
        masses = below.reversed() + above
    }
}
