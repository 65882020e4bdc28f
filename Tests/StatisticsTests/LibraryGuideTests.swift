import Foundation
import Statistics
import Testing

// The code of Documentation/statistics-library.md, line for line: it compiles, and says what the page says of it.
@Suite struct LibraryGuideTests {
    @Test func aTestIsAsked() throws {
        let test = try WelchTTest([5.1, 4.9, 6.2, 5.8, 6.0], [4.8, 5.0, 5.1, 4.7])
        let p = test.pValue
        let oneSided = test.pValue(.greater)
        let interval = try test.confidenceInterval(level: 0.9)
        #expect(p < 0.05 && close(2 * oneSided, p, 1e-14) && interval.low > 0)
    }

    @Test func summariesDoAsWell() throws {
        let a = try Summary(mean: 360, standardDeviation: 40, count: 9802)
        let b = try Summary(mean: 352, standardDeviation: 58, count: 9789)
        let timeSpent = try WelchTTest(a, b)
        let log = timeSpent.logPValue
        let lift = try RelativeLift(treatment: a, control: b).confidenceInterval()
        #expect(close(log.exponential, 3.397782878412181e-29, 1e-11) && lift.contains(8.0 / 352))
    }

    @Test func partsMerge() throws {
        var revenue = try CoMoments([[12, 0, 31, 7], [10, 2, 25, 9]])
        revenue.merge(try CoMoments([[3, 18, 0, 22], [5, 15, 1, 20]]))
        let control = try CoMoments([[9, 1, 20, 8, 0, 14], [11, 2, 18, 9, 1, 13]])
        let adjusted = try CUPED(treatment: revenue, control: control).effect()
        #expect(revenue.count == 8 && adjusted.pValue > 0 && adjusted.pValue < 1)
    }

    @Test func comparisonsLooksAndPlans() throws {
        let arms = try [250, 300, 320].map { try Proportion(successes: $0, trials: 4000) }
        let pairs = try PairwiseComparisons(arms, adjustment: .holm, by: TwoProportionZTest.init)
        let sequence = try TwoProportionSequence(arms[1], arms[0], tuning: .sampleSize(10_000))
        let same = try EquivalenceTest(arms[2], arms[1], lowerMargin: -0.01, upperMargin: 0.01)
        let size = try ProportionsPower(baseline: 0.05).size(effect: 0.002, power: 0.87)
        #expect(pairs.comparisons.count == 3 && sequence.pValue > pairs.comparisons[0].test.pValue && same.pValue > 0.05 && size > 200_000)
    }

    @Test func whatIsWrongIsNamed() {
        do {
            _ = try WelchTTest([1, 2, .nan], [3, 4])
        } catch .notANumber(let argument, let index) {
            print(argument, index ?? 0)
            #expect(argument == "first" && index == 2)
        } catch {
            Issue.record("\(error)")
        }
    }

    @Test func thePageHasNoOtherCode() throws {
        let source = URL(filePath: #filePath)
        let page = source.deletingLastPathComponent().appending(path: "../../Documentation/statistics-library.md").standardized
        let here = try String(contentsOf: source, encoding: .utf8).split(whereSeparator: \.isNewline).map(Self.trimmed)
        var isCode = false
        var compared = 0
        for line in try String(contentsOf: page, encoding: .utf8).split(whereSeparator: \.isNewline) {
            if line.hasPrefix("```") {
                isCode = line == "```swift"
            } else if isCode {
                #expect(here.contains(Self.trimmed(line)), "\(line)")
                compared += 1
            }
        }
        #expect(compared >= 20)
    }

    private static func trimmed(_ line: Substring) -> Substring { line.drop { $0 == " " } }
}
