/// The power of a test that rejects where a normal estimate lies far from its null value, in units of its standard error there.
///
/// `null` is the standard error that the test divides by, `actual` the one that the estimate has.
struct NormalRejection {
    let alternative: Alternative
    private let critical: Double

    init(significance: Double, alternative: Alternative) {
        self.alternative = alternative
        critical = -Normal.standardQuantile(alternative == .twoSided ? significance / 2 : significance)
    }

    /// The probability to reject when the estimate's expectation lies `shift` above its null value.
    func power(shift: Double, null: Double, actual: Double) -> Double {
        let threshold = critical * null
        switch alternative {
        case .greater: return NormalKernel.cdf((shift - threshold) / actual)
        case .less: return NormalKernel.cdf((-shift - threshold) / actual)
        case .twoSided:
            return NormalKernel.cdf((shift - threshold) / actual) + NormalKernel.cdf((-shift - threshold) / actual)
        }
    }

    /// How far above its null value, in the direction of the alternative, the expectation must lie to be found with this probability.
    ///
    /// Closed where the test has one side. With two, Newton's method starts there and is done in a step or two, as the far tail adds
    /// next to nothing.
    func shift(power: Double, null: Double, actual: Double) throws(StatisticsError) -> Double {
        let start = critical * null + Normal.standardQuantile(power) * actual
        let floor = self.power(shift: 0, null: null, actual: actual)
        guard start > 0, floor < power else {
            throw .outOfRange(argument: "power", value: power, expected: "more than \(floor), the power against no effect")
        }
        guard alternative == .twoSided else { return start }
        var (shift, low, high) = (start, 0.0, start)
        for _ in 0..<60 {
            let (near, far) = ((shift - critical * null) / actual, (-shift - critical * null) / actual)
            let excess = NormalKernel.cdf(near) + NormalKernel.cdf(far) - power
            if excess > 0 { high = shift } else { low = shift }
            let slope = (NormalKernel.density(near) - NormalKernel.density(far)) / actual
            let step = excess / slope
            var next = shift - step
            if !(next > low && next < high) { next = step == 0 || high - low < 1e-15 * high ? shift : 0.5 * (low + high) }
            let settled = abs(next - shift) <= 4e-16 * shift
            shift = next
            if settled { break }
        }
        return shift
    }
}
