internal import Glibc

/// Integrals over the real line of positive functions given by their logarithm, to nearly full relative precision.
///
/// The trapezoidal rule converges geometrically for analytic integrands that vanish at both ends; L. N. Trefethen and
/// J. A. C. Weideman, "The exponentially convergent trapezoidal rule", SIAM Review 56 (2014), doi:10.1137/130932132.
/// Nothing is subtracted, so a result of 1e-300 is as precise as one of 0.5.
enum PositiveIntegral {
    /// log ∫ exp(f(w)) dw, for a unimodal `f`; the search for its peak starts at `start` with steps of `scale`.
    static func log(from start: Double, scale: Double, _ f: (Double) -> Double) -> Double {
        let (peak, top, width) = climb(from: start, step: scale, f)
        guard top > -.infinity else { return -.infinity }
        var step = 0.7 * width
        var sum = strip(peak, step, 0, top, f)
        for _ in 0..<12 {
            let refined = sum + strip(peak, step, 0.5, top, f)
            // Halving the step squares the error.
            let settled = abs(refined - 2 * sum) <= 1e-9 * refined
            (sum, step) = (refined, step / 2)
            if settled { break }
        }
        return top + Glibc.log(sum * step)
    }

    /// The sum of exp(f - top) over the points peak + (i + offset) step, outward until the terms vanish.
    private static func strip(_ peak: Double, _ step: Double, _ offset: Double, _ top: Double, _ f: (Double) -> Double) -> Double {
        var sum = 0.0
        for side in 0...1 {
            var i = side == 0 ? offset : offset - 1
            while true {
                let term = exp(f(peak + i * step) - top)
                sum += term
                // A step that is lost beside the peak would never get away from it.
                if !(term > 1e-18 * sum) || abs(i) > 1e6 { break }
                i += side == 0 ? 1 : -1
            }
        }
        return sum
    }

    /// The place and height of the maximum, roughly, and the standard deviation of the bell that fits there.
    private static func climb(from start: Double, step: Double, _ f: (Double) -> Double) -> (Double, Double, Double) {
        var (x, top, stride) = (start, f(start), step)
        for _ in 0..<400 {
            let (left, right) = (f(x - stride), f(x + stride))
            if right > top, right >= left {
                (x, top) = (x + stride, right)
                stride *= 1.5
            } else if left > top {
                (x, top) = (x - stride, left)
                stride *= 1.5
            } else {
                let drop = 2 * top - left - right
                if drop < 2, drop > 0 { return (x, top, stride / drop.squareRoot()) }
                stride *= 0.4
                if stride < 1e-9 * step { break }
            }
        }
        return (x, top, step)
    }
}
