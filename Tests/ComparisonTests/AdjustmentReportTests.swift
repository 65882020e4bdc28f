import Comparison
import Statistics
import Testing

@Suite struct AdjustmentReportTests {
    @Test(arguments: Adjustment.allCases)
    func `P-values are adjusted and those that count are named`(method: Adjustment) throws {
        let named = [("a", 0.01), ("b", 0.02), ("c", 0.3)]
        let report = try AdjustmentReport(method, named.map { (name: $0.0, p: $0.1) }, level: 0.95)
        #expect(report.comparisons.map(\.adjusted) == (try method.adjust(named.map(\.1))))
        #expect(report.comparisons.map(\.isShown) == (try method.rejections(named.map(\.1))))
        for row in report.comparisons where row.isShown { #expect(report.conclusion.contains(row.name)) }
        #expect(report.text(width: 100).contains("p adjusted"))
    }

    @Test func `A p-value at the significance counts, whatever its rounding`() throws {
        let report = try AdjustmentReport(.none, [(name: "a", p: 0.05)], level: 0.95)
        #expect(report.comparisons[0].isShown)
    }
}
