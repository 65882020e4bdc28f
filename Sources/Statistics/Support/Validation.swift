/// Checks of single numbers; each names the argument it rejects.
enum Require {
    static func finite(_ value: Double, _ argument: String) throws(StatisticsError) {
        guard !value.isNaN else { throw .notANumber(argument: argument, index: nil) }
        guard !value.isInfinite else { throw .infinite(argument: argument, index: nil) }
    }

    static func positive(_ value: Double, _ argument: String) throws(StatisticsError) {
        try finite(value, argument)
        guard value > 0 else { throw .outOfRange(argument: argument, value: value, expected: "a positive number") }
    }

    static func nonNegative(_ value: Double, _ argument: String) throws(StatisticsError) {
        try finite(value, argument)
        guard value >= 0 else { throw .outOfRange(argument: argument, value: value, expected: "a number that is not negative") }
    }

    /// The largest count that is taken: all whole numbers up to it are doubles, and sums of some stay far from overflow.
    static let largestCount = 0x1p53

    static func nonNegative(_ value: Int, _ argument: String) throws(StatisticsError) {
        guard value >= 0 else { throw .outOfRange(argument: argument, value: Double(value), expected: "a count that is not negative") }
        try countable(Double(value), argument)
    }

    static func positive(_ value: Int, _ argument: String) throws(StatisticsError) {
        guard value > 0 else { throw .outOfRange(argument: argument, value: Double(value), expected: "a positive count") }
        try countable(Double(value), argument)
    }

    /// A count, or a sum of counts, that is not too large.
    static func countable(_ value: Double, _ argument: String) throws(StatisticsError) {
        guard value <= largestCount else { throw .outOfRange(argument: argument, value: value, expected: "a count of at most 2^53") }
    }

    /// A share that is cut off at either end.
    static func trimming(_ share: Double, _ argument: String = "trimming") throws(StatisticsError) {
        try finite(share, argument)
        guard share >= 0, share < 0.5 else {
            throw .outOfRange(argument: argument, value: share, expected: "a share from 0 to below 0.5")
        }
    }

    /// A probability, the ends 0 and 1 included.
    static func probability(_ value: Double, _ argument: String) throws(StatisticsError) {
        guard !value.isNaN else { throw .notANumber(argument: argument, index: nil) }
        guard value >= 0, value <= 1 else { throw .outOfRange(argument: argument, value: value, expected: "a probability from 0 to 1") }
    }

    /// A probability strictly between 0 and 1: a level, a significance, a power.
    static func properProbability(_ value: Double, _ argument: String) throws(StatisticsError) {
        guard !value.isNaN else { throw .notANumber(argument: argument, index: nil) }
        guard value > 0, value < 1 else { throw .outOfRange(argument: argument, value: value, expected: "a number between 0 and 1") }
    }
}
