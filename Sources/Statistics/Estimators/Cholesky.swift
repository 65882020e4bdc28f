internal import Glibc

/// The Cholesky factor of a symmetric positive definite matrix, in double-double arithmetic, its columns brought to one scale.
struct Cholesky: Sendable {
    /// A column that depends on those before it.
    struct Dependence: Error { let column: Int }

    let size: Int
    /// The lower triangle of the scaled matrix's factor, row by row.
    private var factor: [DoubleDouble]
    /// Powers of two by which rows and columns were multiplied.
    private let scales: [Double]

    /// Factors a matrix given row by row, of which only the lower triangle is read.
    ///
    /// A column is taken to depend on those before it where what is left of its square, relative to that, is at most `tolerance`.
    init(_ matrix: [DoubleDouble], size: Int, tolerance: Double) throws(Dependence) {
        self.size = size
        factor = Array(repeating: .zero, count: size * size)
        var scales: [Double] = []
        for j in 0..<size {
            let diagonal = matrix[j * size + j].high
            guard diagonal > 0, diagonal.isFinite else { throw Dependence(column: j) }
            scales.append(scalbn(1, -Int(diagonal.exponent) / 2))
        }
        self.scales = scales
        for i in 0..<size {
            for j in 0...i {
                let scale = scales[i] * scales[j]
                let entry = matrix[i * size + j]
                var rest = DoubleDouble(entry.high * scale, entry.low * scale)
                for k in 0..<j { rest = rest - factor[i * size + k] * factor[j * size + k] }
                if i > j {
                    factor[i * size + j] = rest / factor[j * size + j]
                } else {
                    guard rest.high > tolerance * entry.high * scale else { throw Dependence(column: i) }
                    factor[i * size + i] = rest.squareRoot()
                }
            }
        }
    }

    /// The solution of A x = b.
    func solve(_ b: [DoubleDouble]) -> [DoubleDouble] {
        var x = (0..<size).map { DoubleDouble(b[$0].high * scales[$0], b[$0].low * scales[$0]) }
        for i in 0..<size {
            for k in 0..<i { x[i] = x[i] - factor[i * size + k] * x[k] }
            x[i] = x[i] / factor[i * size + i]
        }
        for i in (0..<size).reversed() {
            for k in (i + 1)..<max(size, i + 1) { x[i] = x[i] - factor[k * size + i] * x[k] }
            x[i] = x[i] / factor[i * size + i]
        }
        return (0..<size).map { DoubleDouble(x[$0].high * scales[$0], x[$0].low * scales[$0]) }
    }

    /// A⁻¹, row by row.
    func inverse() -> [Double] {
        var result = Array(repeating: 0.0, count: size * size)
        for j in 0..<size {
            var unit = Array(repeating: DoubleDouble.zero, count: size)
            unit[j] = DoubleDouble(1)
            for (i, entry) in solve(unit).enumerated() { result[i * size + j] = entry.rounded }
        }
        return result
    }

    /// L⁻¹ x: its squared length is xᵀ A⁻¹ x, in plain doubles.
    func whitened(_ x: (Int) -> Double) -> [Double] {
        var z: [Double] = []
        z.reserveCapacity(size)
        for i in 0..<size {
            var rest = x(i) * scales[i]
            for k in 0..<i { rest -= factor[i * size + k].high * z[k] }
            z.append(rest / factor[i * size + i].high)
        }
        return z
    }

    /// L⁻ᵀ z: what is left to do of A⁻¹ x after `whitened`, in plain doubles.
    func unwhitened(_ z: [Double]) -> [Double] {
        var x = z
        for i in (0..<size).reversed() {
            for k in (i + 1)..<max(size, i + 1) { x[i] -= factor[k * size + i].high * x[k] }
            x[i] /= factor[i * size + i].high
        }
        for i in 0..<size { x[i] *= scales[i] }
        return x
    }
}
