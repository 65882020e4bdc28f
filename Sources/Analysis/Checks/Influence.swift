import Statistics
import Text

/// One unit that carries the mean of its group.
struct Influence {
    let variant: String
    let value: Double
    let mean: Double
    let meanWithout: Double
    /// The group without the unit.
    let rest: Summary

    /// The share of a number that its rounding may have made.
    private static let rounding = 1e-12

    /// The extreme unit of a group, if it moves the mean by more than half the standard error that the mean has without it.
    ///
    /// Among 250 normal values the extreme one moves the mean by a fifth of its standard error.
    init?(variant: String, _ group: GroupMoments) {
        guard group.count > 3, let summary = Optional(group.moments.summary(0)) else { return nil }
        let extreme = summary.mean - group.minimum > group.maximum - summary.mean ? group.minimum : group.maximum
        let n = Double(group.count)
        let away = extreme - summary.mean
        // What is left of a sum of squares, or of a mean, when nearly all of it is taken away is what rounding made of it.
        let (spread, shift) = (summary.squaredDeviations - n / (n - 1) * away * away, away / (n - 1))
        let isNothing = spread <= Influence.rounding * summary.squaredDeviations
        let without = abs(summary.mean - shift) <= Influence.rounding * abs(summary.mean) ? 0 : summary.mean - shift
        guard away != 0, let rest = try? Summary(mean: without, variance: isNothing ? 0 : spread / (n - 2), count: group.count - 1),
            abs(without - summary.mean) > rest.standardError / 2
        else { return nil }
        (self.variant, value, mean, meanWithout, self.rest) = (variant, extreme, summary.mean, without, rest)
    }
}
