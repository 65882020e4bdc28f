internal import Glibc

/// A symmetric positive definite matrix of a few rows, factored.
///
/// The covariances of the signals are five by five: a library's machinery would cost more than the arithmetic.
struct SmallMatrix {
    let size: Int
    private var factor: [Double]

    /// Factors a matrix given row by row; each diagonal entry is raised a little, so that dependent signals do no harm.
    init(_ entries: [Double], size: Int) {
        self.size = size
        factor = [Double](repeating: 0, count: size * size)
        for i in 0..<size {
            for j in 0...i {
                var rest = entries[i * size + j]
                let whole = rest
                for k in 0..<j { rest -= factor[i * size + k] * factor[j * size + k] }
                if i == j {
                    factor[i * size + i] = max(rest + 1e-9 * whole, 1e-8 * whole + 1e-300).squareRoot()
                } else {
                    factor[i * size + j] = rest / factor[j * size + j]
                }
            }
        }
    }

    /// L⁻¹ x; its squared length is xᵀA⁻¹x.
    func whitened(_ x: [Double]) -> [Double] {
        var z = x
        for i in 0..<size {
            for k in 0..<i { z[i] -= factor[i * size + k] * z[k] }
            z[i] /= factor[i * size + i]
        }
        return z
    }

    /// A⁻¹x.
    func solve(_ x: [Double]) -> [Double] {
        var z = whitened(x)
        for i in (0..<size).reversed() {
            for k in (i + 1)..<max(size, i + 1) { z[i] -= factor[k * size + i] * z[k] }
            z[i] /= factor[i * size + i]
        }
        return z
    }

    /// log det A.
    var logDeterminant: Double {
        var product = 1.0
        for i in 0..<size { product *= factor[i * size + i] }
        return 2 * log(product)
    }
}
