import Statistics
import Testing

@Suite struct PoissonRateTestTests {
    @Test(arguments: Array(References.all["rates"].array.indices), Alternative.allCases)
    func agreesWithStatsmodels(_ index: Int, side: Alternative) throws {
        let reference = References.all["rates"][index]
        let rates = try zip(reference["counts"].ints, reference["exposures"].doubles).map { try EventRate(events: $0, exposure: $1) }
        let test = try PoissonRateTest(rates[0], rates[1])
        #expect(close(test.pValue(side), reference["exact-cond/\(side.rawValue)"][1].double, 1e-10))
        #expect(close(test.statistic, reference["score/\(side.rawValue)"][0].double, 1e-12))
        #expect(close(test.asymptoticPValue(side), reference["score/\(side.rawValue)"][1].double, 1e-10))
        let interval = try rates[0].confidenceInterval()
        #expect(close(interval.high, reference["one/exact"][1].double, 1e-12))
        if rates[0].events > 0 { #expect(close(interval.low, reference["one/exact"][0].double, 1e-12)) }
    }

    @Test func theIntervalInvertsTheTest() throws {
        let (a, b) = (try EventRate(events: 60, exposure: 514), try EventRate(events: 30, exposure: 543))
        let interval = try PoissonRateTest(a, b).confidenceInterval(level: 0.9)
        #expect(close(try PoissonRateTest(a, b, nullRatio: interval.low).pValue(.greater), 0.05, 1e-10))
        #expect(close(try PoissonRateTest(a, b, nullRatio: interval.high).pValue(.less), 0.05, 1e-10))
    }

    @Test func exposuresBeyondComparisonAreAnError() {
        #expect(throws: StatisticsError.outOfRange(argument: "ratio of the exposures", value: 0, expected: "a positive number")) {
            try PoissonRateTest(EventRate(events: 0, exposure: 1e-308), EventRate(events: 5, exposure: 1e308))
        }
    }

    // Given no events those of the first are none for certain, whatever the ratio.
    @Test func noEventsAtAllSpeakAgainstNoRatio() throws {
        let test = try PoissonRateTest(EventRate(events: 0, exposure: 1), EventRate(events: 0, exposure: 2))
        for side in Alternative.allCases { #expect(test.pValue(side) == 1 && test.logPValue(side) == 0) }
        #expect(test.statistic == 0 && test.estimate.isNaN)
        #expect(try test.confidenceInterval() == ConfidenceInterval(low: 0, high: .infinity, level: 0.95))
    }

    @Test func anExposureOfNothingIsAnError() {
        #expect(throws: StatisticsError.outOfRange(argument: "exposure", value: 0, expected: "a positive number")) {
            try EventRate(events: 1, exposure: 0)
        }
    }
}
