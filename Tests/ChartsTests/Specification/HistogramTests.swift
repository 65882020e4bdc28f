import Charts
import Testing

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

    @Test func `Values that are all equal are no histogram`() {
        #expect(Histogram(variants: ["a"], values: [[2, 2, 2]]) == nil)
        #expect(Histogram(variants: [], values: []) == nil)
    }

    @Test(arguments: [[-1e308, 0, 1e308], [0, 0, .leastNonzeroMagnitude], [-1.7e308, 1.7e308], [0, .leastNormalMagnitude]])
    func `Values too far apart or too near to be divided are no histogram either`(_ values: [Double]) {
        #expect(Histogram(variants: ["a", "b"], values: [values, [0, 0]]) == nil)
    }
}
