import Charts
import Testing
import Text

@Suite struct HistogramTests {
    @Test func `Every unit is in one bar, and shares are those of its variant`() throws {
        let histogram = try #require(Histogram(variants: ["a", "b"], values: [[0, 1, 2, 3], [3, 3]]))
        for variant in ["a", "b"] {
            #expect(abs(histogram.bars.filter { $0.variant == variant }.reduce(0) { $0 + $1.share } - 1) < 1e-12)
        }
        #expect(histogram.bars.last { $0.variant == "b" }?.share == 1)
        #expect(histogram.bars.map(\.low).min() == 0 && histogram.bars.map(\.high).max() == 3)
    }

    @Test func `A few values far out do not flatten the rest`() throws {
        let values = (0..<1000).map(Double.init) + [1e6]
        let histogram = try #require(Histogram(variants: ["a"], values: [values]))
        #expect((histogram.bars.map(\.high).max() ?? 0) < 1001)
        #expect(abs(histogram.bars.reduce(0) { $0 + $1.share } - 1) < 1e-9)
    }

    @Test func `The last row of what is folded in says so, in the table and where one points`() throws {
        // Of 1,003 values in order the 992nd is 989, which is where the steps end: each of the 24 is 41.208 wide.
        let folded = Chart.spread(
            "s", try #require(Histogram(variants: ["a", "b"], values: [(0..<1000).map(Double.init) + [1e6], [5, 7]])))
        #expect(folded.head == ["", "values", "share of units"])
        #expect(folded.head.indices.map(folded.isOfNumbers) == [false, false, true])
        for (variant, last) in [("a", 23), ("b", 47)] {
            #expect(folded.cells[last][..<2] == [variant, "947.8 or more"])
            #expect(folded.cells[last - 1][..<2] == [variant, "906.6 to 947.8"])
            #expect(folded.told[last].hasPrefix("\(variant)\nvalues: 947.8 or more\n"))
        }
        #expect(folded.cells.count { $0[1].hasSuffix("or more") } == 2)
        // Where nothing is folded in, the last row ends where the values do.
        let whole = Chart.spread("s", try #require(Histogram(variants: ["a"], values: [[0, 24]])))
        #expect(whole.cells.last == ["a", "23 to 24", "50 %"])
        #expect(whole.specification().description.contains("\"low\":23.0,\"high\":24.0"))
    }

    @Test func `Values that are all equal are no histogram`() {
        #expect(Histogram(variants: ["a"], values: [[2, 2, 2]]) == nil)
        #expect(Histogram(variants: [], values: []) == nil)
    }

    @Test(arguments: [[-1e308, 0, 1e308], [0, 0, .leastNonzeroMagnitude], [-1.7e308, 1.7e308], [0, .leastNormalMagnitude]])
    func `Values too far apart or too near to be divided are no histogram either`(_ values: [Double]) {
        #expect(Histogram(variants: ["a", "b"], values: [values, [0, 0]]) == nil)
    }
}
