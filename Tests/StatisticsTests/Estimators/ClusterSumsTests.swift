import Statistics
import Testing

@Suite struct ClusterSumsTests {
    @Test func theStandardErrorIsStatsmodelsClusterRobustOne() throws {
        let reference = References.estimators["clustered"]
        let estimate = try ClusterSums(reference["values"].doubles, clusters: reference["clusters"].ints).estimate()
        #expect(close(estimate.value, reference["mean"].double, 1e-14))
        #expect(close(estimate.standardError, reference["error"].double, 1e-12))
        #expect(estimate.degreesOfFreedom == 24)
    }

    @Test func clustersOfOneAreUnits() throws {
        let values: [Double] = [3, 1, 4, 1, 5, 9]
        let estimate = try ClusterSums(values, clusters: [10, 20, 30, 40, 50, 60]).estimate()
        let plain = try Estimate(Summary(values))
        #expect(close(estimate.value, plain.value, 1e-15) && close(estimate.standardError, plain.standardError, 1e-15))
    }

    @Test func mergingClustersOfTwoHalvesIsTheWhole() throws {
        let values: [Double] = [3, 1, 4, 1, 5, 9, 2, 6]
        let clusters = [1, 1, 2, 2, 3, 3, 3, 4]
        let whole = try ClusterSums(values, clusters: clusters).moments
        var merged = try ClusterSums(Array(values[..<4]), clusters: Array(clusters[..<4])).moments
        merged.merge(try ClusterSums(Array(values[4...]), clusters: Array(clusters[4...])).moments)
        #expect(close(merged.covariance(0, 1), whole.covariance(0, 1), 1e-14))
    }

    @Test func badInputIsNamed() {
        #expect(throws: StatisticsError.countMismatch(argument: "clusters", count: 1, expected: 2)) {
            try ClusterSums([1, 2], clusters: [1])
        }
        #expect(throws: StatisticsError.tooFew(argument: "clusters", count: 1, needed: 2)) { try ClusterSums([1, 2], clusters: [7, 7]) }
        #expect(throws: StatisticsError.notANumber(argument: "values", index: 0)) { try ClusterSums([.nan, 2], clusters: [1, 2]) }
    }
}
