/// Sums from which weighted least squares are solved: XᵀWX and XᵀWY for several answers at once.
package struct NormalEquations {
    /// How many features a row has.
    package let size: Int
    /// How many answers.
    package let answers: Int
    /// The upper triangle, row by row; after each row, the answers' products with its column.
    private var sums: [Double]
    /// The sum of the rows counted.
    package private(set) var rows = 0.0

    /// No rows yet.
    package init(size: Int, answers: Int = 1) {
        self.size = size
        self.answers = answers
        sums = [Double](repeating: 0, count: size * (size + answers))
    }

    /// Adds a row.
    /// - Parameter x: the features, followed by the answers: `size + answers` numbers.
    @inline(__always)
    package mutating func add(_ x: UnsafePointer<Double>, weight: Double) {
        rows += 1
        let width = size + answers
        sums.withUnsafeMutableBufferPointer { sums in
            guard let base = sums.baseAddress else { return }
            for i in 0..<size {
                let scaled = weight * x[i]
                if scaled == 0 { continue }
                let row = base + i * width
                for j in i..<width { row[j] += scaled * x[j] }
            }
        }
    }

    /// Adds what another saw, each of its rows counting as `share` of one.
    package mutating func add(_ other: NormalEquations, share: Double = 1) {
        rows += share * other.rows
        for each in sums.indices { sums[each] += share * other.sums[each] }
    }

    /// The coefficients, `size` for each answer.
    ///
    /// Each diagonal entry is raised by a millionth, so that columns that depend on each other share what they explain. A column that was
    /// never anything but zero gets the coefficient zero.
    package func solved() -> [[Double]] {
        let width = size + answers
        var factor = [Double](repeating: 0, count: size * size)
        for i in 0..<size {
            for j in 0...i {
                var rest = sums[j * width + i]
                if i == j { rest = rest > 0 ? rest * (1 + 1e-6) : 1 }
                for k in 0..<j { rest -= factor[i * size + k] * factor[j * size + k] }
                if i == j {
                    let least = 1e-9 * max(sums[i * width + i], 1e-300)
                    factor[i * size + i] = max(rest, least).squareRoot()
                } else {
                    factor[i * size + j] = rest / factor[j * size + j]
                }
            }
        }
        return (0..<answers).map { answer in
            var x = (0..<size).map { sums[$0 * width + size + answer] }
            for i in 0..<size {
                for k in 0..<i { x[i] -= factor[i * size + k] * x[k] }
                x[i] /= factor[i * size + i]
            }
            for i in (0..<size).reversed() {
                for k in (i + 1)..<max(size, i + 1) { x[i] -= factor[k * size + i] * x[k] }
                x[i] /= factor[i * size + i]
            }
            return x
        }
    }
}
