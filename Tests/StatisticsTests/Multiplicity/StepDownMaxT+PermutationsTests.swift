import Statistics
import Testing

@Suite struct StepDownMaxTPermutationsTests {
    static let reference = References.resampling["maxT"]
    static let first = reference["first"].array.map(\.doubles)
    static let second = reference["second"].array.map(\.doubles)

    @Test func adjustedPValuesAreThoseOfEveryAssignment() throws {
        let test = try StepDownMaxT(Self.first, Self.second)
        #expect(test.isExact)
        #expect(close(test.statistics, Self.reference["statistics"].doubles, 1e-12))
        #expect(close(test.pValues, Self.reference["raw"].doubles, 1e-12))
        #expect(close(test.adjustedPValues, Self.reference["adjusted"].doubles, 1e-12))
    }

    @Test func drawnAssignmentsComeClose() throws {
        let exact = try StepDownMaxT(Self.first, Self.second)
        let drawn = try StepDownMaxT(Self.first, Self.second, Resampling(count: 250, seed: 1, threads: 2))
        #expect(!drawn.isExact)
        for (a, b) in zip(drawn.adjustedPValues, exact.adjustedPValues) { #expect(abs(a - b) < 0.12) }
        #expect(zip(drawn.pValues, drawn.adjustedPValues).allSatisfy { $0 <= $1 })
        let alone = try StepDownMaxT([Self.first[1]], [Self.second[1]])
        #expect(alone.pValues == alone.adjustedPValues)
    }

    @Test func identicalMetricsCostNothing() throws {
        let one = try StepDownMaxT([Self.first[3]], [Self.second[3]])
        let three = try StepDownMaxT(Array(repeating: Self.first[3], count: 3), Array(repeating: Self.second[3], count: 3))
        #expect(three.adjustedPValues == Array(repeating: one.pValues[0], count: 3))
    }

    @Test func oneSideCountsOneDirection() throws {
        let (both, up) = (try StepDownMaxT(Self.first, Self.second), try StepDownMaxT(Self.first, Self.second, alternative: .greater))
        let down = try StepDownMaxT(Self.second, Self.first, alternative: .less)
        #expect(up.pValues == down.pValues && up.adjustedPValues == down.adjustedPValues)
        for j in both.pValues.indices where both.statistics[j] > 0 { #expect(up.pValues[j] <= both.pValues[j]) }
        #expect(try up.criticalValue() == nil)
    }

    @Test func badInputIsNamed() {
        #expect(throws: StatisticsError.empty(argument: "first")) { try StepDownMaxT([], []) }
        #expect(throws: StatisticsError.countMismatch(argument: "first[1]", count: 1, expected: 2)) {
            try StepDownMaxT([[1, 2], [1]], [[1, 3], [1, 2]])
        }
        #expect(throws: StatisticsError.noVariance(argument: "metric 0")) { try StepDownMaxT([[1, 1]], [[1, 1]]) }
        #expect(throws: StatisticsError.notANumber(argument: "second[0]", index: 1)) { try StepDownMaxT([[1, 2]], [[1, .nan]]) }
        #expect(throws: StatisticsError.tooFew(argument: "first[0]", count: 1, needed: 2)) { try StepDownMaxT([[1]], [[1, 2]]) }
    }
}
