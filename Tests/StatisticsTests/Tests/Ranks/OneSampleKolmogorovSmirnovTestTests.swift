import Statistics
import Testing

@Suite struct OneSampleKolmogorovSmirnovTestTests {
    @Test(arguments: Array(References.pairs.indices), Alternative.allCases)
    func agreesWithSciPy(pair: Int, side: Alternative) throws {
        let reference = References.pairs[pair]
        let law = try Normal(mean: reference["law"][0].double, standardDeviation: reference["law"][1].double)
        let test = try OneSampleKolmogorovSmirnovTest(reference["a"].doubles, against: law)
        // SciPy's sides are those of the distribution functions: the lower function has the greater values.
        let expected = reference["ks one-sample/\(side.mirrored.rawValue)"].doubles
        #expect(close(test.statistic(side), expected[0], 1e-12))
        // Beyond 140 values SciPy turns to an approximation of five or six digits, where this is still exact.
        #expect(close(test.pValue(side), expected[1], side == .twoSided && reference["a"].array.count > 140 ? 1e-4 : 1e-9))
    }

    // P(D ≥ d) of one or two values by hand, and Kolmogorov's own table (Massey 1951): 0.410 for ten values at 5 %.
    @Test func smallSamplesComeOutByHand() throws {
        let uniform = try Beta(alpha: 1, beta: 1)
        #expect(close(try OneSampleKolmogorovSmirnovTest([0.3], against: uniform).pValue, 0.6, 1e-14))
        #expect(close(try OneSampleKolmogorovSmirnovTest([0.3], against: uniform).pValue(.less), 0.3, 1e-14))
        // The largest of ten lies 0.41 below one, the others nearer.
        let slope = 0.59 / 9
        let ten: [Double] = (0..<10).map { slope * Double($0) }
        let p = try OneSampleKolmogorovSmirnovTest(ten, against: uniform).pValue
        #expect(abs(p - 0.05) < 0.001)
    }

    @Test(arguments: [1_990, 2_010, 4_990, 5_010])
    func theMethodsMeetWhereOneTakesOverFromTheOther(_ count: Int) throws {
        // The quantiles of a normal law, moved a little: distances from a third to two over the root of n.
        for shift in [0.01, 0.02, 0.04, 0.08] {
            let p = try [count, count + 20].map { n in
                let moved = shift * (2_000 / Double(count)).squareRoot()
                let sample = try (0..<n).map { try Normal.standard.quantile((Double($0) + 0.5) / Double(n)) + moved }
                return try OneSampleKolmogorovSmirnovTest(sample, against: Normal.standard).pValue
            }
            #expect(abs(p[0] - p[1]) < 0.02 && p[0] > 0 && p[0] <= 1, "\(p)")
        }
    }

    @Test func longSamplesFollowTheLimit() throws {
        let sample = try (0..<150_000).map { try Normal.standard.quantile((Double($0) + 0.5) / 150_000) + 0.01 }
        let test = try OneSampleKolmogorovSmirnovTest(sample, against: Normal.standard)
        let z = test.statistic * 150_000.0.squareRoot()
        #expect(close(test.pValue(.greater), (-2 * z * z).exponential, 0.02))
        #expect(close(test.pValue, 2 * (-2 * z * z).exponential, 0.02))
        #expect(test.pValue(.less) > 0.9)
    }

    @Test func badInputIsNamed() {
        #expect(throws: StatisticsError.empty(argument: "sample")) { try OneSampleKolmogorovSmirnovTest([], against: Normal.standard) }
        #expect(throws: StatisticsError.notANumber(argument: "sample", index: 1)) {
            try OneSampleKolmogorovSmirnovTest([1, .nan], against: Normal.standard)
        }
    }
}
