internal import Glibc

/// Gauss-Legendre quadrature of sixteen points on each of several equal panels.
enum GaussLegendre {
    /// Positive nodes and their weights on -1...1, found by Newton's method on the Legendre polynomial.
    private static let rule: [(node: Double, weight: Double)] = {
        let n = 16
        return (0..<n / 2).map { i in
            var x = cos(Double.pi * (Double(i) + 0.75) / (Double(n) + 0.5))
            var slope = 1.0
            for _ in 0..<20 {
                var (previous, current) = (1.0, x)
                for k in 2...n {
                    (previous, current) = (current, ((2 * Double(k) - 1) * x * current - (Double(k) - 1) * previous) / Double(k))
                }
                slope = Double(n) * (x * current - previous) / (x * x - 1)
                let step = current / slope
                x -= step
                if abs(step) < 1e-16 { break }
            }
            return (x, 2 / ((1 - x * x) * slope * slope))
        }
    }()

    /// Nodes and weights on `low...high`, in panels no longer than `panel`.
    static func points(from low: Double, to high: Double, panel: Double) -> (nodes: [Double], weights: [Double]) {
        let panels = max(1, Int(((high - low) / panel).rounded(.up)))
        let half = 0.5 * (high - low) / Double(panels)
        var (nodes, weights): ([Double], [Double]) = ([], [])
        nodes.reserveCapacity(16 * panels)
        weights.reserveCapacity(16 * panels)
        for i in 0..<panels {
            let middle = low + Double(2 * i + 1) * half
            for (node, weight) in rule {
                nodes += [middle - half * node, middle + half * node]
                weights += [half * weight, half * weight]
            }
        }
        return (nodes, weights)
    }
}
