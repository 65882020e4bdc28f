import Charts
import Comparison
import Tables
import Testing

@Suite struct ComparisonChartsTests {
    @Test func `The charts show what the report says`() throws {
        var text = "revenue,group\n"
        for i in 0..<200 { text += "\(i % 17),a\n\(i % 19),b\n\(i % 23),c\n" }
        let report = try ComparisonReport(
            Selection(value: "revenue", group: "group"), of: Table(Array(text.utf8)), question: TestQuestion())
        let charts = report.charts
        #expect(charts.map(\.title) == ["Differences of revenue", "Mean revenue of each group", "How revenue is spread"])
        #expect(charts[0].cells.map { $0[0] } == report.pairs.map { "\($0.first) less \($0.second)" })
        #expect(charts[1].cells.map { $0[0] } == ["a", "b", "c"])
        #expect(Set(charts[2].cells.map { $0[0] }) == ["a", "b", "c"])
    }
}
