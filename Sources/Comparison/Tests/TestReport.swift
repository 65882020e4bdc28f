package import Statistics
package import Text

/// What a test found, in the words that are the same for every test.
package struct TestReport: Sendable {
    /// The test's name.
    package var test: String
    package var statistic: Double
    /// None, one, or two for an F statistic.
    package var degreesOfFreedom: [Double] = []
    package var pValue: Double
    /// The natural logarithm of the p-value, which goes on where a double is zero.
    package var logPValue: Double?
    /// Which departures count; `nil` for a test without sides.
    package var alternative: Alternative?
    /// The effect, the first sample less the second, and what it is.
    package var estimate: Double?
    package var estimated: String?
    package var interval: ConfidenceInterval?
    package var samples: [SampleReport]
    /// The pairs, where there are more than two samples.
    package var comparisons: [PairReport] = []
    package var adjustment: Adjustment?
    /// What it means, in plain words.
    package var conclusion: String
    /// What must hold for that, or was taken for granted.
    package var assumptions: [String]
    /// Where the data came from.
    package var source: SourceReport?
}

/// One sample, as far as it is known.
package struct SampleReport: Sendable {
    package let name: String
    package let count: Int
    package var mean: Double?
    package var standardDeviation: Double?
    package var successes: Int?
}

/// One pair of several samples.
package struct PairReport: Sendable {
    package let a: String
    package let b: String
    package let statistic: Double
    package let pValue: Double
    package let logPValue: Double?
    package let adjustedPValue: Double
    package let estimate: Double?
    package let interval: ConfidenceInterval?
}

extension TestReport {
    /// The report as JSON; members that do not apply are null.
    package var json: JSONValue {
        var members: [(String, JSONValue)] = [
            ("test", .string(test)),
            ("statistic", .number(statistic)),
            ("degreesOfFreedom", TestReport.json(degreesOfFreedom)),
            ("pValue", .number(pValue)),
            ("logPValue", logPValue.map { .number($0) } ?? .null),
            ("alternative", alternative.map { .string($0.rawValue) } ?? .null),
            ("estimate", estimate.map { .number($0) } ?? .null),
            ("interval", interval?.json ?? .null),
            ("samples", .array(samples.map(\.json))),
        ]
        if !comparisons.isEmpty {
            members.append(("comparisons", .array(comparisons.map(\.json))))
            members.append(("adjustment", adjustment.map { .string($0.rawValue) } ?? .null))
        }
        members.append(("conclusion", .string(conclusion)))
        members.append(("assumptions", .array(assumptions.map { .string($0) })))
        if let source { members.append(("source", source.json)) }
        return .object(members)
    }

    private static func json(_ degrees: [Double]) -> JSONValue {
        switch degrees.count {
        case 0: .null
        case 1: .number(degrees[0])
        default: .array(degrees.map { .number($0) })
        }
    }
}

extension ConfidenceInterval {
    /// The ends and the level; an open end is null.
    var json: JSONValue {
        .object([("low", .number(low)), ("high", .number(high)), ("level", .number(level))])
    }
}

extension SampleReport {
    var json: JSONValue {
        var members: [(String, JSONValue)] = [("name", .string(name)), ("count", .integer(count))]
        if let successes {
            members.append(("successes", .integer(successes)))
            members.append(("proportion", .number(Double(successes) / Double(count))))
        }
        if let mean { members.append(("mean", .number(mean))) }
        if let standardDeviation { members.append(("standardDeviation", .number(standardDeviation))) }
        return .object(members)
    }
}

extension PairReport {
    var json: JSONValue {
        .object([
            ("a", .string(a)), ("b", .string(b)), ("statistic", .number(statistic)), ("pValue", .number(pValue)),
            ("logPValue", logPValue.map { .number($0) } ?? .null), ("adjustedPValue", .number(adjustedPValue)),
            ("estimate", estimate.map { .number($0) } ?? .null), ("interval", interval?.json ?? .null),
        ])
    }
}
