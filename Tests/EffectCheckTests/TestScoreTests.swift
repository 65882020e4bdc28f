import EffectCheck
import Testing

@Suite struct TestScoreTests {
    @Test func `the score counts right alarms less wrong ones in fiftieths of a thousand tests, rounded up`() {
        var score = TestScore()
        for number in 0..<1000 { score.add(label: number % 2, hasEffect: number % 2 == 1 && number < 302) }
        #expect(score.truePositives == 151 && score.falsePositives == 0)
        #expect(score.score == 4)
        score = TestScore()
        for number in 0..<1000 { score.add(label: number % 2, hasEffect: true) }
        #expect(score.score == 0)
        score = TestScore()
        for number in 0..<200 { score.add(label: number % 2, hasEffect: number % 2 == 1) }
        #expect(score.score == 10)
    }

    @Test func `wrong alarms never make the score negative`() {
        var score = TestScore()
        for number in 0..<1000 { score.add(label: number % 2, hasEffect: number % 2 == 0) }
        #expect(score.falsePositives == 500 && score.falseNegatives == 500)
        #expect(score.score == 0)
        #expect(score.text == "TP 0, FP 500, FN 500, TN 0: score 0")
    }
}
