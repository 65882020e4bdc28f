import SeededRandom
import Statistics
import Testing

// Every way into the library by raw samples: what is wrong is an error that names it, and nothing else is NaN or made up.
@Suite struct SampleInputTests {
    static let good = [3.5, 1.25, 4, 1, 5.5, 9, 2.75]
    static let other = [2.5, 7.25, 1.5, 8, 2, 8.5, 1.75]

    @Test(arguments: Entry.all)
    func soundSamplesAreAnswered(_ entry: Entry) throws {
        #expect(try entry.ask(Self.good, Self.other).isSound)
    }

    @Test(arguments: Entry.all)
    func whatIsNoNumberIsNamed(_ entry: Entry) {
        for place in 0..<(entry.takesTwo ? 2 : 1) {
            for bad in [Double.nan, .infinity, -.infinity] {
                var samples = [Self.good, Self.other]
                samples[place][3] = bad
                do throws(any Error) {
                    _ = try entry.ask(samples[0], samples[1])
                    Issue.record("\(entry.testDescription) took \(bad)")
                } catch StatisticsError.notANumber(let argument, let index) {
                    #expect(bad.isNaN && index == 3 && !argument.isEmpty)
                } catch StatisticsError.infinite(let argument, let index) {
                    #expect(bad.isInfinite && index == 3 && !argument.isEmpty)
                } catch {
                    Issue.record("\(entry.testDescription) says of \(bad): \(error)")
                }
            }
        }
    }

    @Test(arguments: Entry.all)
    func anEmptySampleIsNamed(_ entry: Entry) {
        if entry.testDescription != "summary", entry.testDescription != "moments", entry.testDescription != "permutation in blocks" {
            #expect(throws: StatisticsError.self) { try entry.ask([], Self.other) }
        }
        guard entry.takesTwo else { return }
        #expect(throws: StatisticsError.self) { try entry.ask(Self.good, []) }
        // Co-moments of no units are a start for merging.
        if entry.testDescription != "co-moments" { #expect(throws: StatisticsError.self) { try entry.ask([], []) } }
    }

    // One value, values that do not vary, two of them: an answer that is sound, or an error, and never another kind of error.
    @Test(arguments: Entry.all)
    func fewValuesAreAnsweredOrRefused(_ entry: Entry) {
        let samples: [[Double]] = [[2], [2, 2], [2, 2, 2], [2, 3], [0, 0, 0], [-1, 1], [0, 1, 0], [1, 1, 1, 1, 2]]
        for first in samples {
            for second in samples { check(entry, first, second) }
        }
    }

    // Magnitudes at the ends of what a double holds, from a fixed seed.
    @Test(arguments: Entry.all)
    func extremeValuesAreAnsweredOrRefused(_ entry: Entry) {
        let magnitudes: [Double] = [
            0, -0.0, Double.leastNonzeroMagnitude, 1e-300 * 1e-10, 1e-200, 1e-160, 1e-145, 1e-80, 1e-10, 1, 1.000_000_000_000_000_2, 3,
            1e10, 1e16, 1e80, 1e145, 1e155,
            1e200,
            8e307, 1.7e308,
        ]
        var generator = Generator(seed: 404)
        for _ in 0..<60 {
            let pool = (0..<3).map { _ in magnitudes[Int(generator.uniform() * Double(magnitudes.count))] }
            let draw: (inout Generator) -> Double = {
                ($0.uniform() < 0.3 ? -1 : 1) * pool[Int($0.uniform() * 3)] * ($0.uniform() < 0.5 ? 1 : 0.75)
            }
            let size = 2 + Int(generator.uniform() * 5)
            check(entry, generator.sample(size, draw), generator.sample(size, draw))
        }
    }

    private func check(_ entry: Entry, _ first: [Double], _ second: [Double]) {
        do {
            let answer = try entry.ask(first, second)
            #expect(answer.isSound, "\(entry.testDescription) of \(first) and \(second): \(answer)")
        } catch let error as StatisticsError {
            #expect(!error.description.isEmpty && !error.description.contains("nan"), "\(entry.testDescription): \(error)")
        } catch {
            Issue.record("\(entry.testDescription): \(error)")
        }
    }
}
