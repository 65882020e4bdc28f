package import Statistics

/// Samples as they are given: raw, summarised or counted.
package enum TestInput: Sendable {
    case values([NamedValues])
    case summaries([(name: String, summary: Summary)])
    case counts([(name: String, proportion: Proportion)])
    case rates([(name: String, rate: EventRate)])
    case sizes([(name: String, size: Int)])

    /// What kinds of input there are, for a message.
    package enum Form: String, Sendable {
        case values, summaries, counts, rates, sizes
    }

    package var form: Form {
        switch self {
        case .values: .values
        case .summaries: .summaries
        case .counts: .counts
        case .rates: .rates
        case .sizes: .sizes
        }
    }

    package var names: [String] {
        switch self {
        case .values(let samples): samples.map(\.name)
        case .summaries(let samples): samples.map(\.name)
        case .counts(let samples): samples.map(\.name)
        case .rates(let samples): samples.map(\.name)
        case .sizes(let samples): samples.map(\.name)
        }
    }

    /// Two of the samples.
    func pair(_ i: Int, _ j: Int) -> TestInput {
        switch self {
        case .values(let samples): .values([samples[i], samples[j]])
        case .summaries(let samples): .summaries([samples[i], samples[j]])
        case .counts(let samples): .counts([samples[i], samples[j]])
        case .rates(let samples): .rates([samples[i], samples[j]])
        case .sizes(let samples): .sizes([samples[i], samples[j]])
        }
    }

    /// The samples' summaries, where the test needs no more.
    func summaries() throws -> [Summary] {
        switch self {
        case .values(let samples):
            try samples.map { sample in try SampleProblem.naming([sample.name]) { try Summary(sample.values) } }
        case .summaries(let samples): samples.map(\.summary)
        case .counts(let samples): try samples.map { try Summary(of: $0.proportion) }
        case .rates, .sizes: throw TestInputError.form(form)
        }
    }

    func values() throws -> [[Double]] { try groups().map(\.values) }

    func groups() throws -> [NamedValues] {
        guard case .values(let samples) = self else { throw TestInputError.form(form) }
        return samples
    }

    /// Successes among trials; raw values must then be zeros and ones.
    func proportions() throws -> [Proportion] {
        switch self {
        case .counts(let samples): return samples.map(\.proportion)
        case .summaries, .rates, .sizes: throw TestInputError.form(form)
        case .values(let samples):
            return try samples.map { sample in
                guard sample.isBinary else { throw TestInputError.notBinary(group: sample.name) }
                return try sample.proportion
            }
        }
    }

    func rates() throws -> [EventRate] {
        guard case .rates(let samples) = self else { throw TestInputError.form(form) }
        return samples.map(\.rate)
    }

    /// How many units each group has.
    func sizes() -> [Int] {
        switch self {
        case .values(let samples): samples.map(\.values.count)
        case .summaries(let samples): samples.map(\.summary.count)
        case .counts(let samples): samples.map(\.proportion.trials)
        case .rates(let samples): samples.map(\.rate.events)
        case .sizes(let samples): samples.map(\.size)
        }
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
            return samples.map { SampleReport(name: $0.name, count: $0.rate.events, mean: $0.rate.estimate, exposure: $0.rate.exposure) }
        case .sizes(let samples):
            return samples.map { SampleReport(name: $0.name, count: $0.size) }
        }
    }
}

extension Summary {
    /// The summary of the zeros and ones that a proportion counts.
    init(of proportion: Proportion) throws(StatisticsError) {
        let (p, n) = (proportion.estimate, Double(proportion.trials))
        try self.init(mean: p, variance: n > 1 ? p * (1 - p) * n / (n - 1) : 0, count: proportion.trials)
    }
}

/// Why samples do not fit a test.
package enum TestInputError: Error, Hashable, Sendable {
    case form(TestInput.Form)
    case notBinary(group: String)
    case count(found: [String], expected: ClosedRange<Int>)
    case fewParts(found: [String])
    case thinPart(String)
}

extension TestInputError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .form(let form): "this test does not take \(form.rawValue)"
        case .notBinary(let group): "the values of \(group) must be 0 and 1"
        case .count(let found, let expected):
            found.isEmpty
                ? "\(TestInputError.phrase(expected)) expected, there are none"
                : "\(TestInputError.phrase(expected)) expected, there \(found.count == 1 ? "is" : "are") \(found.count): "
                    + found.prefix(8).joined(separator: ", ") + (found.count > 8 ? ", …" : "")
        case .fewParts(let found):
            "two or more parts were expected, there \(found.count == 1 ? "is one: \(found[0])" : "are none")"
        case .thinPart(let name):
            "'\(name)' has fewer than two units of one of the groups; leave it out by --where, or join it to another"
        }
    }

    private static func phrase(_ range: ClosedRange<Int>) -> String {
        if range.lowerBound == range.upperBound { return "\(range.lowerBound) sample\(range.lowerBound == 1 ? " was" : "s were")" }
        return "\(range.lowerBound) or more samples were"
    }
}
