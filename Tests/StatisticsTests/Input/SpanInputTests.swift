import Statistics
import Testing

// Raw samples may be spans or arrays: the answers are the same.
@Suite struct SpanInputTests {
    private let a = [3.5, 1.25, 4, 1, 5.5, 9, 2.75]
    private let b = [2.5, 7.25, 1.5, 8, 2, 8.5, 1.75]

    @Test func twoSamples() throws {
        let (first, second) = (a.span, b.span)
        let plan = try Resampling(count: 99, seed: 3)
        let spans: [any HypothesisTest] = [
            try WelchTTest(first, second), try StudentTTest(first, second), try YuenTTest(first, second),
            try YuenTTest(paired: first, second),
            try OneSampleTTest(paired: first, second), try MannWhitneyTest(first, second),
            try WilcoxonSignedRankTest(paired: first, second),
            try KolmogorovSmirnovTest(first, second), try PermutationTest(first, second, plan),
        ]
        let arrays: [any HypothesisTest] = [
            try WelchTTest(a, b), try StudentTTest(a, b), try YuenTTest(a, b), try YuenTTest(paired: a, b),
            try OneSampleTTest(paired: a, b),
            try MannWhitneyTest(a, b), try WilcoxonSignedRankTest(paired: a, b), try KolmogorovSmirnovTest(a, b),
            try PermutationTest(a, b, plan),
        ]
        for (x, y) in zip(spans, arrays) { #expect(x.statistic == y.statistic && x.pValue == y.pValue, "\(x.name)") }
        let bootstraps = [
            (try Bootstrap(differenceOfMeans: first, second, plan), try Bootstrap(differenceOfMeans: a, b, plan)),
            (try Bootstrap(mean: first, plan), try Bootstrap(mean: a, plan)),
        ]
        for (x, y) in bootstraps { #expect(x.replicates == y.replicates) }
    }

    @Test func oneSample() throws {
        let sample = a.span
        let spans: [any HypothesisTest] = [
            try OneSampleTTest(sample), try YuenTTest(sample), try WilcoxonSignedRankTest(sample), try ShapiroWilkTest(sample),
            try OneSampleKolmogorovSmirnovTest(sample, against: Normal.standard),
        ]
        let arrays: [any HypothesisTest] = [
            try OneSampleTTest(a), try YuenTTest(a), try WilcoxonSignedRankTest(a), try ShapiroWilkTest(a),
            try OneSampleKolmogorovSmirnovTest(a, against: Normal.standard),
        ]
        for (x, y) in zip(spans, arrays) { #expect(x.statistic == y.statistic && x.pValue == y.pValue, "\(x.name)") }
    }

    @Test func groupsInOneColumn() throws {
        let column = a + b + [1, 2, 3]
        let (values, sizes, groups) = (column.span, [7, 7, 3], [a, b, [1, 2, 3]])
        let spans: [any HypothesisTest] = [
            try AnalysisOfVariance(values, sizes: sizes), try WelchAnalysisOfVariance(values, sizes: sizes),
            try BartlettTest(values, sizes: sizes),
            try KruskalWallisTest(values, sizes: sizes), try LeveneTest(values, sizes: sizes),
            try LeveneTest(values, sizes: sizes, center: .mean),
        ]
        let arrays: [any HypothesisTest] = [
            try AnalysisOfVariance(groups), try WelchAnalysisOfVariance(groups), try BartlettTest(groups), try KruskalWallisTest(groups),
            try LeveneTest(groups), try LeveneTest(groups, center: .mean),
        ]
        for (x, y) in zip(spans, arrays) { #expect(x.statistic == y.statistic && x.pValue == y.pValue, "\(x.name)") }
    }

    @Test func sizesThatDoNotFitAreNamed() {
        func ask(_ sizes: [Int]) throws {
            let column = a
            _ = try KruskalWallisTest(column.span, sizes: sizes)
        }
        #expect(throws: StatisticsError.countMismatch(argument: "values", count: 7, expected: 5)) { try ask([2, 3]) }
        #expect(throws: StatisticsError.countMismatch(argument: "values", count: 7, expected: 9)) { try ask([4, 5]) }
        #expect(throws: StatisticsError.outOfRange(argument: "sizes[1]", value: -1, expected: "a count that is not negative")) {
            try ask([3, -1, 5])
        }
        #expect(throws: StatisticsError.empty(argument: "groups[1]")) { try ask([7, 0]) }
        #expect(throws: StatisticsError.tooFew(argument: "groups", count: 1, needed: 2)) { try ask([7]) }
    }
}
