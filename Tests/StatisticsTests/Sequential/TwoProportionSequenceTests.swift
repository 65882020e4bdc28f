import Foundation
import SeededRandom
import Statistics
import Testing

@Suite struct TwoProportionSequenceTests {
    static func share(_ successes: Int, _ trials: Int) throws -> Proportion { try Proportion(successes: successes, trials: trials) }

    static let cases = [
        (40, 400, 30, 500), (0, 500, 20, 500), (500, 500, 0, 500), (3, 900, 0, 80), (397, 400, 500, 500), (0, 500, 0, 700),
        (500, 500, 300, 300),
    ]

    // The ends of both intervals are what is just rejected, and zero is left out exactly where the p-value says so.
    @Test(arguments: cases.indices, [0.8, 0.95, 0.999])
    func theIntervalsInvertTheSequence(_ index: Int, level: Double) throws {
        let (x, n, y, m) = Self.cases[index]
        let sequence = try TwoProportionSequence(Self.share(x, n), Self.share(y, m), tuning: .sampleSize(1500, level: level))
        let test = try TwoProportionZTest(Self.share(x, n), Self.share(y, m))
        #expect(sequence.statistic == test.statistic && sequence.estimate == test.estimate && sequence.count == n + m)
        // The mixture is that of any estimate from as many units.
        let same = try ConfidenceSequence(
            estimate: test.statistic, standardError: 1, count: n + m, tuning: .sampleSize(1500, level: level))
        #expect(close(sequence.pValue, same.pValue, 1e-12) && close(sequence.pValue(.less), same.pValue(.less), 1e-12))
        let interval = try sequence.confidenceInterval(level: level)
        let fixed = try test.confidenceInterval(level: level)
        #expect((interval.low > 0 || interval.high < 0) == (sequence.pValue < 1 - level))
        #expect(interval.low <= fixed.low && fixed.high <= interval.high, "it is wider than for one look")
        let lift = try sequence.liftInterval(level: level)
        #expect((lift.low > 0 || lift.high < 0) == (sequence.pValue < 1 - level))
        for end in [lift.low, lift.high] where end > -1 && end.isFinite {
            #expect(close(try sequence.pValue(lift: end), 1 - level, 1e-7), "\(end)")
        }
        #expect(try sequence.confidenceInterval(level: level, alternative: .greater).high == 1)
        #expect(try sequence.confidenceInterval(level: level, alternative: .less).low == -1)
    }

    // What never happened may be looked at: nothing is shown, and a difference is ruled out the better the more units there are.
    @Test(arguments: [ConfidenceSequence.Tuning.sampleSize(2000), .effectSpread(0.01)])
    func whatNeverHappenedIsCompared(_ tuning: ConfidenceSequence.Tuning) throws {
        var widths: [Double] = []
        for n in [1, 10, 100, 1000, 10_000, 100_000] {
            let (none, all) = (try Self.share(0, n), try Self.share(n, n))
            for share in [none, all] {
                let sequence = try TwoProportionSequence(share, share, tuning: tuning)
                #expect(sequence.pValue == 1 && sequence.statistic == 0)
                let interval = try sequence.confidenceInterval()
                #expect(close(interval.low, -interval.high, 1e-9) && interval.high < 1)
                if share == none { widths.append(interval.high) }
            }
            // One event more changes the width a little, and not by jumps.
            if n >= 100 {
                let one = try TwoProportionSequence(Self.share(1, n), none, tuning: tuning).confidenceInterval()
                #expect(one.high > widths[widths.count - 1] && one.high < 3 * widths[widths.count - 1])
            }
        }
        #expect(widths == widths.sorted(by: >) && widths[5] < 0.001)
    }

    // Of many conversions the variance is what it is taken from: the sequence of means comes to the same.
    @Test func ofManyConversionsItIsTheSequenceOfMeans() throws {
        let (a, b) = (try Self.share(100_400, 1_000_000), try Self.share(99_700, 1_000_000))
        let sequence = try TwoProportionSequence(a, b, tuning: .sampleSize(2e6))
        let error: Double = (a.estimate * (1 - a.estimate) / 1e6 + b.estimate * (1 - b.estimate) / 1e6).squareRoot()
        let means = try ConfidenceSequence(
            estimate: a.estimate - b.estimate, standardError: error, count: 2_000_000, tuning: .sampleSize(2e6))
        let (found, expected) = (try sequence.confidenceInterval(), try means.confidenceInterval())
        #expect(close(found.low, expected.low, 1e-3) && close(found.high, expected.high, 1e-3))
        #expect(close(sequence.pValue, means.pValue, 1e-3))
        let spread = try TwoProportionSequence(a, b, tuning: .effectSpread(0.001))
        #expect(
            close(
                spread.pValue,
                try ConfidenceSequence(estimate: 0.0007, standardError: error, count: 1, tuning: .effectSpread(0.001)).pValue, 1e-3))
    }

    // A look after every pair of units, from 20 conversions on: neither a true difference nor a true lift is missed too often at any of them.
    @Test func theIntervalsCoverAtAllLooks() throws {
        var generator = SeededGenerator(seed: 11)
        var (missed, liftMissed, rejected) = (0, 0, 0)
        let paths = 400
        for _ in 0..<paths {
            var counts = [0, 0, 0]
            var flags = [false, false, false]
            for n in 1...2000 {
                for (arm, p) in [0.05, 0.05, 0.10].enumerated() where Double.random(in: 0..<1, using: &generator) < p { counts[arm] += 1 }
                guard n % 20 == 0, counts[0] + counts[1] >= 20 else { continue }
                let shares = try counts.map { try Self.share($0, n) }
                let null = try TwoProportionSequence(shares[1], shares[0], tuning: .sampleSize(2000))
                let real = try TwoProportionSequence(shares[2], shares[0], tuning: .sampleSize(2000))
                flags[0] = flags[0] || null.pValue <= 0.05
                let isHeld = try real.confidenceInterval().contains(0.05)
                let p = try real.pValue(lift: 1)
                flags[1] = flags[1] || !isHeld
                flags[2] = flags[2] || p <= 0.05
            }
            rejected += flags[0] ? 1 : 0
            missed += flags[1] ? 1 : 0
            liftMissed += flags[2] ? 1 : 0
        }
        // 5 % of 400, and three standard deviations.
        for count in [rejected, missed, liftMissed] { #expect(count <= 33, "\(count) of \(paths)") }
    }

    @Test func badInputIsNamed() throws {
        let (none, all) = (try Self.share(0, 9), try Self.share(9, 9))
        #expect(throws: StatisticsError.self) { try TwoProportionSequence(none, all, tuning: .sampleSize(0)) }
        let sequence = try TwoProportionSequence(none, all, tuning: .sampleSize(100))
        #expect(throws: StatisticsError.self) { try sequence.confidenceInterval(level: 1) }
        #expect(throws: StatisticsError.self) { try sequence.pValue(lift: -1.5) }
    }
}
