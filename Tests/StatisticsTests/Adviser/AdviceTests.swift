import Foundation
import SeededRandom
import Statistics
import Testing

@Suite struct AdviceTests {
    @Test func skewIsNoReasonToAskAnotherQuestion() throws {
        var generator = Generator(seed: 3)
        let (a, b) = (generator.sample(2350) { $0.exponential() }, generator.sample(2350) { $0.exponential() })
        #expect(try ShapiroWilkTest(a).pValue < 1e-20)
        let advice = try Advice(.means, a, b)
        #expect(advice.test == .welch)
        #expect(advice.cautions == [.answersAnotherQuestion(.mannWhitney)])
    }

    @Test func theQuestionSettlesTheTest() throws {
        var generator = Generator(seed: 4)
        let (a, b) = (generator.sample(50) { $0.normal() }, generator.sample(50) { $0.normal() })
        let answers: [Question: KnownTest] = [
            .means: .welch, .tendency: .mannWhitney, .spread: .brownForsythe, .distribution: .kolmogorovSmirnov,
        ]
        for question in Question.allCases { #expect(try Advice(question, a, b).test == answers[question]) }
    }

    @Test func smallSkewedSamplesAreRedealt() throws {
        let a = [0.1, 0.2, 0.1, 0.3, 0.2, 40, 0.1, 0.4], b = [0.2, 0.5, 0.1, 0.6, 0.3, 0.2, 0.8, 0.1]
        let advice = try Advice(.means, a, b)
        #expect(advice.test == .permutation)
        #expect(advice.cautions.contains { if case .oneValueDecides("first", 40, _, _) = $0 { true } else { false } })
        #expect(advice.cautions.contains { if case .unequalVariances = $0 { true } else { false } })
    }

    @Test func fewEventsAskForAnExactTest() throws {
        #expect(try Advice(Proportion(successes: 1, trials: 20), Proportion(successes: 4, trials: 25)).test == .boschloo)
        #expect(try Advice(Proportion(successes: 100, trials: 2000), Proportion(successes: 140, trials: 2500)).test == .proportions)
    }

    @Test func aSampleThatIsNoneIsNamed() {
        #expect(throws: StatisticsError.tooFew(argument: "second", count: 2, needed: 3)) { try Advice(.means, [1, 2, 3], [1, 2]) }
        #expect(throws: StatisticsError.notANumber(argument: "first", index: 1)) { try Advice(.spread, [1, .nan, 3], [1, 2, 3]) }
    }

    /// Public course data: one row of group A moves its revenue per paying user from 13.66 to 18.70.
    @Test(.enabled(if: arppu != nil))
    func theRowThatMovesRevenueByFiveIsFound() throws {
        let (a, b) = try #require(Self.arppu)
        let advice = try Advice(.means, a, b)
        #expect(advice.test == .welch)
        let shift = advice.cautions.compactMap { if case .oneValueDecides("first", _, let shift, _) = $0 { shift } else { nil } }.first
        #expect(abs(try #require(shift) - 5.04) < 0.01)
        let expected = References.seeds["arppu"]["ARPPU"]
        let mannWhitney = try MannWhitneyTest(a, b)
        #expect(mannWhitney.statistic == 29729.5)
        #expect(close(mannWhitney.pValue, 0.8871956616344514, 1e-11))
        let welch = try WelchTTest(b, a)
        #expect(close(welch.statistic, expected["welch_t_b_minus_a"].double, 1e-12))
        #expect(close(welch.pValue, expected["welch_p"].double, 1e-11))
        #expect(close(try LeveneTest([a, b], center: .mean).pValue, expected["levene_mean_p"].double, 1e-11))
        #expect(close(try LeveneTest([a, b]).pValue, expected["levene_median_p"].double, 1e-11))
        for (sample, index) in [(a, 0), (b, 1)] {
            let shapiro = try ShapiroWilkTest(sample)
            let seeds = References.seeds["arppu"]["shapiro_w"].isNull ? expected : References.seeds["arppu"]
            #expect(close(shapiro.statistic, seeds["shapiro_w"][index].double, 1e-6))
            #expect(close(shapiro.pValue, seeds["shapiro_p"][index].double, 1e-3))
        }
    }

    /// Revenue of paying users by group, where the data are at hand.
    static let arppu: ([Double], [Double])? = {
        guard let file = Fixture.oracles?.appending(path: "../data/arppu/ab_stats.csv").standardized,
            let lines = (try? String(contentsOf: file, encoding: .utf8))?.split(whereSeparator: \.isNewline),
            let header = lines.first?.split(separator: ",", omittingEmptySubsequences: false).map(String.init),
            let revenue = header.firstIndex(of: "revenue"), let purchase = header.firstIndex(of: "purchase"),
            let group = header.firstIndex(of: "ab_group")
        else { return nil }
        var found: [String: [Double]] = [:]
        for line in lines.dropFirst() {
            let fields = line.split(separator: ",", omittingEmptySubsequences: false)
            guard fields.count == header.count, Double(fields[purchase]) == 1, let value = Double(fields[revenue]) else { continue }
            found[String(fields[group]), default: []].append(value)
        }
        return (found["A"] ?? [], found["B"] ?? [])
    }()
}
