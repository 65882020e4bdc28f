import SeededRandom
import Statistics
import Testing

@Suite struct MixtureSPRTTests {
    @Test func evidenceIsNeverTakenBack() throws {
        var test = try MixtureSPRT(effectSpread: 0.5)
        try test.observe(estimate: 1, standardError: 0.2)
        let p = test.pValue
        let interval = try #require(test.interval)
        #expect(test.isRejected && p < 0.001 && interval.low > 0)
        try test.observe(estimate: 0.4, standardError: 0.2)
        #expect(test.pValue == p)
        let narrower = try #require(test.interval)
        #expect(narrower.low == interval.low && narrower.high < interval.high)
        try test.observe(estimate: -3, standardError: 0.1)
        #expect(test.interval == nil)
    }

    @Test func oneLookIsTheConfidenceSequence() throws {
        var test = try MixtureSPRT(effectSpread: 0.5, nullValue: 0.1, level: 0.9)
        try test.observe(estimate: 0.7, standardError: 0.3)
        let sequence = try ConfidenceSequence(estimate: 0.7, standardError: 0.3, count: 1, tuning: .effectSpread(0.5), nullValue: 0.1)
        let (interval, expected) = try (#require(test.interval), sequence.confidenceInterval(level: 0.9))
        #expect(close(test.pValue, sequence.pValue, 1e-14))
        #expect(close(interval.low, expected.low, 1e-14) && close(interval.high, expected.high, 1e-14))
    }

    @Test func peekingAfterEveryUnitKeepsTheErrorRateAndFindsEffects() throws {
        var generator = Generator(seed: 31)
        var (alarms, found) = (0, 0)
        for run in 0..<400 {
            var test = try MixtureSPRT(effectSpread: 0.3, level: 0.9)
            var arms = [Summary(), Summary()]
            let effect = run < 300 ? 0.0 : 0.5
            for n in 1...400 {
                arms[0].merge(try Summary(mean: generator.normal() + effect, standardDeviation: 0, count: 1))
                arms[1].merge(try Summary(mean: generator.normal(), standardDeviation: 0, count: 1))
                if n >= 40 { try test.observe(arms[0], arms[1]) }
            }
            if test.isRejected { if run < 300 { alarms += 1 } else { found += 1 } }
        }
        #expect(Double(alarms) <= 30 + 3.1 * 5.2, "\(alarms)")
        #expect(found > 95, "\(found)")
    }

    @Test func badInputIsNamed() throws {
        #expect(throws: StatisticsError.outOfRange(argument: "effectSpread", value: -1, expected: "a positive number")) {
            try MixtureSPRT(effectSpread: -1)
        }
        var test = try MixtureSPRT(effectSpread: 1)
        #expect(throws: StatisticsError.infinite(argument: "estimate", index: nil)) {
            try test.observe(estimate: .infinity, standardError: 1)
        }
        #expect(test.pValue == 1)
    }
}
