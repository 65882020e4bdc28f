/// What can be added up over a resample.
protocol Summand: BitwiseCopyable, Equatable, Sendable {
    static var zero: Self { get }
    static func += (left: inout Self, right: Self)
    static func + (left: Self, right: Self) -> Self
    func times(_ count: Int) -> Self
}

extension Double: Summand {
    @inline(__always)
    func times(_ count: Int) -> Double { self * Double(count) }
}

/// Two sums at once, such as numerators and denominators, or values and their squares.
extension SIMD2<Double>: Summand {
    @inline(__always)
    func times(_ count: Int) -> SIMD2<Double> { self * Double(count) }
}

/// The sum of n draws, with replacement, of n values.
///
/// How many of the draws fall to each block of values is binomial given the blocks before; which values of the block they are is uniform.
/// So every resample is exactly as likely as if all draws were made from the whole, but the draws stay in the first-level cache, six come
/// from one random word, and a run of equal values needs none.
struct ResampledSum<Value: Summand>: Sendable {
    private let values: [Value]
    private let blocks: [Block]

    private struct Block: Sendable {
        let start: Int
        let count: Int
        let isConstant: Bool
    }

    /// Ten bits choose one of them: 8 kB of doubles.
    private static var blockSize: Int { 1024 }
    private static var run: Int { 64 }

    /// Values in an order that brings equal ones together, if many are.
    init(_ values: [Value]) {
        self.values = values
        var blocks: [Block] = []
        var start = 0
        // Where the run of equal values ends that a value begins.
        var ends = Array(values.indices)
        for i in values.indices.reversed() { ends[i] = i + 1 < values.count && values[i + 1] == values[i] ? ends[i + 1] : i + 1 }
        while start < values.count {
            if ends[start] - start >= Self.run {
                blocks.append(Block(start: start, count: ends[start] - start, isConstant: true))
                start = ends[start]
            } else {
                let limit = min(start + Self.blockSize, values.count)
                var end = start
                while end < limit, ends[end] - end < Self.run { end = min(ends[end], limit) }
                blocks.append(Block(start: start, count: end - start, isConstant: end - start == 1))
                start = end
            }
        }
        self.blocks = blocks
    }

    func draw(_ stream: inout RandomStream) -> Value {
        var sum = Value.zero
        var (draws, rest) = (values.count, values.count)
        values.withUnsafeBufferPointer { values in
            for block in blocks {
                if draws == 0 { break }
                let share = rest == block.count ? draws : stream.binomial(draws, Double(block.count) / Double(rest))
                draws -= share
                rest -= block.count
                let place = values.baseAddress! + block.start
                if block.isConstant {
                    sum += place[0].times(share)
                } else if block.count == Self.blockSize {
                    sum += Self.drawFull(place, share, &stream)
                } else {
                    for _ in 0..<share { sum += place[stream.below(UInt32(truncatingIfNeeded: block.count))] }
                }
            }
        }
        return sum
    }

    @inline(__always)
    private static func drawFull(_ place: UnsafePointer<Value>, _ draws: Int, _ stream: inout RandomStream) -> Value {
        var (a, b, c, d, e, f) = (Value.zero, Value.zero, Value.zero, Value.zero, Value.zero, Value.zero)
        for _ in 0..<(draws / 6) {
            let word = stream.next()
            a += place[Int(word & 1023)]
            b += place[Int((word >> 10) & 1023)]
            c += place[Int((word >> 20) & 1023)]
            d += place[Int((word >> 30) & 1023)]
            e += place[Int((word >> 40) & 1023)]
            f += place[Int((word >> 50) & 1023)]
        }
        var word = stream.next()
        for _ in 0..<(draws % 6) {
            a += place[Int(word & 1023)]
            word >>= 10
        }
        return ((a + b) + (c + d)) + (e + f)
    }
}
