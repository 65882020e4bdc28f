import Comparison
import Foundation
import Statistics
import Tables
import Testing
import Text

// Which test the decision rests on is the adviser's: here it is seen to be followed.
@Suite struct PairComparisonTests {
    private func report(_ rows: [(String, Double)], _ change: (inout TestQuestion) -> Void = { _ in }) throws -> ComparisonReport {
        let text = "value,group\n" + rows.map { "\($0.1),\($0.0)\n" }.joined()
        var question = TestQuestion()
        question.onlyWithControl = true
        change(&question)
        return try ComparisonReport(Selection(value: "value", group: "group"), of: Table(Array(text.utf8)), question: question)
    }

    private func bell(_ name: String, _ count: Int, _ mean: Double) throws -> [(String, Double)] {
        let law = try Normal(mean: mean, standardDeviation: 1)
        return try (0..<count).map { (name, try law.quantile((Double($0) + 0.5) / Double(count))) }
    }

    @Test func `Small skewed groups are redealt, and Welch's test stands beside`() throws {
        let skewed = (0..<12).map { ("A", exp(Double($0) / 2)) } + (0..<12).map { ("B", exp(Double($0) / 2) + 1) }
        let report = try report(skewed)
        let pair = report.pairs[0]
        #expect(pair.advice.test == .permutation)
        let values = [skewed.filter { $0.0 == "A" }.map(\.1), skewed.filter { $0.0 == "B" }.map(\.1)]
        #expect(pair.decisive.pValue == (try PermutationTest(values[1], values[0]).pValue))
        #expect(pair.others.first?.test == "Welch's t test")
        #expect(report.recommendation.contains("permutation test, which redeals the units, answers the question"))
    }

    // Three values that vary much against many that hardly do: their difference is what chance deals to three of them, and was called shown, p 0.0003, beside an
    // interval of -14.8 to 7.6.
    @Test func `A few values that vary much show nothing, and the verdict agrees with the interval beside it`() throws {
        let rows = [0.2, 3, 9].map { ("A", $0) } + (1...300).map { ("B", Double($0 % 10) / 10) }
        let report = try report(rows)
        let found = report.pairs[0].decisive
        #expect(found.test == "permutation test" && report.pairs[0].advice.test == .permutation)
        #expect(!found.isShown && found.pValue > 0.1 && found.intervalFrom == nil)
        let interval = try #require(found.interval)
        #expect(interval.contains(0) && report.recommendation.contains("no difference is shown"))
        // Of what is shown the interval leaves out zero.
        let apart = try self.report((0..<12).map { ("A", exp(Double($0) / 4)) } + (0..<12).map { ("B", exp(Double($0) / 4) + 9) })
        let other = apart.pairs[0].decisive
        #expect(other.test == "permutation test" && other.isShown && other.interval?.contains(0) == false)
        #expect(apart.text(width: 200).contains("has no interval") == false)
    }

    @Test func `Zeros and ones are compared as proportions`() throws {
        let rows = (0..<400).map { ("A", $0 < 100 ? 1.0 : 0) } + (0..<400).map { ("B", $0 < 160 ? 1.0 : 0) }
        let report = try report(rows)
        #expect(report.pairs[0].advice.test == .proportions)
        let expected = try TwoProportionZTest(Proportion(successes: 160, trials: 400), Proportion(successes: 100, trials: 400))
        #expect(report.pairs[0].decisive.pValue == expected.pValue)
        let wilson = try Proportion(successes: 100, trials: 400).confidenceInterval()
        #expect(report.means[0].interval == wilson)
        #expect(report.recommendation.contains("B is better than A, the control. The share of value of B is 0.1500 higher"))
    }

