import Foundation
import SeededRandom
import Statistics
import Testing

@Suite struct ConfidenceSequenceTests {
    static let fixture: JSON = (try? Fixture.committed("sequential")) ?? .null

    @Test func theMixtureAgreesWithMpmath() throws {
        #expect(Self.fixture["normal"].array.count == 36)
        for c in Self.fixture["normal"].array {
            let side = Alternative(rawValue: c["alternative"].text) ?? .twoSided
            let sequence = try ConfidenceSequence(
                estimate: c["z"].double * 0.3, standardError: 0.3, count: 10, tuning: .effectSpread(0.3 * c["ratio"].double.squareRoot()))
            #expect(close(sequence.logEvidence(side), c["logEvidence"].double, 1e-13, absolute: 1e-13), "\(c)")
        }
    }

    @Test(arguments: Alternative.allCases)
    func intervalAndPValueAreTwoSidesOfOneThing(_ side: Alternative) throws {
        for level in [0.3, 0.8, 0.95, 0.999] {
            let sequence = try ConfidenceSequence(estimate: 1.3, standardError: 0.4, count: 700, tuning: .sampleSize(1000))
            let interval = try sequence.confidenceInterval(level: level, alternative: side)
            for end in [interval.low, interval.high] where end.isFinite {
                let atEnd = try ConfidenceSequence(
                    estimate: 1.3, standardError: 0.4, count: 700, tuning: .sampleSize(1000), nullValue: end)
                #expect(close(-atEnd.logEvidence(side), log(1 - level), 1e-11, absolute: 1e-12), "\(side) \(level)")
            }
        }
    }

    @Test func itIsNarrowestWhereItIsTuned() throws {
        let widths = try [250.0, 500, 1000, 2000, 4000].map { size in
            let sequence = try ConfidenceSequence(estimate: 0, standardError: 1, count: 1000, tuning: .sampleSize(size))
            return try sequence.confidenceInterval().high
        }
        #expect(widths.min() == widths[2])
        // The price of looking at any time.
        #expect(widths[2] > 1.96 && widths[2] < 3.2)
    }

    @Test func summariesAndTestsMeanTheSame() throws {
        let (a, b) = try (Summary(mean: 5, standardDeviation: 2, count: 400), Summary(mean: 4.7, standardDeviation: 2.2, count: 500))
        let bySummaries = try ConfidenceSequence(a, b, tuning: .sampleSize(2000))
        let byTest = try ConfidenceSequence(WelchTTest(a, b), count: 900, tuning: .sampleSize(2000))
        #expect(bySummaries.estimate == byTest.estimate && bySummaries.pValue == byTest.pValue)
    }

    @Test func peekingAfterEveryUnitKeepsTheErrorRate() throws {
        var generator = Generator(seed: 21)
        var (alarms, naive) = (0, 0)
        for _ in 0..<500 {
            var (sample, alarm, naiveAlarm) = (Summary(), false, false)
            for n in 1...800 {
                // Skewed data of mean 1.
                sample.merge(try Summary(mean: generator.exponential(), standardDeviation: 0, count: 1))
                guard n >= 100 else { continue }
                let sequence = try ConfidenceSequence(sample, tuning: .sampleSize(400, level: 0.9), nullValue: 1)
                if sequence.logEvidence() >= 2.302585092994046 { alarm = true }
                if abs(sequence.statistic) > 1.6448536269514722 { naiveAlarm = true }
            }
            if alarm { alarms += 1 }
            if naiveAlarm { naive += 1 }
        }
        #expect(Double(alarms) <= 50 + 3.1 * 6.7, "\(alarms)")
        #expect(naive > 125)
    }

    @Test func adjustmentByACovariateNarrowsTheSequenceAndKeepsTheErrorRate() throws {
        var generator = Generator(seed: 22)
        var alarms = 0
        for _ in 0..<200 {
            var arms = [CoMoments(columns: 2), CoMoments(columns: 2)]
            var alarm = false
            for look in 1...12 {
                for arm in 0...1 {
                    let covariate = generator.sample(50) { $0.normal() }
                    arms[arm].merge(try CoMoments([covariate.map { 3 * $0 + generator.normal() }, covariate]))
                }
                let slope = (arms[0][0, 1] + arms[1][0, 1]) / (arms[0][1, 1] + arms[1][1, 1])
                let residual = arms.map { arm in
                    (arm.covariance(0, 0) - 2 * slope * arm.covariance(0, 1) + slope * slope * arm.covariance(1, 1)) / Double(arm.count)
                }
                let effect = arms[1].means[0] - arms[0].means[0] - slope * (arms[1].means[1] - arms[0].means[1])
                let adjusted = try ConfidenceSequence(
                    estimate: effect, standardError: (residual[0] + residual[1]).squareRoot(), count: 100 * look, tuning: .sampleSize(600))
                let plain = try ConfidenceSequence(arms[1].summary(0), arms[0].summary(0), tuning: .sampleSize(600))
                #expect(adjusted.standardError < 0.5 * plain.standardError)
                if adjusted.pValue <= 0.1 { alarm = true }
            }
            if alarm { alarms += 1 }
        }
        #expect(Double(alarms) <= 20 + 3.1 * 4.3, "\(alarms)")
    }

