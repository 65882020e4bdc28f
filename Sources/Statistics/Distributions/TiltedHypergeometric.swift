internal import Glibc

/// Fisher's noncentral hypergeometric law: the masses of the central one times powers of the odds ratio.
struct TiltedHypergeometric {
    private let lowest: Int
    private let logMasses: [Double]

    init(_ law: Hypergeometric) {
        lowest = law.support.lowerBound
        logMasses = law.support.map { law.logMass($0) }
    }

    func mean(_ logOdds: Double) -> Double {
        let (weights, sum) = weights(logOdds)
        return weights.indices.reduce(0) { $0 + Double(lowest + $1) * weights[$1] } / sum
    }

    /// P(X ≤ k).
    func lower(_ logOdds: Double, _ k: Int) -> Double {
        let (weights, sum) = weights(logOdds)
        return weights[...(k - lowest)].reduce(0, +) / sum
    }

    /// P(X ≥ k).
    func upper(_ logOdds: Double, _ k: Int) -> Double {
        let (weights, sum) = weights(logOdds)
        return weights[(k - lowest)...].reduce(0, +) / sum
    }

    private func weights(_ logOdds: Double) -> ([Double], Double) {
        var logs = logMasses
        for i in logs.indices { logs[i] += logOdds * Double(lowest + i) }
        let top = logs.max() ?? 0
        for i in logs.indices { logs[i] = exp(logs[i] - top) }
        return (logs, logs.reduce(0, +))
    }
}
