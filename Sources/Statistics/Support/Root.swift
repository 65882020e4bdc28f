internal import Glibc

/// Roots of monotone functions.
enum Root {
    /// The zero of `f` between `low` and `high`, where its signs differ, to full precision of the argument.
    ///
    /// T. R. Chandrupatla, "A new hybrid quadratic/bisection algorithm", Advances in Engineering Software 28 (1997),
    /// doi:10.1016/S0965-9978(96)00051-8: inverse quadratic interpolation where it is safe, bisection elsewhere.
    /// Returns `nil` when the ends do not bracket a zero.
    static func find(between low: Double, and high: Double, tolerance: Double = 0, _ f: (Double) -> Double) -> Double? {
        var (b, a) = (low, high)
        var (fb, fa) = (f(b), f(a))
        if fa == 0 { return a }
        if fb == 0 { return b }
        guard (fa < 0) != (fb < 0), !fa.isNaN, !fb.isNaN else { return nil }
        var (c, fc) = (a, fa)
        var t = 0.5
        for _ in 0..<400 {
            let x = a + t * (b - a)
            let fx = f(x)
            if fx.isNaN { return nil }
            if (fx < 0) == (fa < 0) {
                (c, fc) = (a, fa)
            } else {
                (c, fc, b, fb) = (b, fb, a, fa)
            }
            (a, fa) = (x, fx)
            let (best, fBest) = abs(fa) < abs(fb) ? (a, fa) : (b, fb)
            let slack = (max(tolerance, 2 * Double.ulpOfOne) * abs(best)) / abs(b - c)
            if fBest == 0 || slack > 0.5 || !slack.isFinite { return best }
            let (xi, phi) = ((a - b) / (c - b), (fa - fb) / (fc - fb))
            if phi * phi < xi, (1 - phi) * (1 - phi) < 1 - xi {
                t = fa / (fb - fa) * fc / (fb - fc) + (c - a) / (b - a) * fa / (fc - fa) * fb / (fc - fb)
            } else {
                t = 0.5
            }
            t = min(max(t, slack), 1 - slack)
        }
        return a
    }

    /// The zero of an increasing `f`, searched outward from `start` by growing steps and never beyond `limits`.
    static func increasing(from start: Double, step: Double, within limits: ClosedRange<Double>, _ f: (Double) -> Double) -> Double? {
        let inside = min(max(start, limits.lowerBound), limits.upperBound)
        let rising = f(inside) < 0
        var (near, far, stride) = (inside, inside, step)
        for _ in 0..<1100 {
            near = far
            far = rising ? min(far + stride, limits.upperBound) : max(far - stride, limits.lowerBound)
            if rising ? f(far) >= 0 : f(far) <= 0 { return find(between: min(near, far), and: max(near, far), f) }
            if far == limits.lowerBound || far == limits.upperBound { return far }
            stride *= 2
        }
        return nil
    }
}
