import Statistics
import Testing

@Suite struct LimitsTests {
    @Test func quantilesArePooledAndClipped() throws {
        let reference = References.estimators["limits"]
        let values = reference["values"].doubles
        let limits = try Limits(pooled: values, lower: .quantile(0.05), upper: .quantile(0.93))
        #expect(close(limits.low, reference["low"].double, 1e-14) && close(limits.high, reference["high"].double, 1e-14))
        let winsorized = try limits.winsorized(values)
        #expect(close(try Summary(winsorized).mean, reference["winsorizedMean"].double, 1e-14))
        #expect(try winsorized.count == 50 && limits.winsorized(winsorized) == winsorized)
        #expect(try limits.trimmed(values).count == 50 - 3 - 4)
    }

    @Test func anOpenEndLeavesValuesAlone() throws {
        let values: [Double] = [-5, 0, 7]
        #expect(try Limits(pooled: values).winsorized(values) == values)
        #expect(try Limits(pooled: values, upper: .value(1)).winsorized(values) == [-5, 0, 1])
        #expect(try Limits(pooled: values, lower: .value(0)).trimmed(values) == [0, 7])
        #expect(try Limits(high: 3).winsorized(values) == [-5, 0, 3])
    }

    @Test func limitsThatCrossAreAnError() {
        #expect(throws: StatisticsError.outOfRange(argument: "lower", value: 9, expected: "at most the upper limit 2.0")) {
            try Limits(pooled: [1, 2], lower: .value(9), upper: .quantile(1))
        }
        #expect(throws: StatisticsError.empty(argument: "values")) { try Limits(pooled: []) }
        #expect(throws: StatisticsError.self) { try Limits(pooled: [1], upper: .quantile(1.5)) }
        #expect(throws: StatisticsError.notANumber(argument: "upper", index: nil)) { try Limits(pooled: [1], upper: .value(.nan)) }
        #expect(throws: StatisticsError.notANumber(argument: "low", index: nil)) { try Limits(low: .nan) }
        #expect(throws: StatisticsError.self) { try Limits(low: 2, high: 1) }
        #expect(throws: StatisticsError.notANumber(argument: "values", index: 1)) { try Limits(high: 2).winsorized([1, .nan]) }
        #expect(throws: StatisticsError.infinite(argument: "values", index: 0)) { try Limits(high: 2).trimmed([.infinity]) }
    }
}
