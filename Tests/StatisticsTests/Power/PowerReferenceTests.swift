import Foundation
import Statistics
import Testing

/// Power, sizes and detectable effects against statsmodels, R's pwr and the worked example of a product team.
@Suite struct PowerReferenceTests {
    static let fixture: JSON = (try? Fixture.committed("power")) ?? .null
    static let cases = fixture["cases"].array

    static func analysis(_ kind: String, _ significance: Double, _ alternative: String, _ ratio: Double) throws -> any PowerAnalysis {
        let side = Alternative(statsmodels: alternative)
        let ratio = ratio == 0 || kind == "one-sample t" ? .infinity : ratio
        return kind == "normal"
            ? try NormalPower(significance: significance, alternative: side, ratio: ratio)
            : try TTestPower(significance: significance, alternative: side, ratio: ratio)
    }

    @Test func theFixtureIsThere() {
        #expect(Self.cases.count == 185)
        #expect(
            Self.fixture["h"].array.count == 4 && Self.fixture["proportions"].array.count == 12 && Self.fixture["ranks"].array.count == 4)
    }

    @Test(arguments: cases.indices)
    func standardisedEffectsAgreeWithStatsmodels(_ index: Int) throws {
        let c = Self.cases[index]
        let test = try Self.analysis(c["kind"].text, c["significance"].double, c["alternative"].text, c["ratio"].double)
        let (effect, power, size) = (c["effect"].double, c["power"].double, c["size"].double)
        #expect(close(try test.power(effect: effect, size: size), power, 1e-9))
        #expect(close(try test.size(effect: effect, power: power), size, 1e-9))
        #expect(close(try test.detectableEffect(size: size, power: power), effect, 1e-9))
        if !c["powerAt50"].isNull { #expect(close(try test.power(effect: effect, size: 50), c["powerAt50"].double, 1e-9)) }
    }

    @Test func cohensHIsTheArcsineShift() throws {
        for c in Self.fixture["h"].array {
            let (a, b) = (c["a"].double, c["b"].double)
            let byProportions = try ProportionsPower(baseline: a).size(effect: b - a, power: 0.8)
            let byEffect = try NormalPower().size(effect: c["h"].double, power: 0.8)
            #expect(close(byProportions, byEffect, 1e-11))
        }
    }

    @Test func zTestsOfProportionsAgreeWithStatsmodels() throws {
        for c in Self.fixture["proportions"].array {
            let ratio = c["ratio"].double
            let test = try ProportionsPower(baseline: c["baseline"].double, method: .pooled, ratio: ratio)
            #expect(close(try test.power(effect: c["lift"].double, size: 4000 / ratio), c["powerAt4000"].double, 1e-11))
            guard !c["secondSize"].isNull else { continue }
            let sided = try ProportionsPower(
                baseline: c["baseline"].double, method: .pooled, significance: 0.025, alternative: .greater, ratio: ratio)
            #expect(close(try sided.size(effect: c["lift"].double, power: 0.9) * ratio, c["secondSize"].double, 1e-12))
        }
    }

    @Test func ranksAgreeWithTheMethodOfHappBathkeAndBrunner() throws {
        let (placebo, halved) = (Self.fixture["placebo"].doubles, Self.fixture["halved"].doubles)
        for c in Self.fixture["ranks"].array {
            let test = try MannWhitneyPower(
                first: placebo, second: halved, alternative: Alternative(statsmodels: c["alternative"].text),
                ratio: 1 / c["referenceOverTreatment"].double)
            let effect = try #require(test.pilotEffect)
            #expect(close(effect, c["effect"].double, 1e-13))
            #expect(close(try test.size(effect: effect, power: 0.9), c["reference"].double, 1e-7))
        }
    }

    @Test func chiSquareAndVarianceAgreeWithStatsmodels() throws {
        for c in Self.fixture["chisquare"].array {
            let test = try ChiSquarePower(degreesOfFreedom: c["degreesOfFreedom"].int, significance: c["significance"].double)
            let (effect, size, power) = (c["effect"].double, c["size"].double, c["power"].double)
            #expect(close(try test.power(effect: effect, size: size), power, 1e-10))
            #expect(close(try test.size(effect: effect, power: power), size, 1e-9))
            #expect(close(try test.detectableEffect(size: size, power: power), effect, 1e-9))
        }
        for c in Self.fixture["anova"].array {
            let test = try AnalysisOfVariancePower(groups: c["groups"].int, significance: c["significance"].double)
            let (effect, size, power) = (c["effect"].double, c["size"].double, c["power"].double)
            #expect(close(try test.power(effect: effect, size: size), power, 1e-9))
            #expect(close(try test.size(effect: effect, power: power), size, 1e-8))
            #expect(close(try test.detectableEffect(size: size, power: power), effect, 1e-8))
        }
        #expect(Self.fixture["chisquare"].array.count == 4 && Self.fixture["anova"].array.count == 5)
    }

    @Test func equivalenceAgreesWithTheNormalLaw() throws {
        #expect(Self.fixture["equivalence"].array.count == 3)
        for c in Self.fixture["equivalence"].array {
            let test = try EquivalencePower(
                standardDeviation: c["deviation"].double, lowerMargin: c["lower"].double, upperMargin: c["upper"].double,
                significance: c["significance"].double, ratio: c["ratio"].double)
            let (effect, size, power) = (c["effect"].double, c["size"].double, c["power"].double)
            #expect(close(try test.power(effect: effect, size: size), power, 1e-12))
            #expect(close(try test.size(effect: effect, power: power), size, 1e-11))
        }
    }

    @Test func theWorkedExampleComesOut() throws {
        let test = try ProportionsPower(baseline: 0.05, significance: 1 - 0.97)
        let plain = try ArmsDesign(test, arms: 3, adjustment: .none).sizes(effect: 0.002, power: 0.87)
        let corrected = try ArmsDesign(test, arms: 3).sizes(effect: 0.002, power: 0.87)
        let traffic = try Traffic(perMonth: 40000)
        #expect(close(plain.sizes[0], 262946.4293358172, 1e-9))
        #expect(close(plain.days(at: traffic), 591.6294660055888, 1e-9))
        #expect(close(corrected.sizes[2], 331658.067188674, 1e-9))
    }

    @Test(.enabled(if: Fixture.hasOracles))
    func thePublishedGridOfPowersComesOut() throws {
        let grid = References.golden["power"].array
        #expect(grid.count == 168)
        for c in grid {
            let kind = c["class"].text == "NormalIndPower" ? "normal" : "t"
            let test = try Self.analysis(kind, c["alpha"].double, c["alternative"].text, c["ratio"].double)
            #expect(close(try test.size(effect: c["effect_size"].double, power: c["power"].double), c["nobs1"].double, 1e-7))
            // SciPy's noncentral t has no answer in a few places.
            if c["power_at_1000"].double.isFinite {
                #expect(close(try test.power(effect: c["effect_size"].double, size: 1000), c["power_at_1000"].double, 1e-9), "\(c)")
            }
            // statsmodels stops its search for the effect early: its own power there is off by 2e-5.
            let effect = try test.detectableEffect(size: 1000, power: c["power"].double)
            #expect(close(effect, c["effect_at_1000"].double, 3e-5))
            #expect(close(try test.power(effect: effect, size: 1000), c["power"].double, 1e-12))
        }
        for c in References.golden["samplesize_proportions_2indep_onetail"].array {
            let test = try ProportionsPower(baseline: c["p2"].double, method: .pooled, significance: 0.025, alternative: .greater)
            #expect(close(try test.size(effect: c["diff"].double, power: 0.8), c["n"].double, 1e-11))
        }
    }

    @Test(.enabled(if: Fixture.hasOracles))
    func powersOfRComeOut() throws {
        let reference: JSON = try Fixture.oracle("statsmodels/power_r_pwr.json")
        var compared = 0
        for name in reference.keys {
            let c = reference[name]
            let (words, extra) = (c["kwds"], c["kwds_extra"])
            if c["class"].text == "GofChisquarePower" {
                let test = try ChiSquarePower(degreesOfFreedom: extra["n_bins"].int - 1, significance: words["alpha"].double)
                let power = try test.power(effect: words["effect_size"].double, size: words["nobs"].double)
                #expect(close(power, words["power"].double, 1e-8), "\(name)")
                compared += 1
            } else if c["class"].text == "FTestAnovaPower" {
                let test = try AnalysisOfVariancePower(groups: extra["k_groups"].int, significance: words["alpha"].double)
                let power = try test.power(effect: words["effect_size"].double, size: words["nobs"].double / extra["k_groups"].double)
                // R printed four digits.
                #expect(close(power, words["power"].double, 1e-4), "\(name)")
                compared += 1
            }
            guard ["NormalIndPower", "TTestPower", "TTestIndPower"].contains(c["class"].text) else { continue }
            let kind = ["NormalIndPower": "normal", "TTestPower": "one-sample t", "TTestIndPower": "t"][c["class"].text] ?? ""
            let ratio = !extra["ratio"].isNull ? extra["ratio"].double : words["ratio"].isNull ? 1 : words["ratio"].double
            let test = try Self.analysis(kind, words["alpha"].double, extra["alternative"].text, ratio)
            let size = words["nobs1"].isNull ? words["nobs"].double : words["nobs1"].double
            let power = try test.power(effect: words["effect_size"].double, size: size)
            #expect(close(power, words["power"].double, 2e-9), "\(name)")
            compared += 1
        }
        #expect(compared >= 15)
    }
}
