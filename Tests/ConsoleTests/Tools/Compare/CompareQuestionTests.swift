import Comparison
import Console
import HTTPServer
import Statistics
import Testing

@Suite struct CompareQuestionTests {
    private static let file = Array(
        ("user,revenue,group\n" + (0..<400).map { "\($0 / 2),\($0 % 11),\($0 % 2 == 0 ? "a" : "b")\n" }.joined()).utf8)

    private func ask(_ query: String) throws -> CompareQuestion {
        try CompareQuestion(Form(query.utf8), UploadPreview(CompareQuestionTests.file, name: "a.csv"))
    }

    @Test func `What is likely meant is chosen to begin with`() throws {
        let question = try ask("")
        #expect(question["value"] == "revenue" && question["group"] == "group" && question["confidence"] == "95 %")
        #expect(try question.answer(CompareQuestionTests.file, name: "a.csv").pairs.count == 1)
    }

    @Test(arguments: [
        ("value=", "value", "choose a column"), ("value=group&group=group", "group", "another column"),
        ("where=revenue+%3D", "where", "at character"), ("where=revnue+%3D+1", "where", "'revenue'"),
        ("confidence=120+%25", "confidence", "95 %"),
        ("weights=2:0", "weights", "above 0"), ("weights=2:much", "weights", "such as 2:1:1"), ("weights=nan:1", "weights", "above 0"),
        ("weights=2:1:1", "weights", "there are 3 numbers, but there are 2 groups: a, b"),
        ("weights=2", "weights", "there is 1 number, but"), ("weights=1:1:", "weights", "one for each group"),
        ("weights=:1:1", "weights", "one for each group"), ("weights=1,,1", "weights", "one for each group"),
        ("weights=1,1,", "weights", "one for each group"), ("weights=1:1+1", "weights", "one for each group"),
        ("better=much", "better", "'higher' or 'lower'"), ("better=", "better", "choose"), ("decimal=dot", "decimal", "'point' or 'comma'"),
        ("crossed=keep", "crossed", "'leave-out'"), ("aggregate=all", "aggregate", "choose"),
        ("unit=user&crossed=keep", "crossed", "choose"), ("aggregate=sum", "unit", "whose row"), ("crossed=leave-out", "unit", "whose row"),
        ("kind=share", "kind", "'conversion'"), ("kind=conversion", "kind", "must be 0 and 1"),
        ("pairs=some", "pairs", "choose"), ("adjust=well", "adjust", "choose"),
        ("confidence=high", "confidence", "between"), ("unit=user&aggregate=all", "aggregate", "choose"),
    ]) func `A mistake is told at its field`(query: String, field: String, words: String) throws {
        let question = try ask(query)
        let mistake = #expect(throws: CompareQuestion.Mistake.self) { try question.answer(CompareQuestionTests.file, name: "a.csv") }
        #expect(mistake?.field == field && mistake?.reason.contains(words) == true, "\(String(describing: mistake))")
    }

    @Test(arguments: [
        ("value=revenu", "did you mean 'revenue'?"), ("unit=user", "“Units in several groups”"), ("control=c", "there is no group 'c'"),
        ("group=user", "a condition keeps some of them"),
    ]) func `What the data do not allow is told in this form's words`(query: String, words: String) throws {
        let question = try ask(query)
        let mistake = #expect(throws: CompareQuestion.Mistake.self) { try question.answer(CompareQuestionTests.file, name: "a.csv") }
        #expect(mistake?.reason.contains(words) == true && mistake?.reason.contains("--") == false, "\(String(describing: mistake))")
    }

