import SeededRandom
import Statistics
import Testing

@Suite struct CUPEDTests {
    static let reference = References.estimators["adjustment"]

    static func moments(_ side: JSON) throws -> CoMoments {
        try CoMoments([side["outcome"].doubles] + side["covariates"].array.map(\.doubles))
    }

    @Test func slopesAndMeansAreThoseOfNumPy() throws {
        let expected = Self.reference["cuped"]
        let cuped = try CUPED(treatment: Self.moments(Self.reference["treatment"]), control: Self.moments(Self.reference["control"]))
        #expect(close(cuped.slopes, expected["slopes"].doubles, 1e-13))
        #expect(close(cuped.variants.map(\.mean), expected["means"].doubles, 1e-13))
        #expect(close(cuped.variants.map(\.variance), expected["variances"].doubles, 1e-12))
        #expect(cuped.varianceReduction > 0.2 && cuped.varianceReduction < 1)
        #expect(close(try cuped.effect().estimate, expected["means"][1].double - expected["means"][0].double, 1e-12))
    }

    @Test func withinVariantsItIsTheRegressionOnTheVariant() throws {
        let expected = Self.reference["ancova"]
        let cuped = try CUPED(
            treatment: Self.moments(Self.reference["treatment"]), control: Self.moments(Self.reference["control"]), slopes: .withinVariants)
        #expect(close(cuped.slopes, expected["slopes"].doubles, 1e-12))
        #expect(close(try cuped.effect().estimate, expected["effect"].double, 1e-12))
    }

    @Test func aConstantAddedToACovariateChangesNothing() throws {
        var generator = Generator(seed: 12)
        func variant(_ shift: Double) throws -> ([Double], [Double]) {
            let x = generator.sample(200) { $0.normal() }
            return (x.map { $0 + generator.normal() + shift }, x)
        }
        let (a, b) = (try variant(0.2), try variant(0))
        let plain = try CUPED(treatment: CoMoments([a.0, a.1]), control: CoMoments([b.0, b.1])).effect()
        let moved = try CUPED(
            treatment: CoMoments([a.0.map { 3 * $0 }, a.1.map { 1000 - 7 * $0 }]),
            control: CoMoments([b.0.map { 3 * $0 }, b.1.map { 1000 - 7 * $0 }])
        ).effect()
        #expect(close(moved.statistic, plain.statistic, 1e-10))
        #expect(close(moved.estimate, 3 * plain.estimate, 1e-10))
        let swapped = try CUPED(treatment: CoMoments([b.0, b.1]), control: CoMoments([a.0, a.1])).effect()
        #expect(close(swapped.statistic, -plain.statistic, 1e-12))
    }

    @Test func partsMergeIntoTheWhole() throws {
        let side = Self.reference["treatment"]
        let columns = [side["outcome"].doubles] + side["covariates"].array.map(\.doubles)
        var merged = try CoMoments(columns.map { Array($0[..<17]) })
        merged.merge(try CoMoments(columns.map { Array($0[17...]) }))
        let control = try Self.moments(Self.reference["control"])
        let (parts, whole) = (try CUPED(treatment: merged, control: control), try CUPED(treatment: CoMoments(columns), control: control))
        #expect(close(parts.slopes, whole.slopes, 1e-12))
        #expect(close(try parts.effect().statistic, try whole.effect().statistic, 1e-12))
    }

    // The ratio of a column to a constant is the mean of the column.
    @Test func aRatioToOneIsAMean() throws {
        let columns: [[Double]] = [[1, 4, 2, 8, 5], [1, 1, 1, 1, 1], [3, 1, 4, 1, 5]]
        let moments = try CoMoments(columns)
        let ratio = try moments.summary(of: .ratio(of: 0, to: 1))
        #expect(ratio.mean == 4 && close(ratio.variance, moments.covariance(0, 0), 1e-15))
        let plain = try CUPED(variants: [moments], covariates: [.mean(of: 2)])
        let ratios = try CUPED(variants: [moments], outcome: .ratio(of: 0, to: 1), covariates: [.ratio(of: 2, to: 1)])
        #expect(close(plain.slopes, ratios.slopes, 1e-14))
        #expect(close(plain.variants[0].variance, ratios.variants[0].variance, 1e-14))
    }

