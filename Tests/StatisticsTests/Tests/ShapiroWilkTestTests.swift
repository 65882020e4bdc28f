import SeededRandom
import Statistics
import Testing

@Suite struct ShapiroWilkTestTests {
    @Test(arguments: Array(References.pairs.indices))
    func agreesWithSciPy(_ pair: Int) throws {
        let reference = References.pairs[pair]
        for sample in ["a", "b"] {
            let test = try ShapiroWilkTest(reference[sample].doubles)
            #expect(close(test.statistic, reference["shapiro/\(sample)"][0].double, 1e-7))
            #expect(close(test.pValue, reference["shapiro/\(sample)"][1].double, 1e-5))
        }
    }

    @Test(.enabled(if: Fixture.hasOracles))
    func agreesWithTheGoldenSamples() throws {
        for sample in References.golden["samples"].array {
            for (key, values) in [("shapiro/a", sample["a"].doubles), ("shapiro/b", sample["b"].doubles)] {
                guard (3...5000).contains(values.count), !sample[key][1].double.isNaN, let test = try? ShapiroWilkTest(values) else {
                    continue
                }
                #expect(close(test.statistic, sample[key][0].double, 1e-6), "\(sample["name"].text)")
                #expect(close(test.pValue, sample[key][1].double, 1e-4, absolute: 1e-8), "\(sample["name"].text)")
            }
        }
    }

    @Test func rejectsSkewAndKeepsTheBell() throws {
        var generator = Generator(seed: 8)
        #expect(try ShapiroWilkTest(generator.sample(5000) { $0.normal() }).pValue > 0.001)
        #expect(try ShapiroWilkTest(generator.sample(300) { $0.exponential() }).pValue < 1e-12)
        #expect(try ShapiroWilkTest([1, 2, 3]).statistic > 0.999_999)
    }

    @Test func theSampleMustHaveThreeToFiveThousandValuesThatVary() {
        #expect(throws: StatisticsError.tooFew(argument: "sample", count: 2, needed: 3)) { try ShapiroWilkTest([1, 2]) }
        #expect(throws: StatisticsError.tooMany(argument: "sample", count: 5001, limit: 5000)) {
            try ShapiroWilkTest((0...5000).map(Double.init))
        }
        #expect(throws: StatisticsError.noVariance(argument: "sample")) { try ShapiroWilkTest([1, 1, 1]) }
    }
}
