import Statistics
import Testing

@Suite struct EventRateTestTests {
    @Test(arguments: Array(References.all["rates"].array.indices))
    func agreesWithSciPy(_ index: Int) throws {
        let reference = References.all["rates"][index]
        let rate = try EventRate(events: reference["counts"][0].int, exposure: reference["exposures"][0].double)
        let expected = reference["one rate"]
        let test = try EventRateTest(rate, nullValue: expected["null"].double)
        for side in Alternative.allCases {
            #expect(close(test.pValue(side), expected[side.rawValue].double, 1e-9, absolute: 1e-300), "\(side)")
            if test.pValue(side) > 1e-300 { #expect(close(test.logPValue(side).exponential, test.pValue(side), 1e-11)) }
        }
        let bounds = reference["one/bounds"].doubles
        #expect(close(try test.confidenceInterval(level: 0.95, alternative: .greater).low, bounds[0], 1e-12))
        #expect(close(try test.confidenceInterval(level: 0.95, alternative: .less).high, bounds[1], 1e-12))
    }

    @Test func theIntervalInvertsTheTest() throws {
        let rate = try EventRate(events: 7, exposure: 3)
        let interval = try EventRateTest(rate).confidenceInterval(level: 0.9)
        #expect(close(try EventRateTest(rate, nullValue: interval.low).pValue(.greater), 0.05, 1e-11))
        #expect(close(try EventRateTest(rate, nullValue: interval.high).pValue(.less), 0.05, 1e-11))
    }

    @Test func theLogarithmGoesOnWhereThePValueVanishes() throws {
        let test = try EventRateTest(EventRate(events: 10, exposure: 1), nullValue: 2000)
        #expect(test.pValue == 0 && test.logPValue < -1900 && test.logPValue.isFinite)
    }

    @Test func badInputIsNamed() throws {
        let rate = try EventRate(events: 7, exposure: 3)
        #expect(throws: StatisticsError.outOfRange(argument: "nullValue", value: 0, expected: "a positive number")) {
            try EventRateTest(rate, nullValue: 0)
        }
        #expect(throws: StatisticsError.self) { try EventRateTest(rate, nullValue: 1e300) }
        #expect(throws: StatisticsError.outOfRange(argument: "events", value: -1, expected: "a count that is not negative")) {
            try EventRate(events: -1, exposure: 1)
        }
    }
}
