internal import Glibc

/// How p-values of several comparisons are adjusted, so that together they can be held against one significance level.
public enum Adjustment: String, Sendable, CaseIterable {
    /// No adjustment.
    case none
    /// Bonferroni: every p-value times the number of comparisons. Family-wise, always valid.
    case bonferroni
    /// Šidák, "Rectangular confidence regions", JASA 62 (1967), doi:10.1080/01621459.1967.10482935. Family-wise, for independent statistics.
    case sidak
    /// Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6 (1979). Family-wise, always valid.
    case holm
    /// Holm's steps with Šidák's bound.
    case holmSidak = "holm-sidak"
    /// Hochberg, Biometrika 75 (1988), doi:10.1093/biomet/75.4.800. Family-wise, for independent or positively dependent statistics.
    case hochberg
    /// Hommel, Biometrika 75 (1988), doi:10.1093/biomet/75.2.383. As Hochberg, a little stronger.
    case hommel
    /// Benjamini and Hochberg, JRSS B 57 (1995), doi:10.1111/j.2517-6161.1995.tb02031.x. False discovery rate, positive dependence.
    case benjaminiHochberg = "benjamini-hochberg"
    /// Benjamini and Yekutieli, Annals of Statistics 29 (2001), doi:10.1214/aos/1013699998. False discovery rate, any dependence.
    case benjaminiYekutieli = "benjamini-yekutieli"

    /// The adjusted p-values, in the order given.
    ///
    /// Takes O(n log n) time, Hommel's method O(n²).
    public func adjust(_ pValues: [Double]) throws(StatisticsError) -> [Double] {
        for (index, p) in pValues.enumerated() {
            guard !p.isNaN else { throw .notANumber(argument: "pValues", index: index) }
            guard p >= 0, p <= 1 else { throw .outOfRange(argument: "pValues[\(index)]", value: p, expected: "a probability from 0 to 1") }
        }
        let order = pValues.indices.sorted { pValues[$0] < pValues[$1] }
        let adjusted = adjustSorted(order.map { pValues[$0] })
        var result = pValues
        for (rank, index) in order.enumerated() { result[index] = min(1, adjusted[rank]) }
        return result
    }

    /// The significance that one of `count` comparisons is held against so that all intervals together have the level 1 - alpha.
    ///
    /// `nil` for step-wise methods, which give no simultaneous intervals of this kind, and where alpha is no probability.
    public func significance(alpha: Double, comparisons count: Int) -> Double? {
        guard alpha >= 0, alpha <= 1 else { return nil }
        return switch self {
        case .none: alpha
        case .bonferroni: alpha / Double(max(1, count))
        case .sidak: -expm1(log1p(-alpha) / Double(max(1, count)))
        default: nil
        }
    }

    private func adjustSorted(_ p: [Double]) -> [Double] {
        let n = p.count
        let m = Double(n)
        switch self {
        case .none: return p
        case .bonferroni: return p.map { $0 * m }
        case .sidak: return p.map { Self.sidak($0, m) }
        case .holm: return Self.runningMaximum(p.indices.map { p[$0] * Double(n - $0) })
        case .holmSidak: return Self.runningMaximum(p.indices.map { Self.sidak(p[$0], Double(n - $0)) })
        case .hochberg: return Self.runningMinimum(p.indices.map { p[$0] * Double(n - $0) })
        case .hommel: return Self.hommel(p)
        // The factor is rounded before the p-value comes in, so that the largest is left exactly as it is.
        case .benjaminiHochberg: return Self.runningMinimum(p.indices.map { p[$0] * (m / Double($0 + 1)) })
        case .benjaminiYekutieli:
            let harmonic = p.indices.reduce(0) { $0 + 1 / Double($1 + 1) }
            return Self.runningMinimum(p.indices.map { p[$0] * (harmonic * m / Double($0 + 1)) })
        }
    }

    private static func sidak(_ p: Double, _ count: Double) -> Double {
        -expm1(count * log1p(-p))
    }

    private static func runningMaximum(_ values: [Double]) -> [Double] {
        var highest = 0.0
        return values.map {
            highest = max(highest, $0)
            return highest
        }
    }

    private static func runningMinimum(_ values: [Double]) -> [Double] {
        var lowest = Double.infinity
        return values.reversed().map {
            lowest = min(lowest, $0)
            return lowest
        }.reversed()
    }

    /// Steps down over the sizes of the subsets.
    ///
    /// S. P. Wright, "Adjusted p-values for simultaneous inference", Biometrics 48 (1992), doi:10.2307/2532694, appendix.
    private static func hommel(_ p: [Double]) -> [Double] {
        let n = p.count
        guard n > 1 else { return p }
        let simes: Double = p.indices.map { i in p[i] * (Double(n) / Double(i + 1)) }.min() ?? 1
        var adjusted = p.map { max($0, simes) }
        for m in stride(from: n - 1, to: 1, by: -1) {
            let head = n - m
            let scale = Double(m)
            let bound: Double = (1..<m).map { i in p[head + i] * (scale / Double(i + 1)) }.min() ?? 1
            for i in p.indices {
                adjusted[i] = max(adjusted[i], min(scale * p[min(i, head)], bound))
            }
        }
        return adjusted
    }
}
