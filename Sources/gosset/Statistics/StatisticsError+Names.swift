import Statistics

extension StatisticsError {
    /// One sentence, in which what was typed is called as whoever typed it calls it.
    ///
    /// - Parameter names: what the library's arguments are called at the command line.
    func text(_ names: [String: String]) -> String {
        func name(_ argument: String) -> String { names[argument] ?? argument }
        let named: StatisticsError =
            switch self {
            case .empty(let argument): .empty(argument: name(argument))
            case .tooFew(let argument, let count, let needed): .tooFew(argument: name(argument), count: count, needed: needed)
            case .tooMany(let argument, let count, let limit): .tooMany(argument: name(argument), count: count, limit: limit)
            case .notANumber(let argument, let index): .notANumber(argument: name(argument), index: index)
            case .infinite(let argument, let index): .infinite(argument: name(argument), index: index)
            case .outOfRange(let argument, let value, let expected):
                .outOfRange(argument: name(argument), value: value, expected: expected)
            case .noVariance(let argument): .noVariance(argument: name(argument))
            case .collinear(let argument): .collinear(argument: name(argument))
            case .countMismatch(let argument, let count, let expected):
                .countMismatch(argument: name(argument), count: count, expected: expected)
            case .noOverlap, .noConvergence: self
            }
        return named.description
    }

    /// What the numbers of a sample are called where they are typed.
    static let sampleNames = [
        "mean": "the mean", "standardDeviation": "the standard deviation", "count": "the number of values",
        "successes": "the number of successes", "trials": "the number of trials", "events": "the number of events",
        "exposure": "the exposure",
    ]
}
