import Comparison
import Foundation
import Statistics
import Tables
import Testing

@Suite struct ComparisonReportTests {
    // Exponential-like values in both groups, by a rule and not by chance.
    private func file(_ count: Int, effect: Double = 0, extra: String = "") -> [UInt8] {
        var text = "revenue,ab_group,visit\n"
        for i in 0..<count {
            let share = (Double(i) + 0.5) / Double(count)
            text += "\(-10 * log(1 - share)),A,\(5 + share)\n"
            text += "\(-10 * log(1 - share) + effect),B,\(5 + share)\n"
        }
        return Array((text + extra).utf8)
    }

    private func report(_ bytes: [UInt8], weights: [Double]? = nil, condition: String? = nil) throws -> ComparisonReport {
        let selection = Selection(value: "revenue", group: "ab_group", filter: try condition.map { text in try Filter(text) })
        var question = TestQuestion()
        question.weights = weights
        return try ComparisonReport(selection, of: Table(bytes), question: question)
    }

    @Test func `Data that are not normal do not change the question`() throws {
        let report = try report(file(2350, effect: 1))
        #expect(report.findings.isEmpty)
        #expect(report.checks.allSatisfy { $0.test != "Shapiro-Wilk" || ($0.pValue ?? 1) < 1e-10 })
        #expect(report.pairs[0].decisive.isShown)
        #expect(report.recommendation.hasPrefix("B is better than A"))
        #expect(report.recommendation.contains("Welch's test of means is the one that answers the question"))
        #expect(report.recommendation.contains("With groups of this size means are normal"))
    }

    @Test func `One row that carries a mean is named, and the result is told without it`() throws {
        let report = try report(file(200, extra: "2000,A,5.5\n"))
        let row = try #require(report.influential.first)
        #expect(row.line == 402)
        #expect(row.group == "A")
        #expect(row.mean > row.meanWithout + 9)
        #expect(report.findings.first?.kind == .influentialRow)
        #expect(report.pairs[0].withoutRows?.isShown == false)
        #expect(report.recommendation.contains("Without the dominating row"))
    }

    @Test func `Negatives in one group, lost units, copies and missing values are found`() throws {
        let negatives = (0..<60).map { "5.\($0),B,-\(1 + $0)\n" }.joined()
        let skewed = (0..<400).map { "\(1 + Double($0) / 100),B,6.\($0)\n" }.joined()
        let broken = "1.5,A,5.25\n1.5,A,5.25\n,A,5\nabc,B,5\n1,2\n"
        let report = try report(file(1000, extra: negatives + skewed + broken))
        let kinds = Set(report.findings.map(\.kind))
        #expect(kinds.isSuperset(of: [.oneSidedNegatives, .sampleRatio, .duplicates, .missing, .notNumbers, .badRows]))
        #expect(report.recommendation.contains("First clear up"))
        let planned = try self.report(file(1000, extra: skewed), weights: [10, 14])
        #expect(!planned.findings.contains { $0.kind == .sampleRatio })
    }

    @Test func `Where rows belong to units, units are what was dealt and what moves a mean`() throws {
        // Every unit of A comes three times, every one of B once.
        var text = "user,revenue,ab_group\n"
        for i in 0..<300 {
            for _ in 0..<3 { text += "a\(i),\(i % 7),A\n" }
            text += "b\(i),\(i % 7 * 3),B\n"
        }
        text += "whale,900,A\nwhale,9000,A\n"
        var selection = Selection(value: "revenue", group: "ab_group")
        #expect(
            try ComparisonReport(selection, of: Table(Array(text.utf8)), question: TestQuestion()).findings.contains {
                $0.kind == .sampleRatio
            })
        selection.unit = UnitRule(column: "user", aggregate: .sum)
        let report = try ComparisonReport(selection, of: Table(Array(text.utf8)), question: TestQuestion())
        #expect(!report.findings.contains { $0.kind == .sampleRatio })
        #expect(report.influential.first?.value == 9900)
        #expect(report.findings.first?.text.hasPrefix("'whale', first in line 1202, alone moves the mean of A") == true)
    }

    @Test func `Chance is not called a difference`() throws {
        let report = try report(file(300))
        #expect(report.pairs[0].adjustedPValue == 1)
        #expect(report.recommendation.hasPrefix("Do not ship B on these data: no difference is shown."))
        #expect(report.recommendation.contains("values a group are needed"))
        #expect(report.pairs[0].agreement == "The tests agree: none shows a difference.")
    }

    @Test func `Groups that are not there are an error`() throws {
        let error = #expect(throws: TestInputError.self) { try report(file(50), condition: "ab_group = 'A'") }
        #expect(error?.description == "2 or more samples were expected, there is 1: A")
    }

    @Test func `The figures of describe are those of pandas`() throws {
        let description = try Description(name: "x", [1, 2, 3, 4, 10])
        #expect(description.mean == 4)
        #expect(
            [description.minimum, description.lowerQuartile, description.median, description.upperQuartile, description.maximum] == [
                1, 2, 3, 4, 10,
            ])
        #expect(try Description(name: "x", [1, 2, 3, 4]).lowerQuartile == 1.75)
    }
}
