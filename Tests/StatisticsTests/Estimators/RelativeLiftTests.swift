import Foundation
import SeededRandom
import Statistics
import Testing

@Suite struct RelativeLiftTests {
    static let cases = References.estimators["lifts"].array

    static func lift(_ reference: JSON) throws -> RelativeLift {
        let sides = try ["treatment", "control"].map { side in
            let numbers = reference[side].doubles
            return try Summary(mean: numbers[0], standardDeviation: numbers[1], count: Int(numbers[2]))
        }
        return try RelativeLift(treatment: sides[0], control: sides[1])
    }

    @Test(arguments: cases.indices)
    func intervalsAreThoseOfSciPy(_ index: Int) throws {
        let reference = Self.cases[index]
        let lift = try Self.lift(reference)
        #expect(close(lift.estimate, reference["estimate"].double, 1e-12))
        #expect(close(lift.pValue, reference["p"].double, 1e-11))
        for method in RelativeLift.Method.allCases {
            let interval = try lift.confidenceInterval(method, level: reference["level"].double)
            #expect(close([interval.low, interval.high], reference[method.rawValue].doubles, 1e-10), "\(method)")
        }
    }

    // The ends of Fieller's interval are the lifts that are just rejected.
    @Test(arguments: [0.8, 0.95, 0.999], [-1.0, 1.0])
    func fiellersIntervalInvertsTheTest(level: Double, sign: Double) throws {
        let treatment = try Estimate(value: 12 * sign, standardError: 0.7)
        let control = try Estimate(value: 10 * sign, standardError: 0.9)
        let lift = try RelativeLift(treatment: treatment, control: control)
        let interval = try lift.confidenceInterval(level: level)
        for end in [interval.low, interval.high] {
            let there = try RelativeLift(treatment: treatment, control: control, nullValue: end)
            #expect(close(there.pValue, 1 - level, 1e-9))
        }
        let low = try lift.confidenceInterval(level: level, alternative: .greater)
        #expect(low.high == .infinity)
        #expect(close(try RelativeLift(treatment: treatment, control: control, nullValue: low.low).pValue(.greater), 1 - level, 1e-9))
        let high = try lift.confidenceInterval(level: level, alternative: .less)
        #expect(high.low == -.infinity)
        #expect(close(try RelativeLift(treatment: treatment, control: control, nullValue: high.high).pValue(.less), 1 - level, 1e-9))
    }