    @Test func `A handful of successes asks for an exact test`() throws {
        let rows = (0..<40).map { ("A", $0 < 1 ? 1.0 : 0) } + (0..<40).map { ("B", $0 < 4 ? 1.0 : 0) }
        let report = try report(rows)
        #expect(report.pairs[0].advice.test == .boschloo)
        let expected = try UnconditionalTest(Proportion(successes: 4, trials: 40), Proportion(successes: 1, trials: 40))
        #expect(report.pairs[0].decisive.pValue == expected.pValue)
        #expect(report.recommendation.contains("Boschloo's exact test answers the question"))
    }

    @Test func `Of several groups each is held against the control, and the best is named`() throws {
        let rows = try bell("A", 200, 10) + bell("B", 200, 10.02) + bell("C", 200, 11) + bell("D", 200, 12)
        let report = try report(rows)
        #expect(report.pairs.map(\.first) == ["B", "C", "D"] && report.pairs.allSatisfy { $0.second == "A" })
        let adjusted = try Adjustment.holm.adjust(report.pairs.map(\.decisive.pValue))
        #expect(report.pairs.map(\.adjustedPValue) == adjusted)
        // What a row says of itself, and what is said of all of them, is judged by what is listed.
        for pair in report.pairs {
            let results = [pair.decisive] + pair.others
            #expect(results.allSatisfy { $0.isShown == ($0.adjustedPValue < 0.05) && $0.adjustedPValue >= $0.pValue })
            #expect(pair.agreement.hasPrefix("The tests agree") == (Set(results.map(\.isShown)).count == 1))
        }
        #expect(report.recommendation.hasPrefix("Ship D: it is shown to be better than A, the control. Of the 2 groups"))
        #expect(abs((report.pairs[0].decisive.interval?.level ?? 0) - (1 - 0.05 / 3)) < 1e-12)
        #expect(report.together?.test == "Welch's analysis of variance")
        let lower = try self.report(rows) { $0.higherIsBetter = false }
        #expect(lower.recommendation.hasPrefix("Keep A, the control"))
        let all = try self.report(rows) { $0.onlyWithControl = false }
        #expect(all.pairs.map { $0.first + $0.second } == ["BA", "CA", "DA", "CB", "DB", "DC"])
        #expect(all.recommendation.contains("D is better than C. The mean"))
    }

    @Test func `A difference is the treatment less the control, and so are its sides`() throws {
        let rows = try bell("A", 60, 10) + bell("B", 60, 11)
        let pair = try report(rows).pairs[0]
        #expect(pair.first == "B" && pair.second == "A" && abs((pair.decisive.difference ?? 0) - 1) < 1e-9)
        #expect(pair.decisive.interval.map { $0.low > 0 } == true)
        #expect(try report(rows).text(width: 200).contains("B less A:"))
        let greater = try report(rows) { $0.alternative = .greater }
        let less = try report(rows) { $0.alternative = .less }
        #expect(greater.pairs[0].decisive.pValue < 0.001 && less.pairs[0].decisive.pValue > 0.999)
    }

    @Test func `A p-value that is small only before it is adjusted is listed beside the adjusted one`() throws {
        // Each of two comparisons is at some 0.03, and together neither is shown.
        let report = try report(bell("A", 200, 10) + bell("B", 200, 10.216) + bell("C", 200, 10.217))
        for pair in report.pairs {
            #expect((0.025..<0.05).contains(pair.decisive.pValue) && pair.decisive.adjustedPValue >= 0.05)
            #expect(pair.agreement == "The tests agree: none shows a difference.")
            #expect(pair.others.allSatisfy { $0.adjustedPValue >= 0.05 })
        }
        let text = report.text(width: 200)
        #expect(text.matches(of: /statistic +p +p adjusted\n/).count == 2)
        #expect(text.contains("p adjusted is p adjusted by holm for all pairs: it tells whether a difference is shown"))
        #expect(text.contains(Figures.significant(report.pairs[0].adjustedPValue)))
        let two = try self.report(bell("A", 200, 10) + bell("B", 200, 10.216))
        #expect(!two.text(width: 200).contains("p adjusted") && two.pairs[0].decisive.isShown)
        #expect(two.pairs[0].adjustedPValue == two.pairs[0].decisive.pValue)
    }

