internal import Glibc

/// How much of the significance may be spent by the time that a share of the information is in.
///
/// K. K. G. Lan and D. L. DeMets, "Discrete sequential boundaries for clinical trials", Biometrika 70 (1983), doi:10.1093/biomet/70.3.659.
public enum SpendingFunction: Equatable, Sendable {
    /// Spends next to nothing early, like the bounds of O'Brien and Fleming: 2 - 2Φ(z_{α/2} / √t).
    case obrienFleming
    /// Spends evenly, like the bounds of Pocock: α log(1 + (e - 1) t).
    case pocock
    /// Spends α tʳ; K. Kim and D. L. DeMets, Biometrika 74 (1987), doi:10.1093/biomet/74.1.149.
    case power(rho: Double)
    /// Spends α (1 - e^{-γt}) / (1 - e^{-γ}), or αt for γ = 0; I. K. Hwang, W. J. Shih and J. S. de Cani, Statistics in Medicine 9 (1990),
    /// doi:10.1002/sim.4780091207.
    case hwangShihDeCani(gamma: Double)

    /// The significance spent when a share of the information between 0 and 1 is in, out of `significance` in one direction.
    public func spent(at fraction: Double, of significance: Double) throws(StatisticsError) -> Double {
        try Require.probability(fraction, "fraction")
        try Require.properProbability(significance, "significance")
        try validate()
        return unguarded(fraction, significance)
    }

    func validate() throws(StatisticsError) {
        switch self {
        case .power(let rho): try Require.positive(rho, "rho")
        case .hwangShihDeCani(let gamma): try Require.finite(gamma, "gamma")
        default: break
        }
    }

    func unguarded(_ t: Double, _ alpha: Double) -> Double {
        guard t > 0 else { return 0 }
        guard t < 1 else { return alpha }
        switch self {
        case .obrienFleming: return 2 * NormalKernel.cdf(Normal.standardQuantile(alpha / 2) / t.squareRoot())
        case .pocock: return alpha * log1p((M_E - 1) * t)
        case .power(let rho): return alpha * pow(t, rho)
        case .hwangShihDeCani(let gamma): return gamma == 0 ? alpha * t : alpha * expm1(-gamma * t) / expm1(-gamma)
        }
    }
}
