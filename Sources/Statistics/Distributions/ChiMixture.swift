internal import CBoostMath
internal import Glibc

/// Expectations over s = √(χ²/ν), the estimated standard deviation of a unit normal sample: what turns a normal tail into Student's.
struct ChiMixture {
    private let half: Double
    private let logConstant: Double
    private let width: Double

    init(degreesOfFreedom: Double) {
        half = degreesOfFreedom / 2
        logConstant = log(2) + 0.5 * log(half / (2 * Double.pi)) - boostmath_stirling_error(half)
        width = min(1, 1 / (2 * degreesOfFreedom).squareRoot())
    }

    /// log E[exp(g(s))].
    ///
    /// With s = e^w the density of w is C exp(ν/2 (2w + 1 - e^{2w})), which has no cancellation anywhere.
    func logExpectation(_ g: (Double) -> Double) -> Double {
        // With so many degrees of freedom s is 1 to all digits.
        guard half < 1e18 else { return g(1) }
        return logConstant
            + PositiveIntegral.log(from: 0, scale: width) { w in
                let conditional = g(exp(w))
                return conditional == -.infinity ? conditional : half * Self.drop(2 * w) + conditional
            }
    }

    /// x + 1 - eˣ, by its series where the two terms are nearly one.
    private static func drop(_ x: Double) -> Double {
        guard abs(x) < 1e-3 else { return x - expm1(x) }
        return -0.5 * x * x * (1 + x / 3 * (1 + x / 4 * (1 + x / 5 * (1 + x / 6))))
    }
}
