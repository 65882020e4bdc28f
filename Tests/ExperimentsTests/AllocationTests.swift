import Experiments
import Testing

@Suite struct AllocationTests {
    @Test func `weights are relative and shares are exact`() throws {
        let thirds = try allocation(["r": 33.3, "g": 33.3, "b": 33.3])
        #expect(thirds.blockSize == 3)
        #expect(thirds.share(of: 0) == 1.0 / 3)
        let prices = try allocation(["10": 75, "20": 10, "50": 5, "5": 10])
        #expect(prices.blockSize == 20)
        #expect((0..<4).map(prices.share) == [0.75, 0.1, 0.05, 0.1])
    }

    @Test func `two to a hundred variants are allowed`() throws {
        let variants = { (count: Int) in (0..<count).map { Variant("v\($0)", weight: 1) } }
        #expect(throws: ExperimentError.variantCount(1)) { try Allocation(variants(1)) }
        #expect(throws: ExperimentError.variantCount(101)) { try Allocation(variants(101)) }
        #expect(try Allocation(variants(2)).blockSize == 2)
        #expect(try Allocation(variants(100)).blockSize == 100)
    }

    @Test(arguments: [0, -1, .nan, .infinity] as [Double])
    func `a weight that is not positive and finite is refused by name`(_ weight: Double) {
        #expect { try allocation(["a": 1, "b": weight]) } throws: { error in
            guard case .invalidWeight(value: "b", _)? = error as? ExperimentError else { return false }
            return true
        }
    }

    @Test(arguments: [(0, "0"), (-1, "-1"), (-2.5, "-2.5")] as [(Double, String)])
    func `a refused weight is told as it was written`(_ weight: Double, _ text: String) {
        let error = ExperimentError.invalidWeight(value: "b", weight: weight)
        #expect(error.description.hasPrefix("The weight \(text) of 'b' must be a positive, finite number."))
        #expect(ExperimentError.holdoutShare(weight).description.hasSuffix("; \(text) is not."))
    }

    @Test(arguments: ["", "tab\t", "line\nfeed", String(repeating: "x", count: 1025)])
    func `a value that is empty, long or has control characters is refused`(_ value: String) {
        #expect(throws: ExperimentError.invalidValue(index: 1)) { try Allocation([Variant("a", weight: 1), Variant(value, weight: 1)]) }
    }

    @Test func `values name variants, so they differ`() {
        #expect(throws: ExperimentError.duplicateValue("a")) { try allocation(["a": 1, "a": 2]) }
    }

    @Test func `weights too fine for a block are refused with the size they would need`() {
        #expect(throws: ExperimentError.weightsTooFine(blockSize: 1_000_001, limit: 100_000)) { try allocation(["a": 1_000_000, "b": 1]) }
    }
}
