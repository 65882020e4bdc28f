import Foundation
import SeededRandom
import Statistics
import Testing

@Suite struct ProportionSequenceTests {
    @Test func theMixtureAgreesWithMpmath() throws {
        #expect(ConfidenceSequenceTests.fixture["beta"].array.count == 12)
        for c in ConfidenceSequenceTests.fixture["beta"].array {
            let sequence = try ProportionSequence(
                Proportion(successes: c["successes"].int, trials: c["trials"].int), nullValue: c["null"].double,
                prior: Beta(alpha: c["a"].double, beta: c["b"].double))
            let side = Alternative(rawValue: c["alternative"].text) ?? .twoSided
            #expect(close(sequence.logEvidence(side), c["logEvidence"].double, 1e-11, absolute: 1e-12), "\(c)")
        }
    }

    @Test(arguments: Alternative.allCases)
    func intervalAndPValueAreTwoSidesOfOneThing(_ side: Alternative) throws {
        for (successes, trials) in [(0, 10), (10, 10), (3, 50), (200, 1000), (7, 100_000)] {
            let proportion = try Proportion(successes: successes, trials: trials)
            let interval = try ProportionSequence(proportion).confidenceInterval(level: 0.95, alternative: side)
            #expect(interval.low <= proportion.estimate && proportion.estimate <= interval.high)
            for end in [interval.low, interval.high] where end > 0 && end < 1 {
                let p = try ProportionSequence(proportion, nullValue: end).pValue(side)
                #expect(close(p, 0.05, 1e-8), "\(successes) of \(trials), \(side), \(end)")
            }
        }
    }

    @Test func peekingFromTheFirstTrialKeepsTheErrorRate() throws {
        var generator = Generator(seed: 41)
        var alarms = [0, 0]
        for _ in 0..<300 {
            var (successes, twoSided, greater) = (0, false, false)
            for n in 1...200 {
                if generator.uniform() < 0.05 { successes += 1 }
                let sequence = try ProportionSequence(Proportion(successes: successes, trials: n), nullValue: 0.05)
                if sequence.pValue <= 0.1 { twoSided = true }
                if n % 5 == 0, sequence.pValue(.greater) <= 0.1 { greater = true }
            }
            if twoSided { alarms[0] += 1 }
            if greater { alarms[1] += 1 }
        }
        for count in alarms { #expect(Double(count) <= 30 + 3.1 * 5.2, "\(alarms)") }
    }

    @Test func badInputIsNamed() throws {
        #expect(throws: StatisticsError.outOfRange(argument: "nullValue", value: 0, expected: "a number between 0 and 1")) {
            try ProportionSequence(Proportion(successes: 1, trials: 2), nullValue: 0)
        }
        #expect(throws: StatisticsError.notANumber(argument: "level", index: nil)) {
            try ProportionSequence(Proportion(successes: 1, trials: 2)).confidenceInterval(level: .nan)
        }
    }
}
