import Statistics
import Testing

// Every way into the library by counts: two numbers of successes and of trials, or of events.
@Suite struct CountInputTests {
    struct Question: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let ask: @Sendable (_ x: Int, _ n: Int, _ y: Int, _ m: Int) throws -> Answer

        init(_ name: String, _ ask: @escaping @Sendable (Int, Int, Int, Int) throws -> Answer) {
            (testDescription, self.ask) = (name, ask)
        }

        init(pair name: String, _ ask: @escaping @Sendable (Proportion, Proportion) throws -> Answer) {
            self.init(name) { x, n, y, m in try ask(Proportion(successes: x, trials: n), Proportion(successes: y, trials: m)) }
        }
    }

    static let questions: [Question] = [
        Question(pair: "proportion") { first, _ in
            var answer = Answer(estimate: first)
            for method in Proportion.IntervalMethod.allCases {
                for side in Alternative.allCases { answer.add(try first.confidenceInterval(alternative: side, method: method)) }
            }
            return answer
        },
        Question(pair: "two proportions") {
            let test = TwoProportionZTest($0, $1)
            var answer = Answer(test)
            answer.numbers += [test.cohenH] + [test.ratio, test.oddsRatio].compactMap { $0 }
            for method in TwoProportionZTest.IntervalMethod.allCases { answer.add(try test.confidenceInterval(method: method)) }
            for method in TwoProportionZTest.RatioIntervalMethod.allCases { answer.add(try test.ratioInterval(method: method)) }
            answer.add(try test.oddsRatioInterval())
            return answer
        },
        Question(pair: "Fisher") { Answer(try FisherExactTest($0, $1)) },
        Question(pair: "chi-square") {
            var answer = Answer()
            for form in ChiSquareTest.Form.allCases {
                let test = ChiSquareTest(try ContingencyTable($0, $1), form: form)
                answer.probabilities.append(test.pValue)
                answer.numbers += [test.statistic, test.logPValue, test.cramerV]
            }
            return answer
        },
        Question(pair: "binomial") { first, _ in Answer(try BinomialTest(first, nullValue: 0.3)) },
        Question(pair: "equivalence of proportions") {
            let test = try EquivalenceTest($0, $1, lowerMargin: -0.1, upperMargin: 0.1)
            var answer = Answer(probabilities: [test.pValue, test.lowerPValue, test.upperPValue])
            answer.add(try test.confidenceInterval())
            return answer
        },
        Question(pair: "sequence of a proportion") { first, _ in Answer(try ProportionSequence(first, nullValue: 0.3)) },
        Question(pair: "confidence sequence") { Answer(try TwoProportionSequence($0, $1, tuning: .sampleSize(1000))) },
        Question(pair: "beliefs") {
            let arms = try BetaArms([$0, $1])
            let interval = try arms.credibleInterval(of: 0, less: 1)
            return Answer(
                probabilities: [try arms.chance(of: 0, toBeat: 1), try arms.chanceToBeBest(1)],
                numbers: [try arms.expectedLoss(of: 0), try arms.expectedUplift(of: 0, over: 1), interval.low, interval.high])
        },
        Question(pair: "advice") {
            _ = Advice($0, $1)
            return Answer()
        },
        Question("rate") { x, n, _, _ in Answer(try EventRateTest(EventRate(events: x, exposure: Double(n)), nullValue: 0.5)) },
        Question("two rates") { x, n, y, m in
            let test = try PoissonRateTest(EventRate(events: x, exposure: Double(n)), EventRate(events: y, exposure: Double(m)))
            guard x + y == 0 else { return Answer(test) }
            // Of no events there is no ratio.
            return Answer(probabilities: [test.pValue], numbers: [test.statistic, test.logPValue])
        },
        Question("agreement with weights") { x, _, y, _ in
            Answer(try ChiSquareTest(observed: [x, y], weights: [1, 2]))
        },
        Question("sample ratio") { x, _, y, _ in Answer(try SampleRatioTest(counts: [x, y], weights: [1, 2])) },
        Question("sequential sample ratio") { x, _, y, _ in
            var test = try SequentialSampleRatioTest(weights: [1, 2])
            try test.observe(counts: [x, y])
            return Answer(probabilities: [test.pValue], numbers: [test.logEvidence])
        },
    ]

    @Test(arguments: questions)
    func countsAreAnswered(_ question: Question) throws {
        #expect(try question.ask(30, 200, 41, 210).isSound)
        for (x, n, y, m) in [(0, 10, 3, 12), (10, 10, 3, 12), (0, 10, 12, 12), (0, 1, 1, 1), (1, 1, 0, 1)] { check(question, x, n, y, m) }
        // Nothing and everything: an answer or an error, never a number that is none.
        for (x, n, y, m) in [(0, 10, 0, 12), (10, 10, 12, 12)] { check(question, x, n, y, m) }
    }

    @Test(arguments: questions)
    func negativeCountsAreRefused(_ question: Question) {
        for (x, n, y, m) in [(-1, 10, 3, 12), (Int.min, 10, 3, 12)] {
            #expect(throws: StatisticsError.self) { try question.ask(x, n, y, m) }
        }
        if ["rate", "two rates", "agreement with weights", "sample ratio", "sequential sample ratio"].contains(question.testDescription) {
            return
        }
        for (x, n, y, m) in [(11, 10, 3, 12), (1, 0, 3, 12), (0, 0, 3, 12), (1, -5, 3, 12)] {
            #expect(throws: StatisticsError.self) { try question.ask(x, n, y, m) }
        }
    }

    @Test(arguments: questions)
    func hugeCountsAreAnsweredOrRefused(_ question: Question) {
        #expect(throws: StatisticsError.self) { try question.ask(.max, .max, .max, .max) }
        for size in [1_000_000, 100_000_000] {
            check(question, size / 2, size, size / 2 + 3, size)
            check(question, 1, size, 0, 10)
            check(question, size - 1, size, 4, 10)
        }
    }

    private func check(_ question: Question, _ x: Int, _ n: Int, _ y: Int, _ m: Int) {
        do {
            let answer = try question.ask(x, n, y, m)
            #expect(answer.isSound, "\(question.testDescription) of \(x)/\(n) and \(y)/\(m): \(answer)")
        } catch let error as StatisticsError {
            #expect(!error.description.contains("nan"), "\(error)")
        } catch {
            Issue.record("\(error)")
        }
    }
}
