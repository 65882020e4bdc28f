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

    /// The extreme unit of a group, if it moves the mean by more than half the standard error that the mean has without it.
    ///
    /// Among 250 normal values the extreme one moves the mean by a fifth of its standard error.
    init?(variant: String, _ group: GroupMoments) {
        guard group.count > 3, let summary = Optional(group.moments.summary(0)) else { return nil }
        let extreme = summary.mean - group.minimum > group.maximum - summary.mean ? group.minimum : group.maximum
        let n = Double(group.count)
        let away = extreme - summary.mean
        let spread = max(0, summary.squaredDeviations - n / (n - 1) * away * away)
        let without = summary.mean - away / (n - 1)
        guard let rest = try? Summary(mean: without, variance: spread / (n - 2), count: group.count - 1), rest.standardError > 0,
            abs(without - summary.mean) > rest.standardError / 2
        else { return nil }
        (self.variant, value, mean, meanWithout, self.rest) = (variant, extreme, summary.mean, without, rest)
    }
}
