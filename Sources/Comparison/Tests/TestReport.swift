package import Statistics
package import Text

/// What a test found, in the words that are the same for every test.
package struct TestReport: Sendable {
    /// The test's name.
    package var test: String
    /// `nil` for what has none, as a bootstrap or a belief.
    package var statistic: Double?
    /// None, one, or two for an F statistic.
    package var degreesOfFreedom: [Double] = []
    /// `nil` for what gives none.
    package var pValue: Double?
    /// The natural logarithm of the p-value, which goes on where a double is zero.
    package var logPValue: Double?
    /// Which departures count; `nil` for a test without sides.
    package var alternative: Alternative?
    /// The effect, the first sample less the second, and what it is.
    package var estimate: Double?
    package var estimated: String?
    package var interval: ConfidenceInterval?
    package var samples: [SampleReport]
    /// What the samples' means are means of, in the table of a person's report.
    var measure = "mean"
    /// The pairs, where there are more than two samples.
    package var comparisons: [PairReport] = []
    package var adjustment: Adjustment?
    /// What belongs to this test alone, such as an effect size.
    package var details: [Detail] = []
    /// What it means, in plain words.
    package var conclusion: String
    /// What must hold for that, or was taken for granted.
    package var assumptions: [String]
    /// Where the data came from.
    package var source: SourceReport?
}

/// A figure that one test has and others have not.
package struct Detail: Sendable {
    /// Its name in JSON.
    package let word: String
    /// What it is, for a person.
    let label: String
    package let value: Double
    package let interval: ConfidenceInterval?
    /// Whether it is shown as a percentage.
    let isShare: Bool

    init(_ word: String, _ label: String, _ value: Double, _ interval: ConfidenceInterval? = nil, isShare: Bool = false) {
        (self.word, self.label, self.value) = (word, label, value)
        (self.interval, self.isShare) = (interval, isShare)
    }

    var json: JSONValue { .object([("value", .number(value)), ("interval", interval?.json ?? .null)]) }

    /// `Cohen's d: 0.1606 (95 % interval 0.1325 to 0.1887)`.
    var text: String {
        let shown = isShare ? Figures.percent(value, 4) : Figures.brief(value)
        let range = interval.map { range in
            " (\(range.percentage) interval "
                + (isShare ? "\(Figures.percent(range.low, 4)) to \(Figures.percent(range.high, 4))" : range.range) + ")"
        }
        return "\(label): \(shown)\(range ?? "")"
    }
}

/// One sample, as far as it is known.
package struct SampleReport: Sendable {
    package let name: String
    package let count: Int
    package var mean: Double?
    package var standardDeviation: Double?
    package var successes: Int?
    /// What events are counted over; then the count is that of events, and the mean their rate.
    package var exposure: Double?
}

/// One pair of several samples.
package struct PairReport: Sendable {
    package let a: String
    package let b: String
    package var statistic: Double?
    package var pValue: Double?
    package var logPValue: Double?
    package var adjustedPValue: Double?
    package var estimate: Double?
    package var interval: ConfidenceInterval?
    package var details: [Detail] = []
    /// Why they are not compared; nil where they are.
    package var problem: String?
}

extension TestReport {
    /// The report as JSON; members that do not apply are null.
    package var json: JSONValue {
        var members: [(String, JSONValue)] = [
            ("test", .string(test)),
            ("statistic", JSONValue(statistic)),
            ("degreesOfFreedom", TestReport.json(degreesOfFreedom)),
            ("pValue", JSONValue(pValue)),
            ("logPValue", JSONValue(logPValue)),
            ("alternative", alternative.map { .string($0.rawValue) } ?? .null),
            ("estimate", JSONValue(estimate)),
            ("interval", interval?.json ?? .null),
            ("samples", .array(samples.map(\.json))),
        ]
        if !comparisons.isEmpty {
            members.append(("comparisons", .array(comparisons.map(\.json))))
            members.append(("adjustment", adjustment.map { .string($0.rawValue) } ?? .null))
        }
        members.append(("details", .object(details.map { ($0.word, $0.json) })))
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

extension JSONValue {
    /// A number, or null where there is none.
    init(_ number: Double?) { self = number.map { .number($0) } ?? .null }
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
        if let exposure { members.append(("exposure", .number(exposure))) }
        if let mean { members.append(("mean", .number(mean))) }
        if let standardDeviation { members.append(("standardDeviation", .number(standardDeviation))) }
        return .object(members)
    }
}

extension PairReport {
    var json: JSONValue {
        .object([
            ("a", .string(a)), ("b", .string(b)), ("statistic", JSONValue(statistic)), ("pValue", JSONValue(pValue)),
            ("logPValue", JSONValue(logPValue)), ("adjustedPValue", JSONValue(adjustedPValue)),
            ("estimate", JSONValue(estimate)), ("interval", interval?.json ?? .null),
            ("details", .object(details.map { ($0.word, $0.json) })), ("problem", problem.map { .string($0) } ?? .null),
        ])
    }
}