    @Test func `A conversion that nobody has is compared where the form says that it is one`() throws {
        let file = Array(("bought,g\n" + (0..<600).map { "0,\(["a", "b"][$0 % 2])\n" }.joined()).utf8)
        let preview = try UploadPreview(file, name: "a.csv")
        func question(_ more: String) throws -> CompareQuestion {
            try CompareQuestion(Form(("value=bought&group=g" + more).utf8), preview)
        }
        let mistake = #expect(throws: CompareQuestion.Mistake.self) { try question("").answer(file, name: "a.csv") }
        #expect(mistake?.reason.contains("“What the values are” can say so") == true && mistake?.reason.contains("--") == false)
        #expect(try question("&kind=conversion").answer(file, name: "a.csv").pairs.map(\.adjustedPValue) == [1])
    }

    // 300 of one group and 150 of each other: lost units where equal shares were meant, and as they should be where 2:1:1 was.
    @Test(arguments: ["2:1:1", "2,1,1", "2 1 1", " 2, 1, 1 ", "0,5 : 0,25 : 0,25", "50;25;25", "2/1/1"])
    func `Units are held against the weights that were meant`(weights: String) throws {
        let file = Array(("v,g\n" + (0..<600).map { "\($0 % 17),\(["a", "a", "b", "c"][$0 % 4])\n" }.joined()).utf8)
        let preview = try UploadPreview(file, name: "a.csv")
        let equal = try CompareQuestion(Form("value=v&group=g".utf8), preview).answer(file, name: "a.csv")
        #expect(equal.findings.contains { $0.kind == .sampleRatio })
        let query = "value=v&group=g&weights=" + weights.replacing(" ", with: "+")
        let meant = try CompareQuestion(Form(query.utf8), preview).answer(file, name: "a.csv")
        #expect(!meant.findings.contains { $0.kind == .sampleRatio })
    }

    // The logarithm of p is then beyond what a whole number holds.
    @Test(arguments: ["1e17:1", "1e18:1", "99999999999999999999999:1", "1e200:1", "1e-300:1"])
    func `Weights beyond all measure are lost units, and no more`(weights: String) throws {
        let file = Array(("v,g\n" + (0..<300).map { "\($0 % 17),\(["a", "b"][$0 % 2])\n" }.joined()).utf8)
        let query = "value=v&group=g&weights=" + weights
        let report = try CompareQuestion(Form(query.utf8), UploadPreview(file, name: "a.csv")).answer(file, name: "a.csv")
        let finding = try #require(report.findings.first { $0.kind == .sampleRatio })
        #expect(finding.text.contains("p ") && report.text.contains("a"))
    }

    @Test func `All pairs are compared, and p is adjusted, as chosen`() throws {
        let file = Array(("v,g\n" + (0..<600).map { "\($0 % 17 + $0 % 3),\(["a", "b", "c"][$0 % 3])\n" }.joined()).utf8)
        func report(_ query: String) throws -> ComparisonReport {
            try CompareQuestion(Form("value=v&group=g&\(query)".utf8), UploadPreview(file, name: "a.csv")).answer(file, name: "a.csv")
        }
        #expect(try report("").pairs.map { "\($0.first) \($0.second)" } == ["b a", "c a"])
        let all = try report("pairs=all-pairs&adjust=bonferroni")
        #expect(all.pairs.map { "\($0.first) \($0.second)" } == ["b a", "c a", "c b"])
        for pair in all.pairs { #expect(pair.adjustedPValue == min(1, 3 * pair.decisive.pValue)) }
        #expect(try report("adjust=none").pairs.allSatisfy { $0.adjustedPValue == $0.decisive.pValue })
    }

    @Test func `A decimal comma, a control and a direction are taken as chosen`() throws {
        let file = Array(("v;g\n" + (0..<60).map { "\($0 % 5),5;\($0 % 2 == 0 ? "a" : "b")\n" }.joined()).utf8)
        let question = try CompareQuestion(Form("decimal=comma&control=b&better=lower&confidence=0.9".utf8), UploadPreview(file, name: "a"))
        let report = try question.answer(file, name: "a")
        #expect(report.pairs.map(\.second) == ["b"] && report.means.map(\.group) == ["b", "a"])
        #expect(report.descriptions.first?.minimum == 0.5 && report.pairs[0].decisive.interval?.level == 0.9)
    }
}
