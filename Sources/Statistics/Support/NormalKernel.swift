internal import Glibc

/// The standard normal functions in plain double arithmetic, for inner loops.
enum NormalKernel {
    static let logRootTwoPi = 0.918_938_533_204_672_741_78

    @inline(__always)
    static func density(_ z: Double) -> Double { exp(-0.5 * z * z - logRootTwoPi) }

    @inline(__always)
    static func cdf(_ z: Double) -> Double { 0.5 * erfc(-z * 0.5.squareRoot()) }

    /// log Φ(z), for any z.
    static func logCDF(_ z: Double) -> Double {
        if z > 0 { return log1p(-cdf(-z)) }
        if z > -35 { return log(cdf(z)) }
        // Mills' ratio by its asymptotic series (DLMF 7.12.1); at z = -35 the sixth term is below 1e-16.
        let s = 1 / (z * z)
        let series = 1 - s * (1 - 3 * s * (1 - 5 * s * (1 - 7 * s * (1 - 9 * s))))
        return -0.5 * z * z - logRootTwoPi - log(-z) + log(series)
    }
}
