import Statistics
import Testing

@Suite struct HeterogeneityTests {
    static let reference = References.estimators["heterogeneity"]

    static func segments() throws -> [Estimate] {
        try zip(reference["effects"].doubles, reference["errors"].doubles).map { try Estimate(value: $0, standardError: $1) }
    }

    @Test func itIsStatsmodelsMetaAnalysis() throws {
        let test = try Heterogeneity(Self.segments())
        #expect(close(test.statistic, Self.reference["q"].double, 1e-12))
        #expect(close(test.pValue, Self.reference["p"].double, 1e-12))
        #expect(close(test.varianceBetween, Self.reference["tauSquared"].double, 1e-12))
        #expect(close(test.inconsistency, Self.reference["iSquared"].double, 1e-12))
        #expect(close(test.common.value, Self.reference["fixed"].double, 1e-12))
        #expect(close(test.common.standardError, Self.reference["fixedError"].double, 1e-12))
        #expect(close(test.average.value, Self.reference["random"].double, 1e-12))
        #expect(close(test.average.standardError, Self.reference["randomError"].double, 1e-12))
    }

    @Test func estimatesAreDrawnTowardsTheAverage() throws {
        let test = try Heterogeneity(Self.segments())
        for (shrunken, segment) in zip(test.shrunken, test.segments) {
            #expect(abs(shrunken.value - test.average.value) <= abs(segment.value - test.average.value))
            #expect(shrunken.standardError <= segment.standardError)
        }
        let alike = try Heterogeneity([Estimate(value: 1, standardError: 0.5), Estimate(value: 1.1, standardError: 0.5)])
        #expect(alike.varianceBetween == 0 && alike.inconsistency == 0)
        #expect(alike.shrunken.allSatisfy { close($0.value, alike.common.value, 1e-15) })
    }

    // The test is the interaction of variant and segment: for two segments, the square of the z of the difference.
    @Test func ofTwoSegmentsItIsTheDifferenceSquared() throws {
        let (a, b) = (try Estimate(value: 3, standardError: 0.6), try Estimate(value: 1, standardError: 0.8))
        let test = try Heterogeneity([a, b])
        let difference = try Effect(treatment: a, control: b)
        #expect(close(test.statistic, difference.statistic * difference.statistic, 1e-13))
        #expect(close(test.pValue, difference.pValue, 1e-12))
        let effects = try Heterogeneity([difference, difference])
        #expect(effects.statistic == 0 && effects.pValue == 1)
    }

    @Test func badSegmentsAreNamed() throws {
        let good = try Estimate(value: 1, standardError: 1)
        #expect(throws: StatisticsError.tooFew(argument: "segments", count: 1, needed: 2)) { try Heterogeneity([good]) }
        #expect(throws: StatisticsError.noVariance(argument: "segments[1]")) {
            try Heterogeneity([good, Estimate(value: 1, standardError: 0)])
        }
    }
}
