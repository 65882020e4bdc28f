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

    /// The quantile of a probability from 1e-10 to 1 - 1e-10, to a relative error of about 1e-16.
    ///
    /// M. J. Wichura, "Algorithm AS 241: The percentage points of the normal distribution", Applied Statistics 37 (1988), doi:10.2307/2347330, PPND16.
    static func quantile(_ p: Double) -> Double {
        let q = p - 0.5
        if abs(q) <= 0.425 {
            let r = 0.180_625 - q * q
            return q * ratio(r, centralNumerator, centralDenominator)
        }
        let r = (-log(q < 0 ? p : 1 - p)).squareRoot() - 1.6
        let z = ratio(r, outerNumerator, outerDenominator)
        return q < 0 ? -z : z
    }

    @inline(__always)
    private static func ratio(_ x: Double, _ above: SIMD8<Double>, _ below: SIMD8<Double>) -> Double {
        // Highest power first in the last lane.
        var (a, b) = (above[7], below[7])
        for i in stride(from: 6, through: 0, by: -1) {
            a = a * x + above[i]
            b = b * x + below[i]
        }
        return a / b
    }

    private static let centralNumerator = SIMD8<Double>(
        3.387_132_872_796_366_608, 133.141_667_891_784_377_45, 1971.590_950_306_551_442_7, 13731.693_765_509_461_125,
        45921.953_931_549_871_457,
        67265.770_927_008_700_853, 33430.575_583_588_128_105, 2509.080_928_730_122_672_7)
    private static let centralDenominator = SIMD8<Double>(
        1, 42.313_330_701_600_911_252, 687.187_007_492_057_908_30, 5394.196_021_424_751_107_7, 21213.794_301_586_595_867,
        39307.895_800_092_710_610,
        28729.085_735_721_942_674, 5226.495_278_852_854_561_0)
    private static let outerNumerator = SIMD8<Double>(
        1.423_437_110_749_683_577_34, 4.630_337_846_156_545_295_90, 5.769_497_221_460_691_405_50, 3.647_848_324_763_204_605_04,
        1.270_458_252_452_368_382_58, 0.241_780_725_177_450_611_770, 0.022_723_844_989_269_184_583_3, 7.745_450_142_783_414_076_40e-4)
    private static let outerDenominator = SIMD8<Double>(
        1, 2.053_191_626_637_758_821_87, 1.676_384_830_183_803_849_40, 0.689_767_334_985_100_004_550, 0.148_103_976_427_480_074_590,
        0.015_198_666_563_616_457_196_6, 5.475_938_084_995_344_946_00e-4, 1.050_750_071_644_416_843_24e-9)
}
