import Foundation
import SeededRandom
import Statistics
import Testing

@Suite struct StepDownMaxTTests {
    /// Correlations of comparisons with one control, all arms of one size.
    static func equal(_ size: Int, _ r: Double = 0.5) -> [[Double]] {
        (0..<size).map { i in (0..<size).map { i == $0 ? 1 : r } }
    }

    @Test func tailsAgreeWithIntegrals() throws {
        let fixture: JSON = try Fixture.committed("max_t")
        #expect(fixture["cases"].array.count == 20)
        for c in fixture["cases"].array {
            let loadings = c["loadings"].doubles
            let correlation = loadings.indices.map { i in loadings.indices.map { i == $0 ? 1 : loadings[i] * loadings[$0] } }
            // All statistics at the threshold: the first step asks for the largest of all.
            let test = try StepDownMaxT(
                loadings.map { _ in c["threshold"].double }, correlation: correlation,
                degreesOfFreedom: c["degreesOfFreedom"].isNull ? .infinity : c["degreesOfFreedom"].double,
                alternative: c["twoSided"].isTrue ? .twoSided : .greater)
            let tail = c["tail"].double
            #expect(relativeError(test.adjustedPValues[0], tail) < (tail < 0.5 ? 3e-3 : 8e-3), "\(c)")
        }
    }

    @Test func allPairsOfThreeAreTukeysRange() throws {
        // Z₁ - Z₂, Z₁ - Z₃, Z₂ - Z₃ over √2: a singular correlation.
        let correlation = [[1, 0.5, -0.5], [0.5, 1, 0.5], [-0.5, 0.5, 1]]
        for (degrees, t) in [(Double.infinity, 2.3), (12, 6.0)] {
            let test = try StepDownMaxT([t, t, -t], correlation: correlation, degreesOfFreedom: degrees)
            let range = try StudentizedRange(groups: 3, degreesOfFreedom: degrees)
            #expect(relativeError(test.adjustedPValues[0], range.survival(t * 2.0.squareRoot())) < 3e-3)
        }
    }

    @Test func criticalValuesAreDunnetts() throws {
        // C. W. Dunnett, Biometrics 20 (1964), table II: two-sided, 5 %, three treatments.
        let known = try StepDownMaxT([0, 0, 0], correlation: Self.equal(3)).criticalValue()
        let estimated = try StepDownMaxT([0, 0, 0], correlation: Self.equal(3), degreesOfFreedom: 20).criticalValue()
        #expect(try abs(#require(known) - 2.35) < 0.007)
        #expect(try abs(#require(estimated) - 2.54) < 0.007)
        let alone = try StepDownMaxT([0], correlation: [[1]], alternative: .greater).criticalValue()
        #expect(close(try #require(alone), 1.6448536269514722, 1e-8))
    }

    @Test func itLiesBetweenNoAdjustmentAndHolms() throws {
        let statistics = [2.9, -0.3, 2.3, 2.6, 9.5]
        let test = try StepDownMaxT(statistics, correlation: Self.equal(5))
        let raw = statistics.map { 2 * Normal.standard.survival(abs($0)) }
        let holm = try Adjustment.holm.adjust(raw)
        for i in raw.indices {
            #expect(test.adjustedPValues[i] >= raw[i] * (1 - 1e-9) && test.adjustedPValues[i] <= holm[i] * (1 + 1e-9), "\(i)")
        }
        // In the far tail nothing hangs together: Bonferroni's bound, to all its digits.
        #expect(close(test.adjustedPValues[4], holm[4], 1e-3))
        #expect(test.adjustedPValues[1] == raw[1] || close(test.adjustedPValues[1], raw[1], 1e-12))
        #expect(try test.rejections() == [true, false, true, true, true])
    }

    @Test func independentStatisticsAreSidaks() throws {
        let test = try StepDownMaxT([2.5, 2.5], correlation: [[1, 0], [0, 1]])
        let p = 2 * Normal.standard.survival(2.5)
        #expect(relativeError(test.adjustedPValues[0], 1 - (1 - p) * (1 - p)) < 1e-3)
        let same = try StepDownMaxT([2.5, 2.5], correlation: [[1, 1], [1, 1]])
        #expect(close(same.adjustedPValues[1], p, 1e-12))
    }

    @Test func permutationsAreCounted() throws {
        // By hand: the largest of both reaches 3 once, the smaller alone reaches 1 twice.
        let test = try StepDownMaxT([1, -3], permutations: [[0.5, 0.2], [2, 0.1], [-1, 4]])
        #expect(test.adjustedPValues == [0.75, 0.5])
        #expect(try test.criticalValue() == nil)
        let sided = try StepDownMaxT([1, -3], permutations: [[0.5, 0.2], [2, 0.1], [-1, 4]], alternative: .less)
        #expect(sided.adjustedPValues == [0.75, 0.25])
    }

    @Test func theFamilyWiseErrorRateIsKept() throws {
        var generator = Generator(seed: 61)
        let critical = try #require(try StepDownMaxT([0, 0, 0], correlation: Self.equal(3)).criticalValue(level: 0.9))
        var alarms = 0
        for _ in 0..<5000 {
            let control = generator.normal()
            let largest = (0..<3).map { _ in abs(generator.normal() - control) / 2.0.squareRoot() }.max() ?? 0
            if largest >= critical { alarms += 1 }
        }
        #expect(abs(Double(alarms) - 500) < 3.29 * 21.2, "\(alarms)")
    }

    @Test func badInputIsNamed() {
        #expect(throws: StatisticsError.countMismatch(argument: "correlation", count: 1, expected: 2)) {
            try StepDownMaxT([1, 2], correlation: [[1]])
        }
        #expect(
            throws: StatisticsError.outOfRange(argument: "correlation[0][1]", value: 0.5, expected: "a symmetric matrix of correlations")
        ) {
            try StepDownMaxT([1, 2], correlation: [[1, 0.5], [0.4, 1]])
        }
        #expect(throws: StatisticsError.self) {
            try StepDownMaxT([1, 2, 3], correlation: [[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]])
        }
        #expect(throws: StatisticsError.notANumber(argument: "statistics", index: 1)) {
            try StepDownMaxT([1, .nan], permutations: [[1, 2]])
        }
        #expect(throws: StatisticsError.empty(argument: "permutations")) { try StepDownMaxT([1], permutations: []) }
        #expect(throws: StatisticsError.countMismatch(argument: "permutations[0]", count: 1, expected: 2)) {
            try StepDownMaxT([1, 2], permutations: [[1]])
        }
    }
}