    // The ends of the interval that may be looked at any time are the lifts whose own sequence just leaves out zero.
    @Test(arguments: [0.8, 0.95, 0.999], [-1.0, 1.0])
    func theAlwaysValidIntervalInvertsTheSequence(level: Double, sign: Double) throws {
        let treatment = try Estimate(value: 12 * sign, standardError: 0.7)
        let control = try Estimate(value: 10 * sign, standardError: 0.4)
        let lift = try RelativeLift(treatment: treatment, control: control)
        func pValue(_ ratio: Double, _ alternative: Alternative = .twoSided) throws -> Double {
            try ConfidenceSequence(
                estimate: sign * (treatment.value - (1 + ratio) * control.value),
                standardError: (treatment.variance + (1 + ratio) * (1 + ratio) * control.variance).squareRoot(), count: 700,
                tuning: .sampleSize(1500, level: level)
            ).pValue(alternative)
        }
        let interval = try lift.alwaysValidInterval(count: 700, tunedFor: 1500, level: level)
        for end in [interval.low, interval.high] { #expect(close(try pValue(end), 1 - level, 1e-9)) }
        let fixed = try lift.confidenceInterval(level: level)
        #expect(interval.low < fixed.low && fixed.high < interval.high, "it is wider than for one look")
        let low = try lift.alwaysValidInterval(count: 700, tunedFor: 1500, level: level, alternative: .greater)
        #expect(low.high == .infinity)
        #expect(close(try pValue(low.low, .greater), 1 - level, 1e-9))
        #expect(throws: StatisticsError.self) { try lift.alwaysValidInterval(count: 0, tunedFor: 1500) }
        #expect(throws: StatisticsError.self) { try lift.alwaysValidInterval(count: 700, tunedFor: -1) }
        #expect(throws: StatisticsError.self) { try lift.alwaysValidInterval(count: 700, tunedFor: 1500, level: 1) }
    }

    // With forty looks at skewed values, one look's interval misses the lift far too often at one of them, and this one does not.
    @Test func theAlwaysValidIntervalCoversTheLiftAtAllLooks() throws {
        var generator = SeededGenerator(seed: 7)
        var (missed, missedByOneLook) = (0, 0)
        let paths = 1000
        for _ in 0..<paths {
            var sides = [Moments(), Moments()]
            var (isMissed, isMissedByOneLook) = (false, false)
            for _ in 0..<40 {
                // Exponential values of mean 2.4 and 2: a lift of 0.2.
                for (side, mean) in [2.4, 2].enumerated() {
                    sides[side].merge(try Moments((0..<50).map { _ in -mean * log(Double.random(in: 0x1p-60..<1, using: &generator)) }))
                }
                let lift = try RelativeLift(treatment: sides[0].summary, control: sides[1].summary)
                let always = try lift.alwaysValidInterval(count: 2 * sides[0].count, tunedFor: 2000)
                let once = try lift.confidenceInterval()
                isMissed = isMissed || always.low > 0.2 || always.high < 0.2
                isMissedByOneLook = isMissedByOneLook || once.low > 0.2 || once.high < 0.2
            }
            missed += isMissed ? 1 : 0
            missedByOneLook += isMissedByOneLook ? 1 : 0
        }
        #expect(missed <= 60, "\(missed) of \(paths)")
        #expect(missedByOneLook > 150, "\(missedByOneLook) of \(paths)")
    }

    @Test func aControlThatMayBeZeroLeavesTheLiftOpen() throws {
        let (treatment, control) = (try Estimate(value: 1, standardError: 0.1), try Estimate(value: 0.1, standardError: 0.1))
        let lift = try RelativeLift(treatment: treatment, control: control)
        let interval = try lift.confidenceInterval()
        #expect(interval.low == -.infinity && interval.high == .infinity)
        #expect(try lift.confidenceInterval(.delta).high.isFinite)
    }

    @Test(arguments: [1e6, 1e140, 1e-140])
    func unitsOfMeasurementDoNotMatter(_ unit: Double) throws {
        let lift = try Self.lift(Self.cases[0])
        let scaled = try RelativeLift(
            treatment: Estimate(
                value: unit * lift.treatment.value, standardError: unit * lift.treatment.standardError, degreesOfFreedom: 199),
            control: Estimate(value: unit * lift.control.value, standardError: unit * lift.control.standardError, degreesOfFreedom: 149))
        #expect(close(scaled.pValue, lift.pValue, 1e-12))
        for method in RelativeLift.Method.allCases {
            #expect(close(try scaled.confidenceInterval(method).low, try lift.confidenceInterval(method).low, 1e-12))
        }
    }

    @Test func aLiftOverNothingIsAnError() throws {
        let (one, zero) = (try Estimate(value: 1, standardError: 1), try Estimate(value: 0, standardError: 1))
        #expect(throws: StatisticsError.outOfRange(argument: "control", value: 0, expected: "a value other than zero")) {
            try RelativeLift(treatment: one, control: zero)
        }
        #expect(throws: StatisticsError.self) {
            try RelativeLift(treatment: zero, control: one).confidenceInterval(.logRatio)
        }
        #expect(throws: StatisticsError.self) { try RelativeLift(treatment: one, control: one).confidenceInterval(level: 1) }
        #expect(throws: StatisticsError.self) {
            try RelativeLift(treatment: one, control: Estimate(value: .leastNonzeroMagnitude, standardError: 1))
        }
    }

    // Both intervals on skewed revenue with a lift of 10 %: 400 experiments, within 99.9 % binomial limits of 95 %.
    @Test func intervalsCoverTheLift() throws {
        var generator = Generator(seed: 1954)
        var covered = [0, 0]
        for _ in 0..<400 {
            let control = try Summary(generator.sample(250) { $0.exponential() })
            let treatment = try Summary(generator.sample(250) { 1.1 * $0.exponential() })
            let lift = try RelativeLift(treatment: treatment, control: control)
            if try lift.confidenceInterval().contains(0.1) { covered[0] += 1 }
            if try lift.confidenceInterval(.logRatio).contains(0.1) { covered[1] += 1 }
        }
        for count in covered { #expect(try isCoverage(count, of: 400, level: 0.95)) }
    }
}