    @Test(.enabled(if: Fixture.hasOracles))
    func publishedHalfWidthsComeOut() throws {
        let vectors: JSON = try Fixture.oracle("growthbook/gbstats_vectors.json")
        var compared = 0
        for c in vectors.array {
            let args = c["args"].doubles
            if c["function"].text == "sequential_interval_halfwidth" {
                let sequence = try ConfidenceSequence(
                    estimate: 0, standardError: (args[0] / args[1]).squareRoot(), count: Int(args[1]),
                    tuning: .sampleSize(args[2], level: 1 - args[3]))
                #expect(close(try sequence.confidenceInterval(level: 1 - args[3]).high, c["result"].double, 1e-12))
                compared += 1
            } else if c["function"].text == "sequential_interval_halfwidth_one_sided" {
                // Theirs bounds the half-normal mixture from above; the mixture itself is at least as narrow.
                let sequence = try ConfidenceSequence(
                    estimate: 0, standardError: (args[0] / args[1]).squareRoot(), count: Int(args[1]),
                    tuning: .sampleSize(args[2], level: 0.9))
                let reach = try sequence.confidenceInterval(level: 1 - args[3], alternative: .less).high
                #expect(reach <= c["result"].double)
                #expect(args[3] > 0.01 || close(reach, c["result"].double, 1e-4))
                compared += 1
            } else if c["test"].text == "SequentialTwoSidedTTest", c["stats"][0][0]["_type"].text == "ProportionStatistic" {
                // A relative effect: its standard error is given.
                let result = c["result"]
                let count = c["stats"][0].array.map { $0["n"].int }.reduce(0, +)
                let sequence = try ConfidenceSequence(
                    estimate: result["expected"].double, standardError: result["uplift"]["stddev"].double, count: count,
                    tuning: .sampleSize(5000))
                let interval = try sequence.confidenceInterval()
                #expect(close(interval.low, result["ci"][0].double, 1e-11) && close(interval.high, result["ci"][1].double, 1e-11))
                #expect(close(sequence.pValue, result["pValue"].double, 1e-9))
                compared += 1
            }
        }
        #expect(compared >= 30)
    }

    @Test(.enabled(if: Fixture.hasOracles))
    func boundariesOfConfseqComeOut() throws {
        let cases: JSON = try Fixture.oracle("confseq/boundaries.json")
        let values = Dictionary(
            cases["cases"].array.map { ($0["expr"].text, Double($0["value"].text) ?? .nan) }, uniquingKeysWith: { first, _ in first })
        func check(_ expression: String, _ value: Double) {
            #expect(close(value, values[expression] ?? .nan, 1e-6), "\(expression) = \(value)")
        }
        // The sum 10 at intrinsic time 100, tuned for time 100: z is 1 and the unit of the mean's error 10.
        func at(_ sum: Double, level: Double) throws -> ConfidenceSequence {
            try ConfidenceSequence(estimate: sum, standardError: 10, count: 100, tuning: .sampleSize(100, level: level))
        }
        check("normal_log_mixture(10, 100, V_OPT, ALPHA_OPT, false)", try at(10, level: 0.95).logEvidence())
        check("normal_log_mixture(10, 100, V_OPT)", try at(10, level: 0.9).logEvidence(.greater))
        check("normal_mixture_bound(100, ALPHA, V_OPT, ALPHA_OPT, false)", try at(0, level: 0.95).confidenceInterval().high)
        check("normal_mixture_bound(100, ALPHA, V_OPT)", try at(0, level: 0.9).confidenceInterval(level: 0.95, alternative: .less).high)
    }

    @Test func badInputIsNamed() throws {
        #expect(throws: StatisticsError.outOfRange(argument: "tuning.sampleSize", value: 0, expected: "a positive number")) {
            try ConfidenceSequence(estimate: 0, standardError: 1, count: 10, tuning: .sampleSize(0))
        }
        #expect(throws: StatisticsError.notANumber(argument: "estimate", index: nil)) {
            try ConfidenceSequence(estimate: .nan, standardError: 1, count: 10, tuning: .sampleSize(1))
        }
        #expect(throws: StatisticsError.noVariance(argument: "sample")) {
            try ConfidenceSequence(Summary([1, 1, 1]), tuning: .sampleSize(100))
        }
        let sequence = try ConfidenceSequence(estimate: 0, standardError: 1, count: 10, tuning: .effectSpread(1))
        #expect(throws: StatisticsError.outOfRange(argument: "level", value: 1, expected: "a number between 0 and 1")) {
            try sequence.confidenceInterval(level: 1)
        }
    }
}
