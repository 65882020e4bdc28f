internal import Glibc

/// The standard normal probability of an interval.
enum NormalInterval {
    /// log(Φ(b) - Φ(b - width)), precise also where the interval is short or far out.
    static func log(width: Double, below b: Double) -> Double {
        if width < 0.5 { return short(middle: b - 0.5 * width, half: 0.5 * width) }
        let a = b - width
        // Mirrored so that the interval's bulk lies to the left, where Φ is small and precise.
        let (low, high) = a + b > 0 ? (-b, -a) : (a, b)
        let top = NormalKernel.logCDF(high)
        return top + log1p(-exp(NormalKernel.logCDF(low) - top))
    }

    /// Eight-point Gauss-Legendre quadrature of the density, relative to its midpoint.
    ///
    /// Nodes and weights: M. Abramowitz and I. Stegun, Handbook of Mathematical Functions, table 25.4.
    private static func short(middle: Double, half: Double) -> Double {
        // The density at middle ± d over that in the middle, both sides added.
        func pair(_ node: Double) -> Double {
            let d = half * node
            return 2 * exp(-0.5 * d * d) * cosh(middle * d)
        }
        var sum = 0.362_683_783_378_361_98 * pair(0.183_434_642_495_649_80)
        sum += 0.313_706_645_877_887_29 * pair(0.525_532_409_916_328_99)
        sum += 0.222_381_034_453_374_47 * pair(0.796_666_477_413_626_74)
        sum += 0.101_228_536_290_376_26 * pair(0.960_289_856_497_536_23)
        return Glibc.log(half * sum) - 0.5 * middle * middle - NormalKernel.logRootTwoPi
    }
}
