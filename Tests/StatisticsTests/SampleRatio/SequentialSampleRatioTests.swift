import Foundation
import SeededRandom
import Statistics
import Testing

@Suite struct SequentialSampleRatioTests {
    @Test func theBayesFactorAgreesWithMpmath() throws {
        let fixture: JSON = try Fixture.committed("sequential")
        #expect(fixture["counts"].array.count == 15)
        for c in fixture["counts"].array {
            var test = try SequentialSampleRatioTest(weights: c["weights"].doubles, concentration: c["concentration"].double)
            try test.observe(counts: c["counts"].ints)
            #expect(close(test.logEvidence, c["logEvidence"].double, 1e-12, absolute: 1e-12), "\(c)")
            #expect(close(test.pValue, min(1, exp(-c["logEvidence"].double)), 1e-11))
        }
    }

    @Test func thePValueNeverRises() throws {
        var test = try SequentialSampleRatioTest(weights: [1, 1], concentration: 100)
        try test.observe(counts: [100, 200])
        let p = test.pValue
        try test.observe(counts: [1000, 1000])
        #expect(test.pValue == p && p < 1e-5)
        #expect(try test.probabilityOfMismatch() < 0.5)
    }

    @Test func anArmOfWeightZeroIsLeftOut() throws {
        var (three, two) = try (SequentialSampleRatioTest(weights: [2, 0, 1]), SequentialSampleRatioTest(weights: [2, 1]))
        try three.observe(counts: [500, 7, 300])
        try two.observe(counts: [500, 300])
        #expect(three.pValue == two.pValue && three.unexpectedUnits == 7)
    }

    @Test func peekingAfterEveryUnitKeepsTheErrorRate() throws {
        var generator = Generator(seed: 11)
        var alarms = 0
        for _ in 0..<200 {
            var test = try SequentialSampleRatioTest(weights: [2, 1], concentration: 30)
            var counts = [0, 0]
            for _ in 0..<200 {
                counts[generator.uniform() < 2.0 / 3 ? 0 : 1] += 1
                try test.observe(counts: counts)
            }
            if test.pValue <= 0.1 { alarms += 1 }
        }
        // At most α, whatever the number of looks: here the upper 99.9 % limit of a binomial count.
        #expect(Double(alarms) <= 20 + 3.1 * 4.3)
    }

    @Test func aMismatchIsFound() throws {
        var generator = Generator(seed: 12)
        var test = try SequentialSampleRatioTest(weights: [1, 1])
        var counts = [0, 0]
        for n in 1...40_000 {
            counts[generator.uniform() < 0.48 ? 0 : 1] += 1
            if n % 100 == 0 { try test.observe(counts: counts) }
        }
        #expect(test.pValue < 1e-6)
    }

    @Test func badInputIsNamed() throws {
        #expect(throws: StatisticsError.outOfRange(argument: "concentration", value: 0, expected: "a positive number")) {
            try SequentialSampleRatioTest(weights: [1, 1], concentration: 0)
        }
        #expect(throws: StatisticsError.tooFew(argument: "weights", count: 1, needed: 2)) { try SequentialSampleRatioTest(weights: [1]) }
        var test = try SequentialSampleRatioTest(weights: [1, 1])
        try test.observe(counts: [5, 5])
        #expect(throws: StatisticsError.outOfRange(argument: "counts[1]", value: 4, expected: "at least the 5 of before")) {
            try test.observe(counts: [6, 4])
        }
    }
}