    @Test func `Unequal variances and skewness are told, each where it is found`() throws {
        let wide = try bell("B", 100, 0).map { ("B", $0.1 * 5) }
        let report = try report(bell("A", 100, 0) + wide)
        #expect(report.recommendation.contains("The variances of A and B differ by a factor of"))
        #expect(report.recommendation.contains("With groups of this size means are normal"))
        let even = try self.report(bell("A", 100, 0) + bell("B", 100, 0))
        #expect(!even.recommendation.contains("variances"))
    }

    @Test func `A group with two values, or none that vary, is named`() throws {
        let few = #expect(throws: SampleProblem.self) { try report(bell("A", 10, 0) + [("B", 1), ("B", 2)]) }
        #expect(few?.description == "group B has 2 values, at least 3 are needed; --where leaves a group out")
        let flat = #expect(throws: SampleProblem.self) {
            try report((0..<10).map { ("A", Double($0 * 0 + 7)) } + (0..<10).map { ("B", 7.0 + Double($0 * 0)) })
        }
        #expect(flat?.description == "the values of A and B do not vary, so there is nothing to measure a difference by")
        let many = #expect(throws: SampleProblem.self) { try report((0..<300).map { ("g\($0 % 60)", Double($0)) }) }
        #expect(many?.description.hasPrefix("'group' has 60 different values: that is no column of groups") == true)
        let weights = #expect(throws: SampleProblem.self) { try report(bell("A", 9, 0) + bell("B", 9, 0)) { $0.weights = [1] } }
        #expect(weights?.description == "--weights has 1 number, but there are 2 groups: A, B")
    }

    @Test(arguments: [0.0, 1])
    func `A conversion that nobody has, or everybody, is compared where it is said to be one`(value: Double) throws {
        let rows = (0..<500).map { _ in ("A", value) } + (0..<400).map { _ in ("B", value) }
        let refusal = #expect(throws: SampleProblem.self) { try report(rows) }
        #expect(refusal == .allAlike(["A", "B"]))
        #expect(
            refusal?.description == "the values of A and B do not vary, so there is nothing to measure a difference by; "
                + "where each says whether a unit did something, --conversion compares the shares")
        let told = try report(rows) { $0.isConversion = true }
        let found = told.pairs[0].decisive
        #expect(told.pairs.count == 1 && found.pValue == 1 && found.difference == 0 && !found.isShown)
        let z = TwoProportionZTest(
            try Proportion(successes: value == 1 ? 400 : 0, trials: 400), try Proportion(successes: value == 1 ? 500 : 0, trials: 500))
        #expect(found.interval == (try z.confidenceInterval()))
        #expect(told.recommendation.contains("no difference is shown. The share of value of B equals that of A"))
        #expect(!told.text(width: 200).contains("nan") && told.json.description.contains("\"pValue\":1"))
        #expect(throws: TestInputError.notBinary(group: "B")) {
            try report(rows + [("B", 2)]) { $0.isConversion = true }
        }
    }

    // Nobody in A and B buys; some in C do. What they spend cannot be compared in A and B, and that is said; whether they buy can.
    @Test func `A pair that does not vary is told, and the others are compared`() throws {
        func share(_ name: String, _ successes: Int, _ value: Double = 1) -> [(String, Double)] {
            (0..<500).map { (name, $0 < successes ? value : 0) }
        }
        do {
            let rows = share("A", 0) + share("B", 0) + share("C", 20, 2.5)
            let report = try report(rows) { $0.onlyWithControl = false }
            #expect(report.pairs.map { $0.first + $0.second } == ["CA", "CB"])
            let other = try #require(report.notCompared.first)
            #expect(report.notCompared.count == 1 && other.first == "B" && other.second == "A")
            let reason = "B and A are not compared: the values of B and A do not vary, so there is nothing to measure a difference by"
            #expect(other.text == reason && report.text(width: 200).contains(reason) && report.recommendation.contains(reason + "."))
            #expect(report.json.description.contains("\"notCompared\":[{\"a\":\"B\",\"b\":\"A\",\"problem\":"))
            // It would have shown nothing: three pairs are adjusted for.
            let p = report.pairs.map(\.decisive.pValue)
            let adjusted = try Adjustment.holm.adjust(p + [1])
            #expect(report.pairs.map(\.adjustedPValue) == Array(adjusted.prefix(2)))
            #expect(report.recommendation.hasPrefix("Ship C"))
        }
        let shares = try report(share("A", 0) + share("B", 0) + share("C", 20)) { $0.onlyWithControl = false }
        #expect(shares.notCompared.isEmpty && shares.pairs.map { $0.first + $0.second } == ["BA", "CA", "CB"])
        #expect(shares.pairs[0].decisive.pValue == 1 && shares.pairs[0].decisive.difference == 0)
        let interval = try #require(shares.pairs[0].decisive.interval)
        #expect(interval.low > -0.02 && interval.high < 0.02 && interval.contains(0))
        #expect(shares.recommendation.hasPrefix("Ship C"))
        // Where all values are one, it is not even known that they are shares.
        #expect(throws: SampleProblem.allAlike(["A", "B"])) { try self.report(share("A", 0) + share("B", 0)) }
        #expect(throws: SampleProblem.allAlike(["A", "B", "C"])) { try self.report(share("A", 0) + share("B", 0) + share("C", 0)) }
    }

    @Test func `An interval beside a test that has none says whose it is`() throws {
        let few = try report((0..<40).map { ("A", $0 < 1 ? 1.0 : 0) } + (0..<40).map { ("B", $0 < 4 ? 1.0 : 0) })
        let pair = few.pairs[0]
        #expect(pair.decisive.intervalFrom == "two-proportion z test" && pair.others.allSatisfy { $0.intervalFrom == nil })
        let note = "Boschloo's exact test has no interval: the one beside it is that of the two-proportion z test, and where they disagree"
        #expect(few.text(width: 300).contains(note), "\(few.text(width: 300))")
        #expect(few.json.description.contains("\"intervalFrom\":\"two-proportion z test\""))
        let many = try report((0..<400).map { ("A", $0 < 100 ? 1.0 : 0) } + (0..<400).map { ("B", $0 < 160 ? 1.0 : 0) })
        #expect(!many.text(width: 300).contains("has no interval"))
        #expect(many.recommendation.contains("in both groups at least 5 successes and 5 failures are expected"))
    }

    @Test(arguments: [
        (Adjustment.holm, "by Bonferroni's level, which is stricter"), (.bonferroni, "the intervals hold for all of them together\n"),
        (.none, "nothing is adjusted for there being several pairs"),
    ])
    func `What intervals hold for is said of every adjustment`(_ adjustment: Adjustment, _ words: String) throws {
        let report = try report(bell("A", 60, 10) + bell("B", 60, 10.2) + bell("C", 60, 10.3)) { $0.adjustment = adjustment }
        #expect(report.text(width: 400).contains(words))
    }

    @Test func `Which pairs ask for an exact test is said of several`() throws {
        let rows =
            (0..<400).map { ("A", $0 < 40 ? 1.0 : 0) } + (0..<400).map { ("B", $0 < 60 ? 1.0 : 0) }
            + (0..<12).map { ("C", $0 < 1 ? 1.0 : 0) }
        let report = try report(rows)
        #expect(report.pairs.map(\.advice.test) == [.proportions, .boschloo])
        #expect(report.recommendation.contains("Boschloo's exact test answers the question for A and C"))
        #expect(!report.recommendation.contains("at least 5 successes"))
    }
}
