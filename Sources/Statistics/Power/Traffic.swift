/// How many new units come, and how many of them take part.
public struct Traffic: Equatable, Sendable {
    /// New units a day.
    public let perDay: Double
    /// The share of them that is admitted to the experiment, above 0 and up to 1.
    public let share: Double

    /// Traffic counted by the day.
    public init(perDay: Double, share: Double = 1) throws(StatisticsError) {
        try Require.positive(perDay, "perDay")
        try Require.admitted(share)
        (self.perDay, self.share) = (perDay, share)
    }

    /// Traffic counted by the week.
    public init(perWeek: Double, share: Double = 1) throws(StatisticsError) {
        try Require.positive(perWeek, "perWeek")
        try self.init(perDay: perWeek / 7, share: share)
    }

    /// Traffic counted by the month of 30 days.
    public init(perMonth: Double, share: Double = 1) throws(StatisticsError) {
        try Require.positive(perMonth, "perMonth")
        try self.init(perDay: perMonth / 30, share: share)
    }
}

extension Require {
    static func admitted(_ share: Double) throws(StatisticsError) {
        try positive(share, "share")
        guard share <= 1 else { throw .outOfRange(argument: "share", value: share, expected: "a share above 0 and up to 1") }
    }
}