    @Test func badCovariatesAreNamed() throws {
        let x: [Double] = [1, 2, 4, 8, 16, 5]
        let y: [Double] = [2, 1, 4, 3, 6, 5]
        let same = try CoMoments([y, x, x.map { 0.1 * $0 + 3 }])
        #expect(throws: StatisticsError.collinear(argument: "covariates[1]")) { try CUPED(treatment: same, control: same) }
        let constant = try CoMoments([y, [3, 3, 3, 3, 3, 3]])
        #expect(throws: StatisticsError.noVariance(argument: "covariates[0]")) { try CUPED(treatment: constant, control: constant) }
        let alone = try CoMoments([y])
        #expect(throws: StatisticsError.empty(argument: "covariates")) { try CUPED(treatment: alone, control: alone) }
        #expect(throws: StatisticsError.empty(argument: "variants")) { try CUPED(variants: []) }
        #expect(throws: StatisticsError.countMismatch(argument: "variants[1]", count: 1, expected: 3)) {
            try CUPED(variants: [same, alone])
        }
        #expect(throws: StatisticsError.outOfRange(argument: "measures[0]", value: 7, expected: "a column below 3")) {
            try CUPED(variants: [same], outcome: .mean(of: 7))
        }
        let zero = try CoMoments([y, [1, -1, 1, -1, 1, -1]])
        #expect(throws: StatisticsError.outOfRange(argument: "mean of column 1", value: 0, expected: "a denominator other than zero")) {
            try zero.summary(of: .ratio(of: 0, to: 1))
        }
        #expect(throws: StatisticsError.empty(argument: "units")) { try CoMoments(columns: 2).summary(of: .mean(of: 0)) }
        #expect(throws: StatisticsError.self) { try CUPED(variants: [CoMoments([y, x])]).effect(of: 3) }
    }

    // Covariates that foretell half of the variance, and an effect of 0.3: the interval still covers it, and is shorter.
    @Test func intervalsCoverTheEffect() throws {
        var generator = Generator(seed: 2013)
        var covered = 0
        var shorter = 0
        for _ in 0..<300 {
            func variant(_ effect: Double) throws -> CoMoments {
                let x = generator.sample(100) { $0.exponential() }
                return try CoMoments([x.map { $0 + effect + generator.normal() }, x])
            }
            let (treatment, control) = (try variant(0.3), try variant(0))
            let adjusted = try CUPED(treatment: treatment, control: control).effect()
            if try adjusted.confidenceInterval(level: 0.9).contains(0.3) { covered += 1 }
            if try adjusted.standardError < Effect(treatment: treatment.summary(0), control: control.summary(0)).standardError {
                shorter += 1
            }
        }
        #expect(try isCoverage(covered, of: 300, level: 0.9))
        #expect(shorter == 300)
    }

    // Whatever is common to all that is counted: the delta method's variance is that of what is beyond it.
    @Test(arguments: [0, 1e4, 1e8, 1e12]) func `A ratio above a multiple loses nothing to it`(_ common: Double) throws {
        let orders = (0..<200).map { Double($0 * 31 % 5 + 1) }
        let rests = orders.enumerated().map { index, count in count * Double(index * 37 % 16) / 8 }
        let plain = try CoMoments([rests, orders]).summary(of: .ratio(of: 0, to: 1))
        let revenue = zip(rests, orders).map { $0 + common * $1 }
        let base = CoMoments.base(ofRatio: revenue, to: orders)
        #expect(abs(base - common - plain.mean) < 1e-15 * common + 1e-12)
        let beyond = zip(revenue, orders).map { $0 - common * $1 }
        let summary = try CoMoments([beyond, orders]).summary(of: .ratio(of: 0, to: 1, above: common))
        #expect(close(summary.mean, common + plain.mean, 1e-15) && close(summary.variance, plain.variance, 1e-12))
    }

    @Test func `What is the same multiple for everybody does not vary`() throws {
        let orders = (0..<100_000).map { Double($0 * 31 % 17 + 1) }
        let constant = try CoMoments([orders.map { 19.99 * $0 }, orders]).summary(of: .ratio(of: 0, to: 1))
        #expect(close(constant.mean, 19.99, 1e-13) && constant.variance == 0)
        let nothing = try CoMoments([orders.map { -19.99 * $0 }, orders]).summary(of: .ratio(of: 0, to: 1, above: 19.99))
        #expect(nothing.mean == 0 && nothing.variance == 0)
    }
}
