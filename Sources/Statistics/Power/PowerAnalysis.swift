/// A test that is planned: its power, its size and the effect it can detect, each from the other two.
public protocol PlannedTest: Sendable {
    /// The probability of a false alarm, between 0 and 1.
    var significance: Double { get }
    /// The probability that the test finds an effect of this size.
    func power(effect: Double, size: Double) throws(StatisticsError) -> Double
    /// The size at which an effect is found with this probability; it need not be whole.
    func size(effect: Double, power: Double) throws(StatisticsError) -> Double
    /// The least effect that is found with this probability; for a two-sided test the positive one.
    func detectableEffect(size: Double, power: Double) throws(StatisticsError) -> Double
}

/// A planned comparison of two arms.
///
/// The effect is that of the second arm over the first, so `.greater` looks for a second arm that is better. The size is that of the
/// first arm; the second arm is `ratio` times as large.
public protocol PowerAnalysis: PlannedTest {
    /// Which effects the test looks for.
    var alternative: Alternative { get }
    /// The size of the second arm over that of the first.
    var ratio: Double { get }
    /// The same comparison with another significance and another ratio of the arms.
    func with(significance: Double, ratio: Double) throws(StatisticsError) -> Self
}

extension Require {
    /// The ratio of two sizes, infinite where the second is a known value and not a sample.
    static func ratio(_ ratio: Double) throws(StatisticsError) {
        if ratio != .infinity { try positive(ratio, "ratio") }
    }

    /// A power that an honest test can have only by looking: more than its significance.
    static func power(_ power: Double, above significance: Double) throws(StatisticsError) {
        try properProbability(power, "power")
        guard power > significance else {
            throw .outOfRange(argument: "power", value: power, expected: "more than the significance of \(significance)")
        }
    }

    /// A sample size that is a number: an effect may be too small to be shown by any.
    static func attainable(_ size: Double, for effect: Double) throws(StatisticsError) -> Double {
        guard size <= 1e300 else { throw .outOfRange(argument: "effect", value: effect, expected: "an effect that some sample can show") }
        return size
    }

    /// An effect that lies where the alternative looks, seen from the null hypothesis.
    static func effect(_ effect: Double, beyond nullEffect: Double, _ alternative: Alternative) throws(StatisticsError) {
        try finite(effect, "effect")
        switch alternative {
        case .twoSided where effect == nullEffect:
            throw .outOfRange(
                argument: "effect", value: effect, expected: "another value than \(nullEffect), the effect under the null hypothesis")
        case .greater where effect <= nullEffect:
            throw .outOfRange(argument: "effect", value: effect, expected: "more than \(nullEffect), as the alternative is greater")
        case .less where effect >= nullEffect:
            throw .outOfRange(argument: "effect", value: effect, expected: "less than \(nullEffect), as the alternative is less")
        default: break
        }
    }
}
