package import Statistics

/// Samples as they are given: raw, summarised or counted.
package enum TestInput: Sendable {
    case values([NamedValues])
    case summaries([(name: String, summary: Summary)])
    case counts([(name: String, proportion: Proportion)])
    case rates([(name: String, rate: EventRate)])

    /// What kinds of input there are, for a message.
    package enum Form: String, Sendable {
        case values, summaries, counts, rates
    }

    package var form: Form {
        switch self {
        case .values: .values
        case .summaries: .summaries
        case .counts: .counts
        case .rates: .rates
        }
    }

    package var names: [String] {
        switch self {
        case .values(let samples): samples.map(\.name)
        case .summaries(let samples): samples.map(\.name)
        case .counts(let samples): samples.map(\.name)
        case .rates(let samples): samples.map(\.name)
        }
    }

    /// The samples' summaries, where the test needs no more.
    func summaries() throws -> [Summary] {
        switch self {
        case .values(let samples): try samples.map { try Summary($0.values) }
        case .summaries(let samples): samples.map(\.summary)
        case .counts, .rates: throw TestInputError.form(form)
        }
    }

    func values() throws -> [[Double]] {
        guard case .values(let samples) = self else { throw TestInputError.form(form) }
        return samples.map(\.values)
    }

    /// Successes among trials; raw values must then be zeros and ones.
    func proportions() throws -> [Proportion] {
        switch self {
        case .counts(let samples): return samples.map(\.proportion)
        case .summaries, .rates: throw TestInputError.form(form)
        case .values(let samples):
            return try samples.map { sample in
                guard sample.values.allSatisfy({ $0 == 0 || $0 == 1 }) else { throw TestInputError.notBinary(group: sample.name) }
                return try Proportion(successes: sample.values.count { $0 == 1 }, trials: sample.values.count)
            }
        }
    }

    func rates() throws -> [EventRate] {
        guard case .rates(let samples) = self else { throw TestInputError.form(form) }
        return samples.map(\.rate)
    }

    func reports() throws -> [SampleReport] {
        switch self {
        case .values, .summaries:
            return zip(names, try summaries()).map { name, summary in
                SampleReport(
                    name: name, count: summary.count, mean: summary.mean,
                    standardDeviation: summary.count > 1 ? summary.standardDeviation : nil)
            }
        case .counts(let samples):
            return samples.map { SampleReport(name: $0.name, count: $0.proportion.trials, successes: $0.proportion.successes) }
        case .rates(let samples):
            return samples.map { SampleReport(name: $0.name, count: $0.rate.events, mean: $0.rate.estimate) }
        }
    }
}

/// Why samples do not fit a test.
package enum TestInputError: Error, Hashable, Sendable {
    case form(TestInput.Form)
    case notBinary(group: String)
    case count(found: [String], expected: ClosedRange<Int>)
}

extension TestInputError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .form(let form): "this test does not take \(form.rawValue)"
        case .notBinary(let group): "the values of \(group) must be 0 and 1"
        case .count(let found, let expected):
            "\(TestInputError.phrase(expected)) expected, there \(found.count == 1 ? "is" : "are") \(found.count): "
                + found.prefix(8).joined(separator: ", ") + (found.count > 8 ? ", …" : "")
        }
    }

    private static func phrase(_ range: ClosedRange<Int>) -> String {
        if range.lowerBound == range.upperBound { return "\(range.lowerBound) sample\(range.lowerBound == 1 ? " was" : "s were")" }
        return "\(range.lowerBound) or more samples were"
    }
}

/// What is asked of a test besides its samples.
package struct TestQuestion: Sendable {
    /// The level of intervals, and one less the significance.
    package var level = 0.95
    package var alternative = Alternative.twoSided
    package var adjustment = Adjustment.holm
    /// Whether more of what is measured is better.
    package var higherIsBetter = true
    /// What a single sample is held against, instead of the test's own value.
    package var nullValue: Double?

    package init() {}

    var alpha: Double { 1 - level }

    /// The significance as it was meant: 0.05, not what 1 - 0.95 leaves.
    var alphaText: String { "\((alpha * 1e12).rounded() / 1e12)" }
}
