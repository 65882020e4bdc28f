/// Long sums in eight lanes, which are four registers on the oldest processors that the program runs on: deep enough that no addition waits for
/// the last one, and two such sums leave room among sixteen registers for what else a loop holds.
enum Lanes {
    /// How many values are taken at once: 32 kB, which stay in the first-level cache while they are read again.
    static let block = 4096

    typealias Vector = SIMD8<Double>

    @inline(__always)
    private static func load(_ values: UnsafeBufferPointer<Double>, _ i: Int) -> Vector {
        UnsafeRawPointer(values.baseAddress.unsafelyUnwrapped + i).loadUnaligned(as: Vector.self)
    }

    /// |x| without a branch: the sign bit cleared.
    @inline(__always)
    private static func magnitude(_ x: Vector) -> Vector {
        unsafeBitCast(unsafeBitCast(x, to: SIMD8<UInt64>.self) & 0x7FFF_FFFF_FFFF_FFFF, to: Vector.self)
    }

    /// Σ (x - center).
    static func sum(_ values: UnsafeBufferPointer<Double>, minus center: Double) -> Double {
        var (a, b, c, d) = (Vector.zero, Vector.zero, Vector.zero, Vector.zero)
        let shift = Vector(repeating: center)
        var i = 0
        while i + 32 <= values.count {
            a += load(values, i) - shift
            b += load(values, i + 8) - shift
            c += load(values, i + 16) - shift
            d += load(values, i + 24) - shift
            i += 32
        }
        var rest = 0.0
        while i < values.count {
            rest += values[i] - center
            i += 1
        }
        return ((a + b) + (c + d)).sum() + rest
    }

    /// Σ (x - center) and Σ (x - center)².
    static func sums(_ values: UnsafeBufferPointer<Double>, minus center: Double) -> (Double, Double) {
        var (s1, s2) = (Vector.zero, Vector.zero)
        let shift = Vector(repeating: center)
        let whole = values.count & ~7
        for i in stride(from: 0, to: whole, by: 8) {
            let x = load(values, i) - shift
            s1 += x
            s2 += x * x
        }
        var (first, second) = (s1.sum(), s2.sum())
        for value in values[whole...] {
            let x = value - shift[0]
            first += x
            second += x * x
        }
        return (first, second)
    }

    /// Σ |x - center| and Σ (x - center)².
    static func distanceSums(_ values: UnsafeBufferPointer<Double>, from center: Double) -> (Double, Double) {
        var (s1, s2) = (Vector.zero, Vector.zero)
        let shift = Vector(repeating: center)
        let whole = values.count & ~7
        for i in stride(from: 0, to: whole, by: 8) {
            let x = load(values, i) - shift
            s1 += magnitude(x)
            s2 += x * x
        }
        var (first, second) = (s1.sum(), s2.sum())
        for value in values[whole...] {
            let x = value - shift[0]
            first += abs(x)
            second += x * x
        }
        return (first, second)
    }

    /// The sums of the first four powers of x - center.
    static func powers(_ values: UnsafeBufferPointer<Double>, minus center: Double) -> (Double, Double, Double, Double) {
        var (s1, s2, s3, s4) = (Vector.zero, Vector.zero, Vector.zero, Vector.zero)
        let shift = Vector(repeating: center)
        var i = 0
        while i + 8 <= values.count {
            let x = load(values, i) - shift
            let square = x * x
            s1 += x
            s2 += square
            s3 += square * x
            s4 += square * square
            i += 8
        }
        var (r1, r2, r3, r4) = (0.0, 0.0, 0.0, 0.0)
        while i < values.count {
            let x = values[i] - center
            r1 += x
            r2 += x * x
            r3 += x * x * x
            r4 += x * x * x * x
            i += 1
        }
        return (s1.sum() + r1, s2.sum() + r2, s3.sum() + r3, s4.sum() + r4)
    }

    /// Σ (x - a), Σ (y - b) and Σ (x - a)(y - b) over two columns of one length.
    static func products(
        _ xs: UnsafeBufferPointer<Double>, minus a: Double, _ ys: UnsafeBufferPointer<Double>, minus b: Double
    ) -> (Double, Double, Double) {
        var (sx, sy, sxy) = (Vector.zero, Vector.zero, Vector.zero)
        let (left, right) = (Vector(repeating: a), Vector(repeating: b))
        var i = 0
        while i + 8 <= xs.count {
            let x = load(xs, i) - left
            let y = load(ys, i) - right
            sx += x
            sy += y
            sxy += x * y
            i += 8
        }
        var (rx, ry, rxy) = (0.0, 0.0, 0.0)
        while i < xs.count {
            rx += xs[i] - a
            ry += ys[i] - b
            rxy += (xs[i] - a) * (ys[i] - b)
            i += 1
        }
        return (sx.sum() + rx, sy.sum() + ry, sxy.sum() + rxy)
    }

    /// The least and the greatest value.
    static func extremes(_ values: UnsafeBufferPointer<Double>) -> (Double, Double) {
        var (low, high) = (Vector(repeating: .infinity), Vector(repeating: -.infinity))
        var i = 0
        while i + 8 <= values.count {
            let x = load(values, i)
            low.replace(with: x, where: x .< low)
            high.replace(with: x, where: x .> high)
            i += 8
        }
        var (least, greatest) = (low.min(), high.max())
        while i < values.count {
            least = min(least, values[i])
            greatest = max(greatest, values[i])
            i += 1
        }
        return (least, greatest)
    }
}
