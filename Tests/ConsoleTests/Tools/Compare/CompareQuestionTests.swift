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

    @Test func `A decimal comma, a control and a direction are taken as chosen`() throws {
        let file = Array(("v;g\n" + (0..<60).map { "\($0 % 5),5;\($0 % 2 == 0 ? "a" : "b")\n" }.joined()).utf8)
        let question = try CompareQuestion(Form("decimal=comma&control=b&better=lower&confidence=0.9".utf8), UploadPreview(file, name: "a"))
        let report = try question.answer(file, name: "a")
        #expect(report.pairs.map(\.first) == ["b"] && report.means.map(\.group) == ["b", "a"])
        #expect(report.descriptions.first?.minimum == 0.5 && report.pairs[0].decisive.interval?.level == 0.9)
    }
}
