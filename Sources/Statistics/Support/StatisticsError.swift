/// Why a question has no answer: what is wrong, and with which argument.
public enum StatisticsError: Error, Equatable, Sendable {
    /// The argument holds no values.
    case empty(argument: String)
    /// The argument holds fewer values than the method needs.
    case tooFew(argument: String, count: Int, needed: Int)
    /// The argument holds more values than the method is defined for.
    case tooMany(argument: String, count: Int, limit: Int)
    /// A value is NaN; `index` counts from zero, and is `nil` for a single number.
    case notANumber(argument: String, index: Int?)
    /// A value is infinite; `index` counts from zero, and is `nil` for a single number.
    case infinite(argument: String, index: Int?)
    /// A number lies outside what the argument means.
    case outOfRange(argument: String, value: Double, expected: String)
    /// All values are equal, so there is no scale to measure a difference by.
    case noVariance(argument: String)
    /// The column is a linear combination of those before it, so its coefficient has no one value.
    case collinear(argument: String)
    /// Two arguments that must have the same length have not.
    case countMismatch(argument: String, count: Int, expected: Int)
    /// None of the strata has two units of both sides.
    case noOverlap(argument: String)
    /// An iteration did not reach its tolerance.
    case noConvergence(computation: String)
}

extension StatisticsError: CustomStringConvertible {
    /// One sentence for a person.
    public var description: String {
        switch self {
        case .empty(let argument):
            "\(argument) is empty"
        case .tooFew(let argument, let count, let needed):
            "\(argument) has \(count) value\(count == 1 ? "" : "s"), at least \(needed) are needed"
        case .tooMany(let argument, let count, let limit):
            "\(argument) has \(count) values, at most \(limit) are allowed"
        case .notANumber(let argument, let index):
            "\(argument)\(Self.place(index)) is not a number"
        case .infinite(let argument, let index):
            "\(argument)\(Self.place(index)) is infinite"
        case .outOfRange(let argument, let value, let expected):
            "\(argument) is \(Self.plain(value)), expected \(expected)"
        case .noVariance(let argument):
            "\(argument) does not vary"
        case .collinear(let argument):
            "\(argument) depends linearly on the columns before it"
        case .countMismatch(let argument, let count, let expected):
            "\(argument) has \(count) values, expected \(expected)"
        case .noOverlap(let argument):
            "none of the \(argument) has two units of both variants, so there is nothing to compare"
        case .noConvergence(let computation):
            "\(computation) did not converge"
        }
    }

    /// A value as somebody would have written it: a count has no point.
    private static func plain(_ value: Double) -> String { Int(exactly: value).map { "\($0)" } ?? "\(value)" }

    private static func place(_ index: Int?) -> String {
        index.map { "[\($0)]" } ?? ""
    }
}
