import SeededRandom
import Statistics
import Testing

@Suite struct LinRegressionTests {
    static let reference = References.estimators["adjustment"]

    static func rows(_ side: String) -> LinRegression.Rows {
        LinRegression.Rows(outcome: reference[side]["outcome"].doubles, covariates: reference[side]["covariates"].array.map(\.doubles))
    }

    @Test func itIsTheInteractedRegressionOfStatsmodels() throws {
        let expected = Self.reference["lin"]
        let lin = try LinRegression(treatment: Self.rows("treatment"), control: Self.rows("control"))
        let effect = try lin.effect()
        #expect(close(effect.estimate, expected["effect"].double, 1e-12))
        #expect(close(effect.standardError, expected["hc2"].double, 1e-12))
        #expect(close(lin.control.value, expected["control"].double, 1e-12))
        #expect(close(lin.control.standardError, expected["controlHC2"].double, 1e-12))
        #expect(close(lin.controlSlopes, expected["slopes"].doubles, 1e-12))
        let careful = try LinRegression(treatment: Self.rows("treatment"), control: Self.rows("control"), errors: .hc3).effect()
        #expect(close(careful.standardError, expected["hc3"].double, 1e-12))
    }

    @Test func coMomentsGiveTheSameEstimate() throws {
        let sides = try ["treatment", "control"].map { try CUPEDTests.moments(Self.reference[$0]) }
        let raw = try LinRegression(treatment: Self.rows("treatment"), control: Self.rows("control"), errors: .equalVariances)
        let summarised = try LinRegression(treatment: sides[0], control: sides[1])
        for (a, b) in [(raw.treatment, summarised.treatment), (raw.control, summarised.control)] {
            #expect(close(a.value, b.value, 1e-12))
            #expect(close(a.standardError, b.standardError, 1e-11))
            #expect(a.degreesOfFreedom == b.degreesOfFreedom)
        }
        #expect(close(raw.treatmentSlopes, summarised.treatmentSlopes, 1e-11))
    }

    @Test func withoutCovariatesItIsWelchsTest() throws {
        let (a, b): ([Double], [Double]) = ([1, 5, 2, 8, 3], [2, 3, 1, 4])
        let lin = try LinRegression(treatment: .init(outcome: a, covariates: []), control: .init(outcome: b, covariates: [])).effect()
        let welch = try WelchTTest(a, b)
        #expect(close(lin.statistic, welch.statistic, 1e-14) && close(lin.pValue, welch.pValue, 1e-13))
        let moments = try LinRegression(treatment: CoMoments([a]), control: CoMoments([b])).effect()
        #expect(close(moments.pValue, welch.pValue, 1e-13))
    }

    // A covariate that is a copy of the outcome leaves nothing but last digits.
    @Test func aCopyOfTheOutcomeLeavesNothing() throws {
        let (a, b) = ([0.1, 0.3, 0.4, 0.6, 0.9, 0.2, 0.7], [0.2, 0.3, 0.5, 0.6, 0.8, 0.2, 0.7])
        for factor in [1, 3, 0.7] {
            let (x, y) = (a.map { factor * $0 }, b.map { factor * $0 })
            let rows = try LinRegression(treatment: .init(outcome: a, covariates: [x]), control: .init(outcome: b, covariates: [y]))
            #expect(throws: StatisticsError.noVariance(argument: "treatment and control")) { try rows.effect() }
            let (treatment, control) = (try CoMoments([a, x]), try CoMoments([b, y]))
            #expect(throws: StatisticsError.noVariance(argument: "treatment and control")) {
                try LinRegression(treatment: treatment, control: control).effect()
            }
            #expect(throws: StatisticsError.noVariance(argument: "treatment and control")) {
                try CUPED(treatment: treatment, control: control).effect()
            }
        }
    }

    @Test func swappingTheVariantsFlipsTheSign() throws {
        let there = try LinRegression(treatment: Self.rows("treatment"), control: Self.rows("control")).effect()
        let back = try LinRegression(treatment: Self.rows("control"), control: Self.rows("treatment")).effect()
        #expect(close(there.statistic, -back.statistic, 1e-13))
    }

    @Test func badRowsAreNamed() {
        let good = LinRegression.Rows(outcome: [1, 2, 4, 3, 5], covariates: [[1, 3, 2, 5, 4]])
        func adjust(_ outcome: [Double], _ covariates: [[Double]]) throws {
            _ = try LinRegression(treatment: .init(outcome: outcome, covariates: covariates), control: good)
        }
        #expect(throws: StatisticsError.collinear(argument: "treatment.covariates[0]")) { try adjust([1, 2, 3, 5], [[4, 4, 4, 4]]) }
        #expect(throws: StatisticsError.notANumber(argument: "treatment.covariates[0]", index: 2)) {
            try adjust([1, 2, 3, 5], [[4, 1, .nan, 4]])
        }
        #expect(throws: StatisticsError.infinite(argument: "treatment.outcome", index: 0)) {
            try adjust([.infinity, 2, 3, 5], [[4, 1, 2, 4]])
        }
        #expect(throws: StatisticsError.tooFew(argument: "treatment.outcome", count: 2, needed: 3)) { try adjust([1, 2], [[4, 1]]) }
        #expect(throws: StatisticsError.countMismatch(argument: "treatment.covariates", count: 0, expected: 1)) { try adjust([1, 2], []) }
        #expect(throws: StatisticsError.countMismatch(argument: "treatment.covariates[0]", count: 1, expected: 2)) {
            try adjust([1, 2], [[1]])
        }
    }

    // Effects that grow with the covariate, variances that differ, three units to one: where plain regression would go wrong.
    @Test func intervalsCoverTheEffect() throws {
        var generator = Generator(seed: 2014)
        var covered = 0
        for _ in 0..<200 {
            func rows(_ count: Int, _ effect: Double, _ slope: Double) -> LinRegression.Rows {
                let x = generator.sample(count) { $0.normal() }
                return .init(outcome: x.map { effect + slope * $0 + (1 + effect) * generator.normal() }, covariates: [x])
            }
            let effect = try LinRegression(treatment: rows(30, 1, 2), control: rows(90, 0, 1)).effect()
            // The interval is for the effect on these very units, whose covariates average a little beside zero.
            if try effect.confidenceInterval(level: 0.9).contains(1) { covered += 1 }
        }
        #expect(try isCoverage(covered, of: 200, level: 0.9))
    }
}
