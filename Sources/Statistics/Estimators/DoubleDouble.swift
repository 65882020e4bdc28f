/// A number as the unevaluated sum of two doubles: about 32 digits, for the few places where 16 do not suffice.
///
/// T. J. Dekker, "A floating-point technique for extending the available precision", Numerische Mathematik 18 (1971),
/// doi:10.1007/BF01397083.
struct DoubleDouble: Sendable {
    var high: Double
    var low: Double

    static let zero = DoubleDouble(0)

    init(_ high: Double, _ low: Double = 0) {
        (self.high, self.low) = (high, low)
    }

    /// The nearest double.
    var rounded: Double { high + low }

    /// a + b without error.
    @inline(__always)
    static func sum(_ a: Double, _ b: Double) -> DoubleDouble {
        let s = a + b
        let t = s - a
        return DoubleDouble(s, (a - (s - t)) + (b - t))
    }

    /// a + b without error, where |a| ≥ |b|.
    @inline(__always)
    private static func ordered(_ a: Double, _ b: Double) -> DoubleDouble {
        let s = a + b
        return DoubleDouble(s, b - (s - a))
    }

    /// a · b without error, by halves of 26 bits: the baseline processor has no fused multiply-add.
    @inline(__always)
    static func product(_ a: Double, _ b: Double) -> DoubleDouble {
        let p = a * b
        let (ah, al) = halves(a)
        let (bh, bl) = halves(b)
        return DoubleDouble(p, ((ah * bh - p) + ah * bl + al * bh) + al * bl)
    }

    @inline(__always)
    private static func halves(_ a: Double) -> (Double, Double) {
        let c = 134_217_729 * a
        let high = c - (c - a)
        return (high, a - high)
    }

    static func + (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble {
        let s = sum(a.high, b.high)
        let t = sum(a.low, b.low)
        let u = ordered(s.high, s.low + t.high)
        return ordered(u.high, u.low + t.low)
    }

    static prefix func - (a: DoubleDouble) -> DoubleDouble { DoubleDouble(-a.high, -a.low) }

    static func - (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble { a + -b }

    static func * (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble {
        let p = product(a.high, b.high)
        return ordered(p.high, p.low + (a.high * b.low + a.low * b.high))
    }

    static func / (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble {
        let first = a.high / b.high
        let rest = a - b * DoubleDouble(first)
        let second = rest.high / b.high
        let last = (rest - b * DoubleDouble(second)).high / b.high
        return ordered(first, second) + DoubleDouble(last)
    }

    /// The square root of a positive number: one step of Newton's from that of its greater part.
    func squareRoot() -> DoubleDouble {
        let root = high.squareRoot()
        let rest = self - Self.product(root, root)
        return Self.ordered(root, rest.high / (2 * root))
    }

    /// Σ x·y as if in twice the precision.
    ///
    /// Algorithm 5.3 of T. Ogita, S. M. Rump and S. Oishi, "Accurate sum and dot product", SIAM Journal on Scientific Computing 26
    /// (2005), doi:10.1137/030601818, without its last rounding.
    static func dot(_ xs: borrowing [Double], _ ys: borrowing [Double]) -> DoubleDouble {
        var (sum, rest) = (0.0, 0.0)
        xs.withUnsafeBufferPointer { xs in
            ys.withUnsafeBufferPointer { ys in
                for i in 0..<min(xs.count, ys.count) {
                    let p = product(xs[i], ys[i])
                    let s = Self.sum(sum, p.high)
                    sum = s.high
                    rest += s.low + p.low
                }
            }
        }
        return Self.sum(sum, rest)
    }
}
