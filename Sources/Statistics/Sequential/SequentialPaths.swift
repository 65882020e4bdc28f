internal import Glibc

/// The paths of a Brownian motion with drift that have not yet left through a bound, looked at now and then.
///
/// The density of the score S(t) over the paths that go on is carried from look to look by numerical integration: P. Armitage,
/// C. K. McPherson and B. C. Rowe, "Repeated significance tests on accumulating data", JRSS A 132 (1969), doi:10.2307/2343787. The panels
/// are as short as the step's standard deviation demands, so probabilities are right to about 1e-14; the tails are sums of positive terms.
struct SequentialPaths {
    private let drift: Double
    private var fraction = 0.0
    /// Where the paths may be, and the probability that each point stands for; one sure point before the first look.
    private var nodes = [0.0]
    private var masses = [1.0]

    /// Paths of S(t) with mean `drift` times t and variance t.
    init(drift: Double) { self.drift = drift }

    /// The probability that a path goes on to fraction t and there lies above √t z.
    func above(_ z: Double, at t: Double) -> Double {
        let (scale, edge) = step(to: t, z)
        var total = 0.0
        for i in nodes.indices { total += masses[i] * NormalKernel.cdf((nodes[i] - edge) / scale) }
        return total
    }

    /// The density of the paths at √t z, in units of z.
    func density(_ z: Double, at t: Double) -> Double {
        let (scale, edge) = step(to: t, z)
        var total = 0.0
        for i in nodes.indices { total += masses[i] * NormalKernel.density((edge - nodes[i]) / scale) }
        return total / scale * t.squareRoot()
    }

    private func step(to t: Double, _ z: Double) -> (scale: Double, edge: Double) {
        ((t - fraction).squareRoot(), z * t.squareRoot() - drift * (t - fraction))
    }

    /// Goes on to fraction t, keeping the paths that there lie between √t low and √t high; the step after it will end at `next`.
    mutating func goOn(to t: Double, between low: Double, and high: Double, next: Double) {
        let (root, scale) = (t.squareRoot(), (t - fraction).squareRoot())
        // Beyond 38 standard deviations no double is left of a tail; on an open side a path 10 away never comes back to matter.
        let middle = drift * root
        let bottom = root * (low == -.infinity ? min(0, middle) - 10 : max(low, min(0, middle) - 38))
        let top = root * (high == .infinity ? max(0, middle) + 10 : min(high, max(0, middle) + 38))
        // The density varies as fast as the step that made it, and is integrated against the step that follows.
        let finest = min(scale, (next - t).squareRoot())
        let (points, weights) = GaussLegendre.points(from: bottom, to: max(top, bottom), panel: 2 * finest)
        let shift = drift * (t - fraction)
        var kept = [Double](repeating: 0, count: points.count)
        let logScale = log(scale) + NormalKernel.logRootTwoPi
        let reach = 39 * scale
        for j in points.indices {
            var total = 0.0
            let x = points[j] - shift
            for i in nodes.indices where abs(x - nodes[i]) < reach {
                let z = (x - nodes[i]) / scale
                total += masses[i] * exp(-0.5 * z * z - logScale)
            }
            kept[j] = total * weights[j]
        }
        (nodes, masses, fraction) = (points, kept, t)
    }
}
