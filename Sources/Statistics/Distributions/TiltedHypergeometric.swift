internal import Glibc

/// Fisher's noncentral hypergeometric law: the masses of the central one times powers of the odds ratio.
struct TiltedHypergeometric {
    private let law: Hypergeometric

    init(_ law: Hypergeometric) { self.law = law }

    func mean(_ logOdds: Double) -> Double {
        let bulk = bulk(logOdds)
        return bulk.weights.indices.reduce(0) { $0 + Double(bulk.lowest + $1) * bulk.weights[$1] } / bulk.sum
    }

    /// P(X ≤ k).
    func lower(_ logOdds: Double, _ k: Int) -> Double {
        let bulk = bulk(logOdds)
        return bulk.weights.prefix(max(0, k + 1 - bulk.lowest)).reduce(0, +) / bulk.sum
    }

    /// P(X ≥ k).
    func upper(_ logOdds: Double, _ k: Int) -> Double {
        let bulk = bulk(logOdds)
        return bulk.weights.dropFirst(max(0, k - bulk.lowest)).reduce(0, +) / bulk.sum
    }

    /// How much less likely than the mode an outcome is that is left out: no tail that anybody asks for is as small.
    private static let negligible = 1e-40

    /// The masses over that of the mode, from the mode outward until they are negligible: O(standard deviation) of them.
    private func bulk(_ logOdds: Double) -> (lowest: Int, weights: [Double], sum: Double) {
        let (support, odds) = (law.support, exp(logOdds))
        let rest = law.population - law.marked - law.draws
        // The mass of k + 1 over that of k; it falls as k rises.
        let ratio = { (k: Int) in
            Double(law.marked - k) / Double(k + 1) * (Double(law.draws - k) / Double(rest + k + 1)) * odds
        }
        var (mode, last) = (support.lowerBound, support.upperBound)
        while mode < last {
            let middle = mode + (last - mode) / 2
            if ratio(middle) <= 1 { last = middle } else { mode = middle + 1 }
        }
        var (below, above) = ([Double](), [1.0])
        var (weight, k) = (1.0, mode)
        while k > support.lowerBound, weight > Self.negligible {
            k -= 1
            weight /= ratio(k)
            below.append(weight)
        }
        let lowest = k
        (weight, k) = (1, mode)
        while k < support.upperBound, weight > Self.negligible {
            weight *= ratio(k)
            k += 1
            above.append(weight)
        }
        let weights = below.reversed() + above
        return (lowest, weights, weights.reduce(0, +))
    }
}
