import Experiments
import Statistics
package import Text

extension AnalysisReport {
    /// The report as JSON.
    package var json: JSONValue {
        .object([
            ("experiment", .string(experiment)),
            ("primaryMetric", .string(primaryMetric)),
            ("units", .object(units.map { ($0.variant, .integer($0.count)) })),
            ("checks", .array(checks.map(\.json))),
            ("metrics", .array(metrics.map(\.json))),
            ("guardrails", .array(guardrails.map(\.json))),
            ("verdict", verdict.json),
            ("courses", .array(courses.map(\.json))),
        ])
    }
}

extension Check {
    var json: JSONValue { ["name": .string(name), "status": .string(status.rawValue), "text": .string(text)] }
}

extension GuardrailReport {
    var json: JSONValue {
        [
            "metric": .string(metric), "treatment": .string(treatment), "margin": .number(margin),
            "relativeMargin": relativeMargin.map { .number($0) } ?? .null, "estimate": estimate.map { .number($0) } ?? .null,
            "interval": interval?.json ?? .null, "pValue": pValue.map { .number($0) } ?? .null, "outcome": .string(outcome.rawValue),
            "problem": problem.map { .string($0) } ?? .null,
        ]
    }
}

extension Verdict {
    var json: JSONValue {
        [
            "decision": .string(decision.rawValue), "variant": variant.map { .string($0) } ?? .null, "text": .string(text),
            "changes": .string(changes), "moreUnits": moreUnits.map { .integer($0) } ?? .null,
            "moreDays": moreDays.map { .number($0) } ?? .null,
        ]
    }
}

extension Course {
    var json: JSONValue {
        let points = points.map { point -> JSONValue in
            [
                "time": .string(Timestamp(milliseconds: Int64(point.time * 1000)).description), "n": .integer(point.count),
                "difference": .number(point.difference), "low": .number(point.low), "high": .number(point.high),
            ]
        }
        return [
            "metric": .string(metric), "control": .string(control), "treatment": .string(treatment), "points": .array(points),
        ]
    }
}

extension ConfidenceInterval {
    var json: JSONValue { ["low": .number(low), "high": .number(high), "level": .number(level)] }
}

extension MetricReport.Group {
    var member: (String, JSONValue) {
        (variant, ["n": .integer(count), "mean": .number(mean), "sd": .number(standardDeviation), "sum": .number(sum)])
    }
}

extension MetricReport.Comparison {
    var json: JSONValue {
        [
            "control": .string(control), "treatment": .string(treatment), "test": .string(test), "reason": .string(reason),
            "statistic": .number(statistic), "degreesOfFreedom": degreesOfFreedom.map { .number($0) } ?? .null, "pValue": .number(pValue),
            "adjustedPValue": .number(adjustedPValue), "difference": .number(difference), "lift": lift.map { .number($0) } ?? .null,
            "liftInterval": liftInterval?.json ?? .null, "interval": interval?.json ?? .null,
            "withinBlocks": withinBlocks?.json ?? .null, "withinStrata": withinStrata?.json ?? .null,
            "varianceReduction": varianceReduction.map { .number($0) } ?? .null,
        ]
    }
}

extension MetricReport {
    var json: JSONValue {
        .object([
            ("name", .string(name)), ("kind", .string(kind)), ("among", population.map { .string($0) } ?? .null),
            ("groups", .object(groups.map(\.member))), ("comparisons", .array(comparisons.map(\.json))),
            ("varianceReduction", varianceReduction.map { .number($0) } ?? .null), ("notes", .array(notes.map { .string($0) })),
            ("problems", .array(problems.map { .string($0) })),
            (
                "segments",
                .array(
                    segments.map { segment in
                        .object([
                            ("column", .string(segment.column)), ("value", .string(segment.value)),
                            ("groups", .object(segment.groups.map(\.member))), ("comparisons", .array(segment.comparisons.map(\.json))),
                        ])
                    })
            ),
            (
                "alternatives",
                .array(
                    alternatives.map { alternative in
                        .object([
                            ("policy", .string(alternative.policy)), ("groups", .object(alternative.groups.map(\.member))),
                            ("comparisons", .array(alternative.comparisons.map(\.json))),
                        ])
                    })
            ),
        ])
    }
}
