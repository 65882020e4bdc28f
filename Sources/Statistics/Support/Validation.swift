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

    static func nonNegative(_ value: Int, _ argument: String) throws(StatisticsError) {
        guard value >= 0 else { throw .outOfRange(argument: argument, value: Double(value), expected: "a count that is not negative") }
    }

    static func positive(_ value: Int, _ argument: String) throws(StatisticsError) {
        guard value > 0 else { throw .outOfRange(argument: argument, value: Double(value), expected: "a positive count") }
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

    /// Successes out of trials.
    static func successes(_ successes: Int, of trials: Int, _ argument: String) throws(StatisticsError) {
        try positive(trials, "\(argument).trials")
        try nonNegative(successes, "\(argument).successes")
        guard successes <= trials else {
            throw .outOfRange(argument: "\(argument).successes", value: Double(successes), expected: "at most the \(trials) trials")
        }
    }
}
